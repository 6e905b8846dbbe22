import {
  aDuration,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
  visible,
} from '@groundcrew/ground';
import { asOf } from '@groundcrew/ground/series';
import type { DetectedRelease } from '../detect.ts';
import { planPath } from '../path/plan-path.ts';
import { supportEndOf } from '../path/support-end.ts';
import { series, title } from '../series.ts';
import type { Fleet } from './survey-fleet.ts';

export interface CalendarOptions {
  /** How long each part of an upgrade takes, for each hop. */
  readonly testing?: Duration | undefined;
  readonly planning?: Duration | undefined;
  readonly implementing?: Duration | undefined;
  readonly stabilising?: Duration | undefined;
}

/** A day by which something has to begin, or ends. */
export interface CalendarEvent {
  /** ISO date. */
  readonly day: string;
  readonly cloud: string;
  readonly what:
    | 'testing'
    | 'planning'
    | 'implementing'
    | 'stabilising'
    | 'support ends'
    | 'overdue'
    | 'unknown';
  /** In a sentence. */
  readonly because: string;
}

const calendarOptions = optionsSchema<CalendarOptions>({
  testing: aDuration.optional(),
  planning: aDuration.optional(),
  implementing: aDuration.optional(),
  stabilising: aDuration.optional(),
});

/**
 * When each cloud of a fleet has to begin at the latest, so that none runs a series that its project no longer supports: the parts of
 * an upgrade end to end, the last of which ends on the day on which support does. A cloud whose release is not known, or whose support
 * has ended, is told as such on the day of the survey.
 *
 * Only the first hop is in it: of the second the day depends on when the first was done.
 *
 * @throws InputError for an option that is not known
 * @example
 * console.log(calendarText(upgradeCalendar(fleet, { testing: '60d', implementing: '14d' })));
 */
export function upgradeCalendar(fleet: Fleet, options: CalendarOptions = {}): CalendarEvent[] {
  parseArguments('upgradeCalendar', calendarOptions, options);
  const { testing = '30d', planning = '14d', implementing = '14d', stabilising = '14d' } = options;
  const parts = { testing, planning, implementing, stabilising } as const;
  return fleet.clouds
    .flatMap(({ name, release }) => eventsOf(name, release, fleet.day, parts))
    .toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.cloud < b.cloud ? -1 : 1));
}

type Parts = Readonly<Record<'testing' | 'planning' | 'implementing' | 'stabilising', Duration>>;

function eventsOf(cloud: string, release: DetectedRelease, day: string, parts: Parts): CalendarEvent[] {
  const path = planPath(release, { day });
  if (!path.ok) {
    const [{ code, reason }] = path.refusals;
    if (code === 'already-there') return endOf(cloud, release);
    return [{ day, cloud, what: 'unknown', because: `${code}: ${reason}` }];
  }
  const [hop] = path.hops;
  const end = supportEndOf(path.from);
  if (end === undefined || end <= day)
    return [
      {
        day,
        cloud,
        what: 'overdue',
        because: `${title(path.from)} ${end === undefined ? 'gets no more releases' : `is not supported since ${end}`}; the next hop is to ${title(hop.to)}`,
      },
    ];
  const events: CalendarEvent[] = [
    { day: end, cloud, what: 'support ends', because: `of ${title(path.from)}, by the plans of ${asOf}` },
  ];
  let at = Date.parse(end);
  for (const what of ['stabilising', 'implementing', 'planning', 'testing'] as const) {
    at -= milliseconds(parts[what]);
    const begins = new Date(at).toISOString().slice(0, 10);
    events.push({
      day: begins,
      cloud,
      what,
      because: `${what} of ${title(path.from)} to ${title(hop.to)} begins at the latest${begins < day ? ': that day has passed' : ''}`,
    });
  }
  return events;
}

/** A cloud at the newest series that is kept: until when it may stay. */
function endOf(cloud: string, { candidates: [name] }: DetectedRelease): CalendarEvent[] {
  const from = series.find((row) => row.name === name);
  const end = from === undefined ? undefined : supportEndOf(from);
  return from === undefined || end === undefined
    ? []
    : [{ day: end, cloud, what: 'support ends', because: `of ${title(from)}, by the plans of ${asOf}` }];
}

/** A calendar as text, a day a line. */
export const calendarText = (events: readonly CalendarEvent[]): string =>
  events.map(({ day, cloud, what, because }) => `${day}  ${visible(cloud)}  ${what}: ${because}`).join('\n');

import { createHash } from 'node:crypto';
import {
  aDuration,
  type Duration,
  importOptional,
  milliseconds,
  optionsSchema,
  parseArguments,
  visible,
} from '@groundcrew/ground';
import { z } from 'zod';
import type { CalendarEvent } from './calendar.ts';

export interface CalendarFileOptions {
  /** What programs show as the calendar's name. @default 'Upgrades of clouds' */
  readonly name?: string | undefined;
  /** How long before its day an event reminds of itself. @default none does */
  readonly remindBefore?: Duration | undefined;
  /** When the calendar was made: milliseconds since 1970. @default the machine's clock */
  readonly now?: number | undefined;
}

const calendarFileOptions = optionsSchema<CalendarFileOptions>({
  name: z.string().min(1).optional(),
  remindBefore: aDuration.optional(),
  now: z.number().optional(),
});

const theEvents = z.object({
  events: z.array(
    z.looseObject({
      day: z.iso.date(),
      cloud: z.string(),
      what: z.string(),
      because: z.string(),
    }),
  ),
});

/**
 * A calendar as a file of iCalendar (RFC 5545), for programs that subscribe to one: an event of a whole day for each. An event keeps its
 * identity when its day moves, so that who has the calendar already sees it move, and not twice. Wants `ical-generator`, an optional
 * peer dependency.
 *
 * @throws MissingPackageError without `ical-generator`; InputError naming the field
 * @example await writeFile('upgrades.ics', await calendarFile(upgradeCalendar(fleet), { remindBefore: '14d' }));
 */
export async function calendarFile(
  events: readonly CalendarEvent[],
  options: CalendarFileOptions = {},
): Promise<string> {
  parseArguments('calendarFile', calendarFileOptions, options);
  parseArguments('calendarFile', theEvents, { events });
  const { name = 'Upgrades of clouds', remindBefore, now = Date.now() } = options;
  const { ICalAlarmType, ICalCalendar } = await importOptional(
    'ical-generator',
    () => import('ical-generator'),
    'A calendar file',
  );
  const calendar = new ICalCalendar({ name: visible(name), prodId: '-//groundcrew//upgrade//EN' });
  for (const { day, cloud, what, because } of events) {
    const event = calendar.createEvent({
      id: identityOf(cloud, what),
      start: new Date(`${day}T00:00:00Z`),
      allDay: true,
      timezone: 'UTC',
      stamp: new Date(now),
      summary: `${visible(cloud)}: ${what}`,
      description: visible(because),
    });
    if (remindBefore !== undefined)
      event.createAlarm({
        type: ICalAlarmType.display,
        trigger: Math.round(milliseconds(remindBefore) / 1000),
        description: `${visible(cloud)}: ${what}`,
      });
  }
  return calendar.toString();
}

/** The same for the same part of the same cloud's upgrade, on whatever day it is. */
const identityOf = (cloud: string, what: string): string =>
  `${createHash('sha256')
    .update(JSON.stringify([cloud, what]))
    .digest('hex')
    .slice(0, 32)}@groundcrew`;

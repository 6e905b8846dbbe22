import {
  anObjectWith,
  optionsSchema,
  parseArguments,
  type ReadOptions,
  readOptions,
} from '@groundcrew/ground';
import { type Cloud, type Gap, gapOf, type Observed, visibilityOf } from '@groundcrew/core';
import { z } from 'zod';
import { type Alarm, AlarmSchema } from './alarm.ts';

export interface AlarmsOptions extends ReadOptions {
  /** The most that are read: what is behind them is a gap. @default 10_000 */
  readonly limit?: number | undefined;
}

const alarmsOptions = optionsSchema<AlarmsOptions>({
  ...readOptions,
  limit: z.int().min(1).max(100_000).optional(),
});
const aCloud = z.strictObject({
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'request', 'token'),
});

/** By id, so that an alarm that is changed meanwhile stays in its place. */
const PAGE = 500;
const SOURCE = 'Aodh alarms';

/**
 * The alarms of all projects that the user may see. Aodh shows even an administrator the alarms of the own project alone, if it is
 * not asked for all; who is no administrator sees those, and the answer is `partial`.
 *
 * @throws InputError on an option that there is not
 * @example
 * const { value, completeness } = await alarms(cloud);
 * for (const { name, state, since } of value) console.log(name, state, since);
 */
export async function alarms(cloud: Cloud, options: AlarmsOptions = {}): Promise<Observed<readonly Alarm[]>> {
  parseArguments('alarms', alarmsOptions, options);
  parseArguments('alarms', aCloud, { cloud });
  const { limit = 10_000, signal } = options;
  const at = new Date(cloud.clock.now()).toISOString();
  const reading = new AlarmReading(cloud, limit, signal);
  const wide = await reading.read(true);
  const answer = wide.isRefused ? await reading.read(false) : wide;
  const gaps = [...answer.gaps];
  if (wide.isRefused && answer.gaps.length === 0) gaps.push(await othersGap(cloud, { signal }));
  const { value } = answer;
  const [first] = gaps;
  const isNothing = value.length === 0 && answer.gaps.length > 0;
  const completeness =
    first === undefined
      ? 'complete'
      : !isNothing
        ? 'partial'
        : first.kind === 'denied' || first.kind === 'unsupported'
          ? first.kind
          : 'failed';
  return { value, at, source: SOURCE, completeness, gaps };
}

async function othersGap(cloud: Cloud, read: ReadOptions): Promise<Gap> {
  const { words } = await visibilityOf(cloud, read);
  return {
    what: 'alarms of other projects',
    kind: 'denied',
    why: `Aodh shows this user the alarms of ${words}`,
    remedy: 'Ask as an administrator.',
    requestIds: [],
  };
}

interface Answer {
  readonly value: readonly Alarm[];
  readonly gaps: readonly Gap[];
  /** The alarms of all projects are not for this user, or this Aodh does not know the question. */
  readonly isRefused: boolean;
}

class AlarmReading {
  readonly #cloud: Cloud;
  readonly #limit: number;
  readonly #signal: AbortSignal | undefined;

  constructor(cloud: Cloud, limit: number, signal: AbortSignal | undefined) {
    this.#cloud = cloud;
    this.#limit = limit;
    this.#signal = signal;
  }

  async read(allProjects: boolean): Promise<Answer> {
    const found = new Map<string, Alarm>();
    const gaps: Gap[] = [];
    let odd = 0;
    const markers = new Set<string>();
    const done = (): Answer => {
      if (odd > MOST_NAMED) gaps.push(cut(`${odd - MOST_NAMED} further alarms do not fit either`));
      return { value: [...found.values()], gaps, isRefused: false };
    };
    for (let marker: string | undefined; ;) {
      let page: readonly unknown[];
      try {
        page = await this.#page(allProjects, marker);
      } catch (error) {
        const gap = gapOf(SOURCE, error);
        const status = 'status' in (error as object) ? (error as { status?: unknown }).status : undefined;
        if (allProjects && marker === undefined && (status === 401 || status === 403 || status === 400))
          return { value: [], gaps: [gap], isRefused: true };
        gaps.push(gap);
        return done();
      }
      for (const item of page) {
        const parsed = AlarmSchema.safeParse(item);
        if (parsed.success) {
          if (found.size >= this.#limit && !found.has(parsed.data.id)) {
            gaps.push(cut(`there are more than ${this.#limit}, and what is behind them was not read`));
            return done();
          }
          found.set(parsed.data.id, parsed.data);
          continue;
        }
        odd += 1;
        if (odd <= MOST_NAMED) gaps.push(cut(whyOf(item, parsed.error)));
        if (odd >= MOST_ODD) return done();
      }
      const last = idOf(page.at(-1));
      // The service's own limit may be lower: only an empty page is the end, or one that was there already.
      if (last === undefined || markers.has(last)) {
        if (page.length > 0 && last === undefined)
          gaps.push(cut('an alarm without an id ends a page, and what is behind it was not read'));
        return done();
      }
      markers.add(last);
      marker = last;
    }
  }

  async #page(allProjects: boolean, marker: string | undefined): Promise<readonly unknown[]> {
    const { body } = await this.#cloud.request('alarm', {
      path: 'alarms',
      query: {
        sort: 'alarm_id:asc',
        limit: PAGE,
        marker,
        ...(allProjects ? { 'q.field': 'all_projects', 'q.op': 'eq', 'q.value': true } : {}),
      },
      schema: z.array(z.unknown()),
      operation: 'alarms.list',
      signal: this.#signal,
    });
    return body;
  }
}

/** Alarms that do not fit: so many are named, and after so many the list is given up. */
const MOST_NAMED = 5;
const MOST_ODD = 1_000;

const cut = (why: string): Gap => ({ what: SOURCE, kind: 'cut', why, remedy: undefined, requestIds: [] });

function whyOf(item: unknown, error: z.ZodError): string {
  const [issue] = error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  return `alarm ${idOf(item) ?? 'without an id'}: ${field === '' ? '' : `${field}: `}${issue?.message ?? 'does not fit'}`;
}

function idOf(item: unknown): string | undefined {
  const id: unknown =
    typeof item === 'object' && item !== null && 'alarm_id' in item ? item.alarm_id : undefined;
  return typeof id === 'string' && id.length <= 255 ? id : undefined;
}

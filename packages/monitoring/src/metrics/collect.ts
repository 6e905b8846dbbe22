import { type Cloud, type Gap, gapOf, visibilityOf } from '@groundcrew/core';
import {
  aClock,
  aPositiveDuration,
  type Clock,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
  type ReadOptions,
  readOptions,
  systemClock,
} from '@groundcrew/ground';
import { z } from 'zod';
import { type CollectedBy, collectorsOf, collectShape } from './chosen.ts';
import type { Collector } from './collector.ts';
import { type Collected, Collecting, type SignedIn } from './collecting.ts';
import { Deadline } from './deadline.ts';
import { ListReader } from './read-lists.ts';
import { RequestTally } from './request-tally.ts';
import type { MetricsRound } from './round.ts';
import { type IsWanted, wantedOf } from './wanted.ts';

export interface CollectMetricsOptions extends CollectedBy, ReadOptions {
  /**
   * Collectors or metrics whose series for each thing (ids and names of servers, volumes, …) are wanted: with a series for
   * each server a large cloud has 100,000 of them. @default none
   */
  readonly ids?: readonly string[] | undefined;
  /** The time after which the round gives what it has; what is missing then leaves a gap. @default '1m' */
  readonly deadline?: Duration | undefined;
  /** The number of requests that run at the same time. @default 4 */
  readonly atOnce?: number | undefined;
  /** The clock by which the deadline is waited for. @default the machine's */
  readonly clock?: Clock | undefined;
}

const schema = optionsSchema<CollectMetricsOptions>({
  ...collectShape,
  ...readOptions,
  ids: z.array(z.string()).optional(),
  deadline: aPositiveDuration.optional(),
  atOnce: z.int().positive().optional(),
  clock: aClock.optional(),
});

/**
 * Reads a cloud once, and gives its figures with how much of it was seen.
 *
 * A list that was not read to its end gives no total: its metrics are absent, and the report of its collector says why. A user
 * who is shown the own project only gets the figures of that project, from collectors that are `partial`. A collector that
 * fails takes no other down, and a token that cannot be had is a gap of each.
 *
 * @throws InputError for options that there are not; the signal's reason if it is aborted
 * @example
 * const { families, collectors } = await collectMetrics(cloud, { collect: ['servers', 'services'], deadline: '8s' });
 */
export async function collectMetrics(
  cloud: Cloud,
  options: CollectMetricsOptions = {},
): Promise<MetricsRound> {
  parseArguments('collectMetrics', schema, options);
  const { collect, ids = [], deadline = '1m', atOnce = 4, clock = systemClock, signal } = options;
  const collectors = collectorsOf('collectMetrics', collect);
  const isWanted = wantedOf('collectMetrics', collectors, ids);
  signal?.throwIfAborted();
  const startedAt = moment(cloud);
  const tally = new RequestTally(cloud);
  const limit = new Deadline(milliseconds(deadline), clock, signal);
  try {
    const signedIn = await tally.run(tally, () => signIn(cloud, limit));
    const collected =
      'gap' in signedIn
        ? collectors.map(({ name }) => notCollected(name, signedIn.gap, startedAt))
        : await collectAll(collectors, isWanted, { cloud, signedIn, tally, limit, atOnce });
    return {
      startedAt,
      at: moment(cloud),
      calls: tally.total,
      families: collected.flatMap(({ families }) => families),
      collectors: collected.map(({ report }) => report),
    };
  } finally {
    limit.stop();
    tally.stop();
  }
}

interface RoundParts {
  readonly cloud: Cloud;
  readonly signedIn: SignedIn;
  readonly tally: RequestTally;
  readonly limit: Deadline;
  readonly atOnce: number;
}

async function collectAll(
  collectors: readonly Collector[],
  isWanted: IsWanted,
  { cloud, signedIn, tally, limit, atOnce }: RoundParts,
): Promise<readonly Collected[]> {
  const reader = new ListReader({ cloud, ...signedIn, tally, atOnce, limit });
  const work = collectors.map((each) => {
    const rules = each.metrics.filter(({ metric }) => isWanted(each, metric));
    return new Collecting(each, rules, { reader, signedIn, tally });
  });
  // All of them end, also where one cannot go on, so that nothing is left running.
  const ended = await Promise.allSettled(work.map((each) => each.collect()));
  return ended.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

/** One token for all that follows. */
async function signIn(cloud: Cloud, limit: Deadline): Promise<SignedIn | { readonly gap: Gap }> {
  const { signal } = limit;
  try {
    const token = await cloud.token({ signal });
    return { token, visibility: await visibilityOf(cloud, { signal }) };
  } catch (error) {
    return { gap: limit.late('token', error) ?? gapOf('token', error) };
  }
}

const notCollected = (collector: string, gap: Gap, at: string): Collected => ({
  families: [],
  report: { collector, completeness: 'failed', startedAt: at, at, calls: 0, gaps: [gap], sizes: {} },
});

const moment = (cloud: Cloud): string => new Date(cloud.clock.now()).toISOString();

import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type CollectedBy, collectorsOf, collectShape } from './chosen.ts';
import type { MetricSource } from './collector.ts';
import { involvedIn } from './involved.ts';
import { isDetails } from './metric-list.ts';
import { ownName } from './read-lists.ts';
import type { MetricsRound } from './round.ts';

export interface PlanCallsOptions extends CollectedBy {
  /** The last round, whose sizes are planned with. Without it a list counts as one page. */
  readonly last?: MetricsRound | undefined;
}

/** What a round will ask of one list. */
export interface PlannedList {
  readonly list: string;
  readonly service: string;
  /** The collectors that use it: it is read once for all of them. */
  readonly collectors: readonly string[];
  /** Elements in the last round; `undefined` if it does not tell. */
  readonly size: number | undefined;
  /** Requests, if no page fails and the cloud's pages are as large as they are usually. */
  readonly calls: number;
}

/** What a round will cost, before its first call. */
export interface CallPlan {
  /** Requests of all lists. */
  readonly calls: number;
  /** Whether every size that it needs is known; otherwise `calls` is the least. */
  readonly isKnown: boolean;
  /** Requests beside, at most: a token, and one version document of each service, of a client that has none yet. */
  readonly beside: number;
  readonly lists: readonly PlannedList[];
}

const schema = optionsSchema<PlanCallsOptions>({
  ...collectShape,
  last: anObjectWith<MetricsRound>(
    'a MetricsRound, as collectMetrics gives it',
    'collectors',
    'families',
  ).optional(),
});

/**
 * Says which requests a round will make, from the sizes of the last one. It asks nothing.
 *
 * @throws InputError for options that there are not
 * @example
 * const { calls } = planCalls({ collect: ['servers', 'quotas'], last: await collectMetrics(cloud) });
 */
export function planCalls(options: PlanCallsOptions = {}): CallPlan {
  parseArguments('planCalls', schema, options);
  const collectors = collectorsOf('planCalls', options.collect);
  const sizes = new Map(options.last?.collectors.flatMap((report) => Object.entries(report.sizes)));
  const users = new Map<MetricSource, string[]>();
  // What the catalogue did not have the last time costs no call.
  const absent = new Set(
    options.last?.collectors.filter(({ isAbsent }) => isAbsent).map(({ collector }) => collector),
  );
  for (const each of collectors.filter(({ name }) => !absent.has(name)))
    for (const { list, isForAdmins } of involvedIn(each)) {
      // A user who was given the own project's list is no administrator.
      if (isForAdmins && each.lists.some((own) => sizes.has(ownName(own)))) continue;
      users.set(list, [...(users.get(list) ?? []), each.name]);
    }
  const lists = [...users].map(([list, names]) => ({ ...planned(list, sizes), collectors: names }));
  return {
    calls: lists.reduce((sum, { calls }) => sum + calls, 0),
    isKnown: [...users.keys()].every((list) => !dependsOnSize(list) || sizeOf(list, sizes) !== undefined),
    beside: 1 + new Set(lists.map(({ service }) => service)).size,
    lists,
  };
}

const dependsOnSize = (list: MetricSource): boolean => isDetails(list) || list.pageSize !== undefined;

function sizeOf(list: MetricSource, sizes: ReadonlyMap<string, number>): number | undefined {
  const counted = isDetails(list) ? list.of : list;
  return sizes.get(ownName(counted)) ?? sizes.get(counted.name);
}

function planned(list: MetricSource, sizes: ReadonlyMap<string, number>): Omit<PlannedList, 'collectors'> {
  const { name, service } = list;
  const size = sizeOf(list, sizes);
  if (isDetails(list)) return { list: name, service, size, calls: (size ?? 0) * (list.callsEach ?? 1) };
  const { pageSize, own } = list;
  const isOwn = own !== undefined && sizes.has(ownName(list));
  // A page that is full has a link to a next one, even if nothing follows.
  const pages = pageSize === undefined ? 1 : Math.floor((size ?? 0) / pageSize) + 1;
  // The list of all projects was refused before.
  return { list: name, service, size, calls: isOwn ? 1 + (own.isCall ? pages : 0) : pages };
}

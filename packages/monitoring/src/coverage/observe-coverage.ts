import {
  anObjectWith,
  aPositiveDuration,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
  type ReadOptions,
  readOptions,
} from '@groundcrew/ground';
import { type Cloud, type Gap, gapOf, observeList, type Observed } from '@groundcrew/core';
import { z } from 'zod';
import { anInventory, type CloudInventory, readInventory } from '../inventory.ts';
import type { Prometheus } from '../prometheus/prometheus.ts';
import { askGnocchi } from './ask-gnocchi.ts';
import { askNotifications, type HeardNotifications } from './ask-notifications.ts';
import { askNova } from './ask-nova.ts';
import { askPrometheus, readDownTargets, type ScrapeTarget } from './ask-prometheus.ts';
import type { Asking, WayAnswer } from './asking.ts';
import { coverageFigures, type CoverageFigure, type FigureId } from './figures.ts';
import type { CoverageThing } from './thing.ts';
import { type CloudThings, thingsOf } from './things.ts';
import { type CoverageSource, type CoverageWay, coverageWays } from './ways.ts';

/** What is asked beside the cloud itself, and how old a value may be. */
export interface CoverageQuestion {
  /** What scrapes exporters of this cloud. @default not asked: what only Prometheus could know is unknown */
  readonly prometheus?: Prometheus | undefined;
  /** Notifications of the services that were heard, and since when. @default none: not asked */
  readonly notifications?: HeardNotifications | undefined;
  /**
   * The greatest age of a value that is polled or scraped. Of what services tell hourly it is never less than 3 hours.
   * @default three of the measurers' own intervals of 5 minutes: 15 minutes
   */
  readonly freshness?: Duration | undefined;
}

export interface ObserveCoverageOptions extends CoverageQuestion, ReadOptions {
  /** What was read before. @default it is read */
  readonly inventory?: CloudInventory | undefined;
}

const coverageQuestion = {
  prometheus: anObjectWith<Prometheus>('a Prometheus', 'query', 'queryRange').optional(),
  notifications: z
    .strictObject({
      from: z.string().refine((time) => !Number.isNaN(Date.parse(time)), 'must be a time, in ISO 8601'),
      messages: z.array(
        z.custom<HeardNotifications['messages'][number]>(isNotification, 'is no notification'),
      ),
    })
    .optional(),
  freshness: aPositiveDuration.optional(),
};

/** Schema of an option that asks for coverage. */
export const aCoverageQuestion = optionsSchema<CoverageQuestion>(coverageQuestion);

const coverageOptions = optionsSchema<ObserveCoverageOptions>({
  ...readOptions,
  ...coverageQuestion,
  inventory: anInventory.optional(),
});

function isNotification(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'eventType' in value && 'payload' in value;
}

/** Whether a source was asked: `absent` if the catalogue has none. */
export type AskedSource = 'asked' | 'not-asked' | 'absent';

/** A figure, the things that have it, and what each way answered that was asked. */
export interface FigureCoverage {
  readonly figure: CoverageFigure & { readonly id: FigureId };
  readonly things: Observed<readonly CoverageThing[]>;
  readonly ways: readonly WayAnswer[];
}

/** What exists, what of it was measured lately, and by what. */
export interface CloudCoverage {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly sources: Readonly<Record<CoverageSource, AskedSource>>;
  readonly figures: readonly FigureCoverage[];
  /** What Prometheus scrapes and gets no answer from; `undefined` if it was not asked. */
  readonly downTargets: Observed<readonly ScrapeTarget[]> | undefined;
}

/**
 * Reads what there is in a cloud, and asks Gnocchi, Nova's log of usage audits, and the Prometheus and the notifications that are
 * given, of which of it they have a value that is young enough, thing by thing.
 *
 * @throws InputError on an option that there is not
 * @example
 * const found = await observeCoverage(cloud, { prometheus: prometheus('http://prom:9090'), freshness: '10m' });
 * for (const { what, things, opensWith } of blindSpots(found)) console.log(what, things.length, opensWith);
 */
export async function observeCoverage(
  cloud: Cloud,
  options: ObserveCoverageOptions = {},
): Promise<CloudCoverage> {
  parseArguments('observeCoverage', coverageOptions, options);
  const { prometheus, notifications, freshness, signal } = options;
  const read = { signal };
  const now = cloud.clock.now();
  const clock = { now: () => now };
  const [inventory, hypervisors, catalog] = await Promise.all([
    options.inventory ?? readInventory(cloud, read),
    observeList('hypervisors', cloud.compute.hypervisors.list({}, read), clock),
    observeCatalog(cloud, read),
  ]);
  const things = { inventory, hypervisors, catalog };
  const listed = new Map(coverageFigures.map(({ id }) => [id, thingsOf(id, things)]));
  const asking = <S extends CoverageSource>(source: S): Asking<Extract<CoverageWay, { source: S }>>[] =>
    coverageWays.filter(isOf(source)).map((way) => ({
      way,
      things: listed.get(way.figure)?.value ?? [],
      freshnessMs: freshnessOf(way, freshness),
    }));
  const [gnocchi, scraped, downTargets, nova] = await Promise.all([
    askGnocchi(cloud, asking('gnocchi'), read),
    prometheus === undefined ? [] : askPrometheus(prometheus, asking('prometheus'), read),
    prometheus === undefined ? undefined : readDownTargets(prometheus, read),
    askNova(cloud, asking('nova'), read),
  ]);
  const heard =
    notifications === undefined ? [] : askNotifications(notifications, asking('notifications'), now);
  const answers = [...(gnocchi === 'absent' ? [] : gnocchi), ...scraped, ...nova, ...heard];
  const byFigure = Map.groupBy(answers, ({ way }) => way.figure);
  return {
    at: new Date(now).toISOString(),
    sources: {
      gnocchi: gnocchi === 'absent' ? 'absent' : 'asked',
      prometheus: prometheus === undefined ? 'not-asked' : 'asked',
      notifications: notifications === undefined ? 'not-asked' : 'asked',
      nova: 'asked',
    },
    figures: coverageFigures.map((figure) => ({
      figure,
      things: listed.get(figure.id) ?? thingsOf(figure.id, things),
      ways: byFigure.get(figure.id) ?? [],
    })),
    downTargets,
  };
}

/** An hourly word is not late after ten minutes, whatever is asked of polls. */
function freshnessOf({ interval }: CoverageWay, asked: Duration | undefined): number {
  const usual = 3 * milliseconds(interval);
  if (asked === undefined) return usual;
  return interval === '1h' ? Math.max(usual, milliseconds(asked)) : milliseconds(asked);
}

const isOf =
  <S extends CoverageSource>(source: S) =>
  (way: CoverageWay): way is Extract<CoverageWay, { source: S }> =>
    way.source === source;

/** The public endpoints of this region, as the token's catalogue has them. */
async function observeCatalog(cloud: Cloud, read: ReadOptions): Promise<CloudThings['catalog']> {
  const at = new Date(cloud.clock.now()).toISOString();
  const source = 'catalogue';
  const failed = (gap: Gap): CloudThings['catalog'] => ({
    value: [],
    at,
    source,
    completeness: gap.kind === 'denied' ? 'denied' : 'failed',
    gaps: [gap],
  });
  try {
    const token = await cloud.token(read);
    if (token === undefined) {
      const why = 'this cloud wants no token, and has no catalogue';
      return failed({ what: source, kind: 'unsupported', why, remedy: undefined, requestIds: [] });
    }
    const value = token.catalog.flatMap(({ type, endpoints }) =>
      endpoints
        .filter(
          ({ interface: kind, region_id, region }) =>
            kind === 'public' && (cloud.region === undefined || (region_id ?? region) === cloud.region),
        )
        .map(({ url }) => ({ service: type, url })),
    );
    return { value, at, source, completeness: 'complete', gaps: [] };
  } catch (error) {
    return failed(gapOf(source, error));
  }
}

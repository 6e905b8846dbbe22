import { aDuration, type Duration, milliseconds, optionsSchema } from '@groundcrew/ground';
import type { Refusal } from '@groundcrew/runbook';
import { z } from 'zod';
import type { PointList, RecoveryPoint } from './point.ts';
import { pointsToKeep, type RetentionReason, type RetentionRules, retentionRules } from './retention.ts';

export interface RetentionOptions {
  /** What is kept. @default all points: only strays go */
  readonly keep?: RetentionRules | undefined;
  /** Only points with all of these labels; the rules count among them, and no other point is touched. @default all */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Ids of points that go whatever the rules say, also broken ones. */
  readonly forget?: readonly string[] | undefined;
  /** The age at which streams of no point go: their writer is not at work any more. @default '7d' */
  readonly strayAfter?: Duration | undefined;
  /** Milliseconds since 1970. @default now */
  readonly now?: number | undefined;
}

export const retentionOptions = optionsSchema<RetentionOptions>({
  keep: retentionRules.optional(),
  labels: z.record(z.string(), z.string()).optional(),
  forget: z.array(z.string()).optional(),
  strayAfter: aDuration.optional(),
  now: z.number().optional(),
});

/** What would be removed, and what stays, and why: as data, before anything is done. */
export interface RetentionPlan {
  /** When it was made; ISO 8601. */
  readonly at: string;
  readonly keep: readonly { readonly point: string; readonly because: readonly RetentionReason[] }[];
  readonly forget: readonly ForgottenPoint[];
  /** Streams of no point. */
  readonly strays: readonly { readonly point: string; readonly streams: readonly string[] }[];
}

export interface ForgottenPoint {
  readonly point: string;
  readonly at: string;
  /** They go first: a point that is not whole is not visible. */
  readonly manifests: readonly string[];
  /** Its streams that no other point has. */
  readonly streams: readonly string[];
}

export type RetentionRefusal =
  /** Of a manifest it is not known which streams it needs. */
  | 'manifest-unreadable'
  /** There may be points that were not seen. */
  | 'not-all-seen'
  | 'no-such-point'
  | 'newer-point';

export type RetentionPlanned =
  | { readonly ok: true; readonly plan: RetentionPlan }
  | {
      readonly ok: false;
      readonly refusals: readonly [Refusal<RetentionRefusal>, ...Refusal<RetentionRefusal>[]];
    };

/** Plans what is removed. Pure. Nothing that a point which stays needs is in the plan. */
export function retentionPlan(list: PointList, options: RetentionOptions, now: number): RetentionPlanned {
  const { keep, labels = {}, forget = [], strayAfter = '7d' } = options;
  const all = [...list.points, ...list.broken.map(({ point }) => point)];
  const [first, ...more] = refusalsOf(list, all, forget);
  if (first !== undefined) return { ok: false, refusals: [first, ...more] };

  const broken = new Set(list.broken.map(({ point }) => point.id));
  const chosen = all.filter((point) => hasLabels(point, labels));
  const whole = chosen.filter(({ id }) => !broken.has(id) && !forget.includes(id));
  const byRules = keep === undefined ? undefined : pointsToKeep(whole, keep, now);
  const reasonsOf = (point: RecoveryPoint): readonly RetentionReason[] => [
    ...(byRules?.get(point.id) ?? []),
    ...(point.isNewer ? (['newer'] as const) : []),
    ...(broken.has(point.id) ? (['broken'] as const) : []),
  ];
  const goes = (point: RecoveryPoint): boolean =>
    forget.includes(point.id) ||
    (keep !== undefined && hasLabels(point, labels) && reasonsOf(point).length === 0);
  const needed = neededBy(all.filter((point) => !goes(point)));
  return {
    ok: true,
    plan: {
      at: new Date(now).toISOString(),
      keep: chosen
        .filter((point) => !goes(point))
        .map((point) => ({ point: point.id, because: reasonsOf(point) })),
      forget: all.filter(goes).map(({ id, at, manifests, streams }) => ({
        point: id,
        at,
        manifests,
        streams: [...new Set(streams.map((stream) => stream.id))].filter((stream) => !needed.has(stream)),
      })),
      strays: straysToSweep(list, now - milliseconds(strayAfter)),
    },
  };
}

/** Ids of all streams that points need. */
export const neededBy = (points: readonly RecoveryPoint[]): ReadonlySet<string> =>
  new Set(points.flatMap(({ streams, manifests }) => [...streams.map(({ id }) => id), ...manifests]));

export const hasLabels = (point: RecoveryPoint, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(labels).every(([name, value]) => point.labels[name] === value);

function refusalsOf(
  { unreadable, gaps }: PointList,
  all: readonly RecoveryPoint[],
  forget: readonly string[],
): Refusal<RetentionRefusal>[] {
  return [
    ...unreadable.map(({ manifest, point, why, isNewer }) => ({
      code: 'manifest-unreadable' as const,
      reason: `manifest ${manifest} of point ${point ?? 'unknown'} cannot be read (${why}): what it needs is not known`,
      remedy: isNewer
        ? 'Let the newer release that wrote it do this.'
        : 'Check the repository; if the point is lost for good, forget its manifest with the engine’s own program.',
    })),
    ...gaps.map((gap) => ({
      code: 'not-all-seen' as const,
      reason: `something in the repository could not be read: ${gap}`,
      remedy: 'Check the repository, and repair it.',
    })),
    ...forget.flatMap((id): Refusal<RetentionRefusal>[] => {
      const point = all.find((each) => each.id === id);
      if (point === undefined)
        return [{ code: 'no-such-point', reason: `there is no point ${id}`, remedy: undefined }];
      if (!point.isNewer) return [];
      return [
        {
          code: 'newer-point',
          reason: `point ${id} was written by a newer release`,
          remedy: 'Let that release remove it.',
        },
      ];
    }),
  ];
}

/** Streams of no point that are older than a moment. One of which the age is not known stays. */
const straysToSweep = ({ strays }: PointList, before: number): RetentionPlan['strays'] =>
  strays.flatMap(({ point, streams }) => {
    // While one of them is young, somebody may be at work on the point.
    const isOld = streams.every(({ at }) => at !== undefined && Date.parse(at) < before);
    return isOld ? [{ point, streams: streams.map(({ id }) => id) }] : [];
  });

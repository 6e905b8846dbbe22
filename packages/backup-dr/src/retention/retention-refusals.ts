import type { Refusal } from '@groundcrew/runbook';
import type { PointList, RecoveryPoint } from '../repository/point.ts';
import { irreplaceable } from './irreplaceable.ts';
import type { ProvenPoints } from './proven-points.ts';

export type RetentionRefusalCode =
  /** Of a manifest it is not known which streams it needs. */
  | 'retention.manifest-unreadable'
  /** There may be points that were not seen. */
  | 'retention.not-all-seen'
  | 'retention.no-such-point'
  /** A newer release wrote it. */
  | 'retention.newer-point'
  /** It is the newest of its project of which nothing is missing. */
  | 'retention.newest-complete'
  /** It is the newest of its project that was proven to be restorable. */
  | 'retention.newest-proven';

/** Why nothing at all may be removed: what was not seen may need it. */
export function unseenRefusals({ unreadable, gaps }: PointList): Refusal<RetentionRefusalCode>[] {
  return [
    ...unreadable.map(({ manifest, point, why, isNewer }) => ({
      code: 'retention.manifest-unreadable' as const,
      reason: `manifest ${manifest} of point ${point ?? 'unknown'} cannot be read (${why}): what it needs is not known`,
      remedy: isNewer
        ? 'Let the newer release that wrote it do this.'
        : 'Check the repository; if the point is lost for good, forget its manifest with the engine’s own program.',
    })),
    ...gaps.map((gap) => ({
      code: 'retention.not-all-seen' as const,
      reason: `something in the repository could not be read: ${gap}`,
      remedy: 'Check the repository, and repair it.',
    })),
  ];
}

/** Why a point may not be removed, also if somebody asks for it by name. */
export function forgetRefusal(
  { id, isNewer }: Pick<RecoveryPoint, 'id' | 'isNewer'>,
  list: PointList,
  { proven, now }: { readonly proven: ProvenPoints; readonly now: number },
): Refusal<RetentionRefusalCode> | undefined {
  if (isNewer)
    return {
      code: 'retention.newer-point',
      reason: `point ${id} was written by a newer release`,
      remedy: 'Let that release remove it.',
    };
  const because = irreplaceable(list, proven, now).get(id);
  if (because === undefined) return undefined;
  return {
    code: `retention.${because}`,
    reason:
      because === 'newest-complete'
        ? `point ${id} is the newest of which nothing is missing`
        : `point ${id} is the newest that was proven to be restorable`,
    remedy:
      because === 'newest-complete'
        ? 'Store a newer one without gaps first; what must be gone for good is removed with the engine’s own program.'
        : 'Prove a newer one first.',
  };
}

import type { ResourceRef, VolumeBytes } from '../point/tenant-point.ts';
import type { PointGap } from '../repository/point.ts';

/** What was stored of volumes, images or containers, and what could not be. */
export interface StoredBytes {
  readonly bytes: readonly (ResourceRef & { readonly bytes: VolumeBytes })[];
  readonly gaps: readonly PointGap[];
}

import type { ResourceRef, VolumeBytes } from '../point/tenant-point.ts';
import type { PointGap } from '../repository/point.ts';

/** What was stored of volumes, images or containers, and what could not be. */
export interface StoredBytes {
  readonly bytes: readonly (ResourceRef & { readonly bytes: VolumeBytes })[];
  readonly gaps: readonly PointGap[];
  /** When the attempt began whose reading each is of, by the clock of this machine; ISO 8601. */
  readonly begun: readonly string[];
}

/** The tag of a stream with the beginning of the attempt that read it. */
export const BEGUN = 'begun';

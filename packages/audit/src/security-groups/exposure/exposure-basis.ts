import type { SnapshotIndex } from '../snapshot/snapshot-index.ts';
import type { SecurityGroupSnapshot } from '../snapshot/snapshot.ts';
import type { ExposureCriteria } from './exposure.ts';

/** The snapshot and the criteria from which exposures are derived. */
export interface ExposureBasis {
  readonly snapshot: SecurityGroupSnapshot;
  readonly index: SnapshotIndex;
  readonly criteria: ExposureCriteria;
  /** True if what groups let out is assessed as well. */
  readonly egress: boolean;
}

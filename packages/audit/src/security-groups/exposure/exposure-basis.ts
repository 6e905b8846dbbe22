import type { SnapshotIndex } from '../snapshot/snapshot-index.ts';
import type { SecurityGroupSnapshot } from '../snapshot/snapshot.ts';
import type { ExposureCriteria } from './exposure.ts';

/** What exposures are measured from, and by. */
export interface ExposureBasis {
  readonly snapshot: SecurityGroupSnapshot;
  readonly index: SnapshotIndex;
  readonly criteria: ExposureCriteria;
  /** Whether to criteria what groups let out as well. */
  readonly egress: boolean;
}

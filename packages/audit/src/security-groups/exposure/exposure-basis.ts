import type { World } from '../snapshot/snapshot-index.ts';
import type { AuditSnapshot } from '../snapshot/snapshot.ts';
import type { Measure } from './exposure.ts';

/** What exposures are measured from, and by. */
export interface ExposureBasis {
  readonly snapshot: AuditSnapshot;
  readonly world: World;
  readonly measure: Measure;
  /** Whether to measure what groups let out as well. */
  readonly egress: boolean;
}

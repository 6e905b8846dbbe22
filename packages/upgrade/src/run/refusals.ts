import type { Refusal } from '@groundcrew/runbook';

export type UpgradeRefusalCode =
  /** A service's findings say that it is not ready. */
  | 'check-failed'
  /** Nova has more than one cell, for which it documents no rolling upgrade. */
  | 'multi-cell'
  /** No host runs the control plane of a service, so that nobody can migrate its database. */
  | 'no-control-host'
  /** Nothing shows that there is a way back. */
  | 'no-proof'
  /** A service's project describes no upgrade with old and new code at work at once. */
  | 'no-rolling-procedure'
  /** OpenStack does not allow this hop, or its end is not released. */
  | 'not-a-hop'
  /** The cloud was found to be elsewhere than where the hop begins. */
  | 'release-differs'
  /** The old code cannot run on the expanded schema. */
  | 'schema-not-rolling'
  /** Computes are to be drained, and none would be left that could take their servers. */
  | 'no-room'
  /** Nobody knows how to upgrade it. */
  | 'unknown-service';

export type UpgradeRefusal = Refusal<UpgradeRefusalCode>;

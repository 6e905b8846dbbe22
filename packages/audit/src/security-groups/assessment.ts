import type { ExposureBasis } from './exposure/exposure-basis.ts';
import { type EffectivePortOf, effectivePorts } from './filters/effective-ports.ts';
import { indexSnapshot } from './snapshot/snapshot-index.ts';
import { type SecurityGroupPolicy, parsePolicy } from './policy.ts';
import type { SecurityGroupSnapshot } from './snapshot/snapshot.ts';

/** A snapshot with what is derived from it once, and the policy that it is judged by. */
export interface Assessment extends ExposureBasis {
  readonly effectivePortOf: EffectivePortOf;
  /** From where what is closed to everyone stays open, in a fix. */
  readonly keep: readonly string[];
}

/** @throws InputError that names the field of the policy */
export const assessmentOf = (snapshot: SecurityGroupSnapshot, policy: SecurityGroupPolicy): Assessment => ({
  ...parsePolicy(policy),
  snapshot,
  index: indexSnapshot(snapshot),
  effectivePortOf: effectivePorts(snapshot),
});

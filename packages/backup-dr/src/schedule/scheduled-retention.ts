import { counted } from '@groundcrew/ground';
import { type Plan, readInput, type Refusal } from '@groundcrew/runbook';
import type { BackupPolicy } from '../backup/protect.ts';
import { planRetention, type PlanRetentionOptions } from '../retention/plan-retention.ts';
import { forgetPoint, sweepStreams } from '../retention/retention-actions.ts';
import type { RetentionRefusalCode } from '../retention/retention-refusals.ts';

export type ScheduledRetentionRefusalCode =
  | RetentionRefusalCode
  /** More points would go than may go by the policy alone. */
  | 'backup.too-many-points';

/** What comes of a project's turn: a plan that its policy has approved, reasons against one, or nothing that is to go. */
type ScheduledRetention =
  | { readonly is: 'plan'; readonly plan: Plan }
  | { readonly is: 'refused'; readonly refusals: readonly Refusal<ScheduledRetentionRefusalCode>[] }
  | { readonly is: 'nothing' };

/** Plans retention as far as the policy has approved it. Pure. */
export function scheduledRetention(
  policy: BackupPolicy,
  given: Pick<PlanRetentionOptions, 'points' | 'proofs' | 'now'>,
): ScheduledRetention {
  const planned = planRetention(policy, given);
  if (!planned.ok) return { is: 'refused', refusals: planned.refusals };
  const { plan } = planned;
  const goes = plan.steps.filter(({ action }) => action === forgetPoint.name).length;
  const sweeps = plan.steps.some(
    ({ action, input }) => action === sweepStreams.name && readInput(sweepStreams, input).points.length > 0,
  );
  // A run for nothing would prune the repository after each backup.
  if (goes === 0 && !sweeps) return { is: 'nothing' };
  if (goes <= policy.forgetAtMost) return { is: 'plan', plan };
  return {
    is: 'refused',
    refusals: [
      {
        code: 'backup.too-many-points',
        reason: `${counted(goes, 'point')} of ${policy.project} would be forgotten at once, and its policy approves ${policy.forgetAtMost}`,
        remedy: 'Read the plan of `planRetention` and approve it, or set another `forgetAtMost`.',
      },
    ],
  };
}

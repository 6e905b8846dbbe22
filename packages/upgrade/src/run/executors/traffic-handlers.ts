import type { StepContext, StepHandlers } from '@groundcrew/runbook';
import type { TrafficInput } from '../actions.ts';
import type { UpgradeStepReport } from '../step-report.ts';

/** Leads requests of an API, or servers of a compute host, elsewhere or back. Called again after a crash: it must allow that. */
export type LeadTraffic = (input: TrafficInput, context: StepContext) => Promise<void>;

export const trafficHandlers = (
  lead: LeadTraffic | undefined,
  option: 'takeOut' | 'putBack',
): StepHandlers<TrafficInput, UpgradeStepReport> => ({
  precondition: async () =>
    lead === undefined
      ? {
          code: 'upgrade.no-traffic',
          reason: 'the plan drains, and nobody has said how',
          remedy: `Give commandExecutor \`${option}\`, or plan without \`drain\`.`,
        }
      : undefined,
  async perform(input, context) {
    await lead?.(input, context);
    return { outcome: 'changed', facts: {} };
  },
});

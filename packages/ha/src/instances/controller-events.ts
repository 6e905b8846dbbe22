import type { CampaignEvents, Finding, JournalRecord, Outcome, Plan, Refusal } from '@groundcrew/runbook';
import type { Decision, HostLeftBehind } from './decision.ts';
import type { RefusedObservation } from './observe-hosts.ts';
import type { Situation } from './situation.ts';

/**
 * Events of a controller, by name. `trouble` reports a round that failed as a whole; the next round follows all the
 * same.
 */
export interface ControllerEvents extends CampaignEvents {
  /** One round, with the situation and the decision. Both together allow a replay of the round. */
  decided: [{ readonly situation: Situation; readonly decision: Decision }];
  /** Servers that should run elsewhere and do not, each with what it waits for; emitted in every round while that holds. */
  'left-behind': [{ readonly hosts: readonly HostLeftBehind[] }];
  /** Observations that did not count: they could not be read, or were in another observer's name. */
  refused: [{ readonly observations: readonly RefusedObservation[] }];
  /**
   * Traces of an earlier controller that no remembered recovery explains; emitted once, when this controller begins to
   * lead.
   */
  orphans: [{ readonly findings: readonly Finding[] }];
  /** The controller would act and does not: it only observes, nobody approved, or no plan can be made. */
  declined: [{ readonly host: string; readonly refusals: readonly Refusal[] }];
  /** A run of a plan begins, or resumes after a crash. */
  started: [
    { readonly host: string; readonly purpose: Purpose; readonly plan: Plan; readonly journal: string },
  ];
  record: [{ readonly host: string; readonly purpose: Purpose; readonly record: JournalRecord }];
  ended: [{ readonly host: string; readonly purpose: Purpose; readonly outcome: Outcome }];
}

export type Purpose = 'recover' | 'return';

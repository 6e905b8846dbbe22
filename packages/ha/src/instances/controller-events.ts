import type { CampaignEvents, Finding, JournalRecord, Outcome, Plan, Refusal } from '@groundcrew/runbook';
import type { Decision, HostLeftBehind } from './decision.ts';
import type { RefusedObservation } from './observe-hosts.ts';
import type { Situation } from './situation.ts';

/** What a controller tells, by event name. `trouble`: a round that failed as a whole; the next one comes all the same. */
export interface ControllerEvents extends CampaignEvents {
  /** One round: all that was seen, and what follows from it. Keep both, and the round can be replayed. */
  decided: [{ readonly situation: Situation; readonly decision: Decision }];
  /** Servers that ought to run elsewhere and do not, each with what it waits for; told in every round as long as it is so. */
  'left-behind': [{ readonly hosts: readonly HostLeftBehind[] }];
  /** Observations that did not count: they could not be read, or were in another observer's name. */
  refused: [{ readonly observations: readonly RefusedObservation[] }];
  /** What an earlier one left behind that nothing remembered accounts for; told once, when it begins to lead. */
  orphans: [{ readonly findings: readonly Finding[] }];
  /** It would act, and does not: it only observes, nobody approved, or no plan can be made. */
  declined: [{ readonly host: string; readonly refusals: readonly Refusal[] }];
  /** A plan begins, or goes on after a crash. */
  started: [
    { readonly host: string; readonly purpose: Purpose; readonly plan: Plan; readonly journal: string },
  ];
  record: [{ readonly host: string; readonly purpose: Purpose; readonly record: JournalRecord }];
  ended: [{ readonly host: string; readonly purpose: Purpose; readonly outcome: Outcome }];
}

export type Purpose = 'recover' | 'return';

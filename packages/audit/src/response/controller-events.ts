import type { Finding } from '@groundcrew/ground';
import type { CampaignEvents, JournalRecord, Outcome, Plan, Refusal } from '@groundcrew/runbook';
import type { ResponseDecision } from './decide.ts';

/**
 * The events of a controller of responses. `trouble`: a round, a question or an account failed; the next round comes
 * nevertheless.
 */
export interface ResponseControllerEvents extends CampaignEvents {
  /** One round: what was found, and what follows from it by the policy. */
  decided: [{ readonly findings: readonly Finding[]; readonly decision: ResponseDecision }];
  /** Somebody is asked whether this is to be done. */
  asked: [{ readonly plan: Plan }];
  /** The question is withdrawn: the finding was mended or changed, or another controller leads. */
  withdrawn: [{ readonly plan: Plan }];
  /** It would act, and does not: nobody approved (then with the plan), or no plan can be made. Told when it changes. */
  declined: [{ readonly plan?: Plan; readonly refusals: readonly Refusal[] }];
  /** A plan begins, or goes on after a crash. */
  started: [{ readonly plan: Plan; readonly journal: string; readonly by: string }];
  record: [{ readonly journal: string; readonly record: JournalRecord }];
  ended: [{ readonly plan: Plan; readonly journal: string; readonly outcome: Outcome }];
}

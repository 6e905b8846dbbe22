import type { CampaignEvents, JournalRecord, Outcome, Plan, Refusal } from '@groundcrew/runbook';
import type { ScheduleDecision } from './decide-schedule.ts';
import type { ScheduledWork } from './schedule-memory.ts';

/**
 * Events of a controller of backups, by name. `trouble`: a round, a journal or the state failed as a whole; the next round follows all
 * the same. What is stored meanwhile, byte by byte, the repository tells (`repository.events`).
 */
export interface BackupControllerEvents extends CampaignEvents {
  /** One round: what begins, what is due and does not begin, each with the reason, and when time alone changes that. */
  decided: [{ readonly at: string; readonly decision: ScheduleDecision }];
  /** Something was to be done, and is not: no plan could be made, or more would be forgotten than the policy approves. */
  declined: [ScheduledWork & { readonly refusals: readonly Refusal[] }];
  /** A run of a plan begins, or goes on after a crash. */
  started: [ScheduledWork & { readonly plan: Plan; readonly journal: string }];
  record: [ScheduledWork & { readonly record: JournalRecord }];
  /** A recovery point is there. Told at least once: after a crash perhaps again. */
  stored: [StoredPoint];
  ended: [ScheduledWork & { readonly outcome: Outcome }];
}

/** What a backup has stored. */
export interface StoredPoint {
  /** As its policy names it. */
  readonly project: string;
  /** The point's id. */
  readonly point: string;
  /** `partial`: something could not be seen or read; the point says what. */
  readonly completeness: 'complete' | 'partial';
  readonly gaps: number;
  readonly bytes: number;
}

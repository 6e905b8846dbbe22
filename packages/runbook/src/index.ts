export {
  type Action,
  action,
  type ActionSpec,
  type Handlers,
  implement,
  type Implementation,
} from './action.ts';
export type { RollbackClass, StepContext, StepOptions } from './action.ts';
export { campaign, type CampaignEmitter, type CampaignEvents, type Turn } from './campaign.ts';
export { type Clock, GroundcrewError, InputError, isGroundcrewError, systemClock } from '@groundcrew/ground';
export { definePlan, type PlanSpec } from './define-plan.ts';
export { type Change, type Changed, diffPlans, type ListDiff, type PlanDiff } from './diff-plans.ts';
export { estimateOf, type PlanEstimate } from './estimate.ts';
export { explain, type ExplainOptions } from './explain.ts';
export { explainDiff } from './explain-diff.ts';
export type { ExecutionEvents, ProgressEvent, WaitingEvent } from './execution-events.ts';
export type { Execution } from './execution.ts';
export { PlanError, RunbookError } from './errors.ts';
export { fileJournal, type FileJournalOptions } from './file-journal.ts';
export { fileLease, type FileLease, type FileLeaseOptions, type HeldFileLease } from './file-lease.ts';
export {
  type Evidence,
  type Finding,
  finding,
  overall,
  type Severity,
  type Subject,
  type Tally,
  tally,
  type Verdict,
  worstFirst,
} from '@groundcrew/ground';
export type {
  CommandOptions,
  CommandResult,
  DownloadOptions,
  Host,
  OutputLine,
  Revealable,
  UploadOptions,
} from './host.ts';
export { JournalCorruptError, JournalError, LeaseHeldError, LeaseLostError } from './journal-errors.ts';
export type { Journal, JournalEvent, JournalRecord, OpenJournal, OpenOptions } from './journal.ts';
export { type Json, NotJsonError } from './json.ts';
export { lead, type Leadership, type LeadOptions } from './lead.ts';
export type { AcquireOptions, HeldLease, Lease } from './lease.ts';
export { memoryJournal } from './memory-journal.ts';
export {
  isUnfinished,
  type Outcome,
  type OutcomeFacts,
  type StepCounts,
  type StepFailure,
  type StepState,
} from './outcome.ts';
export { parsePlan } from './parse-plan.ts';
export type { Concurrency, Estimate, Gate, Plan, Step, Target } from './plan.ts';
export { pointsOfNoReturn } from './points-of-no-return.ts';
export { type Proof, type Prover, prover } from './proof.ts';
export { planned, type Planned, type Refusal, refused } from './refusal.ts';
export { rehearse, type RehearseOptions, type Rehearsal, type RehearsedStep } from './rehearse.ts';
export { replay, type RunState, type StepMemory } from './replay.ts';
export type { RunOptions } from './run-options.ts';
export { run } from './run.ts';
export type { RunRefusal, RunRefusalCode } from './start-refusals.ts';
export { readInput, readOutput, StepDataError } from './step-data.ts';
export { fileState, memoryState, type State, StateCorruptError } from './state.ts';
export { unseen, type UnseenSubject } from '@groundcrew/ground';

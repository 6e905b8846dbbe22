export {
  type Action,
  action,
  type ActionSpec,
  type StepHandlers,
  implement,
  type Implementation,
} from './plan/action.ts';
export type { StepContext, StepOptions } from './plan/action.ts';
export {
  campaign,
  type CampaignEmitter,
  type CampaignEvents,
  type LeadershipTerm,
} from './lease/campaign.ts';
export { type Clock, GroundcrewError, InputError, isGroundcrewError, systemClock } from '@groundcrew/ground';
export { definePlan, type PlanSpec } from './plan/define-plan.ts';
export { type Change, type Changed, diffPlans, type ListDiff, type PlanDiff } from './plan/diff-plans.ts';
export { estimateOf, type PlanEstimate } from './plan/estimate.ts';
export { explain, type ExplainOptions } from './plan/explain.ts';
export { explainDiff } from './plan/explain-diff.ts';
export type { ExecutionEvents, ProgressEvent, WaitingEvent } from './running/execution-events.ts';
export type { Execution } from './running/execution.ts';
export { PlanError, RunbookError } from './errors.ts';
export { fileJournal, type FileJournalOptions } from './journal/file-journal.ts';
export { fileLease, type FileLease, type FileLeaseOptions, type HeldFileLease } from './lease/file-lease.ts';
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
  CommandStop,
  DownloadOptions,
  Host,
  OutputLine,
  Revealable,
  HostUploadOptions,
} from './hosts/host.ts';
export {
  JournalCorruptError,
  JournalError,
  LeaseHeldError,
  LeaseLostError,
} from './journal/journal-errors.ts';
export type { Journal, JournalEvent, JournalRecord, OpenJournal, OpenOptions } from './journal/journal.ts';
export { type Json, NotJsonError } from './json.ts';
export { lead, type Leadership, type LeadOptions } from './lease/lead.ts';
export type { AcquireOptions, FencedLease, HeldLease, Lease } from './lease/lease.ts';
export { memoryJournal } from './journal/memory-journal.ts';
export {
  isUnfinished,
  type Outcome,
  type OutcomeFacts,
  type StepCounts,
  type StepFailure,
  type StepState,
} from './running/outcome.ts';
export { parsePlan } from './plan/parse-plan.ts';
export type { Concurrency, Estimate, Gate, Plan, RollbackClass, Step, Target } from './plan/plan.ts';
export { pointsOfNoReturn } from './plan/points-of-no-return.ts';
export { type Proof, type Prover, prover } from './plan/proof.ts';
export { planned, type Planned, type Refusal, refused } from './plan/refusal.ts';
export { rehearse, type RehearseOptions, type Rehearsal, type RehearsedStep } from './running/rehearse.ts';
export { replay } from './journal/replay.ts';
export type { RunState, StepMemory } from './journal/run-state.ts';
export {
  type KeptRun,
  type MemoryOfRuns,
  RunKeeper,
  type RunKeeperOptions,
  type RunListener,
  type RunningRun,
} from './running/run-keeper.ts';
export type { RunOptions } from './running/run-options.ts';
export { run } from './running/run.ts';
export type { RunRefusal, RunRefusalCode } from './running/start-refusals.ts';
export { readInput, readOutput, StepDataError } from './plan/step-data.ts';
export { fileState, memoryState, type State, StateCorruptError } from './journal/state.ts';
export { unseen, type UnseenSubject } from '@groundcrew/ground';

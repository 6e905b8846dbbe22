export { Board, type BoardClock, type BoardFault, type Power } from './bmc/boards.ts';
export {
  type ListenBmcsOptions,
  simulateBmcs,
  type SimulateBmcsOptions,
  type SimulatedBmcs,
} from './bmc/simulate-bmcs.ts';
export { virtualClock, VirtualClock, type VirtualClockOptions } from './clock.ts';
export { type Duration, milliseconds } from '@groundcrew/ground';
export { ConnectionReset } from './connection-reset.ts';
export { type QueueOptions, simulateCloud, SimulatedCloud } from './cloud.ts';
export type { Guests } from './services/compute/guests.ts';
export type { NotificationFormat } from './services/compute/notifications/notification-format.ts';
export type {
  NotificationBatch,
  NotificationQueue,
} from './services/compute/notifications/notification-queue.ts';
export type { ArchiveOptions, NovaManage } from './services/compute/nova-manage.ts';
export { SimulatedBackupStore } from './services/block-storage/backup-store.ts';
export type { FailingJob } from './services/block-storage/job-failures.ts';
export type {
  FailingJobs,
  SimulatedDevice,
  VolumeContents,
  VolumeFill,
} from './services/block-storage/volume-contents.ts';
export type { SimulatedObjects, SimulatedPlace } from './services/object-store/objects-handle.ts';
export type { SimulateOptions } from './simulate-options.ts';
export type { CloudLogs, LogsWritten } from './logs/cloud-logs.ts';
export type { ProcessLog } from './logs/process-log.ts';
export type { Unrecorded } from './replay/replay.ts';
export { type Coverage, coverage } from './coverage.ts';
export type { Listening, ListenOptions } from './transports/socket.ts';
export {
  type ActiveFault,
  corrupt,
  type FaultReply,
  type FaultScript,
  hang,
  htmlPage,
  latency,
  odd,
  reset,
  revokeToken,
  slow,
  status,
  truncate,
} from './faults.ts';
export { type OddAnswer, oddAnswers } from './odd-answers.ts';
export { type Release, releaseOf, releases } from './releases.ts';
export type { RequestFilter } from './request-filter.ts';
export type { RequestRecord } from './request-record.ts';
export { RequestLog, UnexpectedRequestError } from './requests.ts';
export { type ScenarioName, scenarios } from './scenarios/all.ts';
export type { Settings, Timing, SimState } from './sim-state.ts';

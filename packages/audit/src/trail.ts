export { type AnchorOptions, type Anchors, anchorTrail, fileAnchors } from './trail/anchor.ts';
export { type Attribution, type Leg } from './trail/attribute.ts';
export type { WhoQuestion } from './trail/who-question.ts';
export { type Checkpoint, parseCheckpoint } from './trail/checkpoint.ts';
export { ed25519Signer, keyIdOf, type Signer } from '@groundcrew/ground/signatures';
export { decode, type DecodeOptions } from './trail/decode/decode.ts';
export type { ChangeReason } from './trail/maintenance-events.ts';
export {
  type Actor,
  type AuditEvent,
  auditEvent,
  type AuditSink,
  type EventOutcome,
  type EventTarget,
} from './trail/event.ts';
export { type CadfEvent, toCadf } from './trail/export/cadf.ts';
export { type ExportFormat, exportTrail } from './trail/export/export.ts';
export { type OcsfApiActivity, toOcsf } from './trail/export/ocsf.ts';
export { ingest, type Ingested, type IngestOptions, type Oddity, withoutReads } from './trail/ingest.ts';
export {
  image,
  securityGroup,
  securityGroupRule,
  server,
  thing,
  type TrailQuery,
  type TrailRecord,
  volume,
} from './trail/query.ts';
export type { RedactablePart } from './trail/record.ts';
export {
  type Batch,
  type EventSource,
  fileSource,
  type FileSourceOptions,
} from '@groundcrew/monitoring/events';
export { instanceActions } from './trail/sources/instance-actions.ts';
export { sqliteStore, type SqliteStoreOptions } from './trail/store/sqlite.ts';
export { StoreError } from './trail/store/store-error.ts';
export type { TrailStore } from './trail/store/store.ts';
export {
  type Appended,
  openTrail,
  type RedactOptions,
  type RetireRecordsOptions,
  type Trail,
  type TrailOptions,
} from './trail/trail.ts';
export { TrailError } from './trail/trail-error.ts';
export type { VerifyOptions } from './trail/verify.ts';
export type { BadRecord, Verification } from './trail/walk.ts';

export type {
  ArgumentsOf,
  EntityOf,
  Method,
  ResourceClient,
  ServiceClient,
  StateOf,
  VersionOf,
} from './call/client.ts';
export type { CallOptions, DeleteOptions, FindOptions, WaitOptions } from './options/call-options.ts';
export { type Clock, systemClock } from '@groundcrew/ground';
export { type Cloud, connect } from './cloud.ts';
export type { ConnectOptions } from './config/connect-options.ts';
export type { AuthEntry, AuthType, CloudEntry, Interface } from './config/cloud-entry.ts';
export {
  type AuthOptions,
  listClouds,
  loadCloud,
  type LoadOptions,
  type ConfigSources,
} from './config/load.ts';
export type { VersionsOptions } from './discovery/discovery.ts';
export type { ApiVersion } from './discovery/version-document.ts';
export type { CatalogEndpoint, CatalogService, Catalog } from './auth/catalog.ts';
export type { Token } from './auth/token.ts';
export {
  isAmbiguous,
  isAuthError,
  isBadRequest,
  isBodyLimitError,
  isConfigError,
  isConflict,
  isConnectionError,
  isDecodeError,
  isEndpointError,
  isForbidden,
  isGroundcrewError,
  isHttpError,
  isInputError,
  isIntegrityError,
  isMicroversionError,
  isNotFound,
  isOverLimit,
  isPaginationError,
  isRateLimited,
  isServerError,
  isStallError,
  isTimeout,
  isUnauthorized,
  isWaitError,
} from './errors/guards.ts';
export { unlessGone } from './errors/unless-gone.ts';
export {
  AmbiguousError,
  AuthError,
  BodyLimitError,
  CallError,
  type CallFacts,
  ConfigError,
  ConnectionError,
  DecodeError,
  EndpointError,
  type EndpointReason,
  GroundcrewError,
  HttpError,
  type HttpErrorOf,
  InputError,
  IntegrityError,
  MicroversionError,
  NotFoundError,
  PaginationError,
  StallError,
  TimeoutError,
  WaitError,
} from './errors/errors.ts';
export type { HttpErrorCode } from './errors/http-error-code.ts';
export type {
  AbortEvent,
  CloudEvents,
  FailureEvent,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  TokenEvent,
  UnansweredEvent,
  WaitEvent,
} from './telemetry/events.ts';
export { type Fault, parseFault } from './errors/fault.ts';
export type {
  AttemptEnd,
  AttemptFollower,
  AttemptStart,
  Instrumentation,
} from './telemetry/instrumentation.ts';
export { type AtLeast, compareMicroversions, isMicroversion } from './record/microversion.ts';
export type { Completeness, Gap, Observed } from '@groundcrew/ground';
export { joinLists } from './observed/join-lists.ts';
export { mapList } from './observed/map-list.ts';
export { gapOf, observe, observeList, type ObserveOptions } from './observed/observed.ts';
export {
  isIdempotent,
  type MicroversionHeaders,
  operation,
  type OperationSpec,
  type PageStyle,
  resource,
  type ResourceSpec,
  routeOf,
  service,
  type ServiceSpec,
  type Settling,
  slotsOf,
  type Verb,
} from './record/operation.ts';
export type { ImageData, ImageSource, Uploaded, UploadOptions } from './services/image/data.ts';
export type {
  ObjectData,
  ObjectSource,
  ObjectUploadOptions,
  UploadedObject,
} from './services/object-store/data.ts';
export type {
  DownloadRange,
  ObjectDownloadOptions,
  ObjectPlace,
} from './services/object-store/object-transfer.ts';
export type { TransferOptions } from './transfer/transfer-options.ts';
export type { RawAnswer, RawRequest } from './call/raw-request.ts';
export { type Records, records } from './services/records.ts';
export type { Scope } from './auth/scoped-entry.ts';
export type { Listed, Services } from './services/services.ts';
export { Secret } from '@groundcrew/ground';
export {
  answer,
  args,
  changes,
  type Fields,
  type InputAt,
  isShape,
  isVersioned,
  type Strictness,
  type OutputAt,
  type Schema,
  schemaAt,
  type Shape,
  since,
  type ShapeStep,
  until,
  type Versioned,
} from './record/shape.ts';
export { extra, type Known, type KnownOf, known, tolerant } from './record/tolerant.ts';
export { Timestamp, toUtc } from './record/timestamp.ts';
export { observeAllProjects, type Visibility, visibilityOf } from './observed/visibility.ts';
export type { ReadOptions } from '@groundcrew/ground';

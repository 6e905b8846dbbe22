export type {
  CheckDataOptions,
  Engine,
  EngineCapabilities,
  EngineCheck,
  EngineOptions,
  EngineReadOptions,
  GetOptions,
  ListOptions,
  PutOptions,
  StoredStream,
  StreamList,
  StreamRef,
  StreamTags,
} from './repository/engine.ts';
export { openRepository } from './repository/open-repository.ts';
export type {
  BrokenPoint,
  PointGap,
  PointList,
  PointStream,
  RecoveryPoint,
  StrayStreams,
  UnreadableManifest,
} from './repository/point.ts';
export type {
  BackupRepository,
  CheckRepositoryOptions,
  PointContent,
  PointDraft,
  PointWriter,
  ReadStreamOptions,
  RepositoryCheck,
  RepositoryEvents,
  StreamOptions,
} from './repository/repository.ts';
export {
  isRepositoryError,
  RepositoryError,
  type RepositoryErrorCode,
  type RepositoryLock,
} from './repository/repository-error.ts';
export type { RepositoryOptions } from './repository/repository-options.ts';
export { restic, type ResticOptions } from './repository/restic/restic.ts';

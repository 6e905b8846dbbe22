import { GroundcrewError } from '@groundcrew/ground';

export type RepositoryErrorCode =
  /** The password opens none of the repository's keys. Of a key file that is damaged the engine says the same. */
  | 'wrong-password'
  /** There is none at that place, which was reached. */
  | 'no-repository'
  | 'repository-exists'
  /** Others are at work in it; `lock` says who. */
  | 'repository-locked'
  /** Its storage has no room. */
  | 'repository-full'
  /** The machine that works on it has no room for temporary files. */
  | 'workspace-full'
  /** Something of it is missing, or is not what was written. */
  | 'repository-damaged'
  /** A newer release of the engine wrote it, in a format that this one does not know. */
  | 'repository-newer'
  /** Its storage did not answer, or let nobody in. */
  | 'repository-unreachable'
  | 'stream-missing'
  /** The engine stored another number of bytes than it was given. */
  | 'stream-cut'
  | 'engine-missing'
  | 'engine-too-old'
  /** It was ended by somebody else. */
  | 'engine-killed'
  /** Anything else; the message has its words. */
  | 'engine-failed'
  /** The repository was opened to be read only. */
  | 'read-only'
  /** This side has closed it. */
  | 'repository-closed'
  | 'point-exists'
  | 'point-missing'
  /** Somebody writes it, or restores from it. */
  | 'point-in-use'
  /** Something of a recovery point is gone. */
  | 'point-broken'
  /** What was planned does not fit any more. */
  | 'plan-stale';

/** Who holds a repository. */
export interface RepositoryLock {
  readonly host: string;
  readonly pid: number;
  readonly user: string;
  /** Whether nobody else may do anything meanwhile. */
  readonly exclusive: boolean;
}

/** A backup repository, or the program that keeps it, did not do what was asked of it. */
export class RepositoryError extends GroundcrewError {
  readonly code: RepositoryErrorCode;
  /** Who holds it, of `repository-locked`, where that was told. */
  readonly lock: RepositoryLock | undefined;

  constructor(
    code: RepositoryErrorCode,
    message: string,
    options: {
      readonly remedy?: string | undefined;
      readonly lock?: RepositoryLock | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { remedy: options.remedy, cause: options.cause });
    this.code = code;
    this.lock = options.lock;
  }
}

/** Tells whether something is a failure of a repository, of this kind if one is named. */
export const isRepositoryError = (error: unknown, code?: RepositoryErrorCode): error is RepositoryError =>
  error instanceof Error &&
  error.name === 'RepositoryError' &&
  (code === undefined || (error as RepositoryError).code === code);

import { type GroundcrewError, isGroundcrewError } from '@groundcrew/ground';
import type {
  AmbiguousError,
  AuthError,
  BodyLimitError,
  ConfigError,
  ConnectionError,
  DecodeError,
  EndpointError,
  HttpError,
  HttpErrorOf,
  InputError,
  IntegrityError,
  MicroversionError,
  NotFoundError,
  PaginationError,
  StallError,
  TimeoutError,
  WaitError,
} from './errors.ts';

export { isGroundcrewError } from '@groundcrew/ground';

/**
 * There is no such thing: the service itself says so (404 or 410, in a form that services have), at a URL where a version
 * document or a probe showed it to be; or `find` had no result. A 404 of a proxy, or below a URL that nothing confirmed, is
 * an `isHttpError` with `status` 404 only: what a wrong URL answers proves nothing.
 */
export const isNotFound = (error: unknown): error is HttpErrorOf<'not-found'> | NotFoundError =>
  hasCode(error, 'not-found');
/** 409: another change came first, or the state does not allow it. */
export const isConflict = (error: unknown): error is HttpErrorOf<'conflict'> => hasCode(error, 'conflict');
/** 403 because the role does not allow it. */
export const isForbidden = (error: unknown): error is HttpErrorOf<'forbidden'> => hasCode(error, 'forbidden');
/** 401 that a new token did not cure. */
export const isUnauthorized = (error: unknown): error is HttpErrorOf<'unauthorized'> =>
  hasCode(error, 'unauthorized');
/** 400: the service rejects the arguments. */
export const isBadRequest = (error: unknown): error is HttpErrorOf<'bad-request'> =>
  hasCode(error, 'bad-request');
/** 403 or 413 because a quota is used up. */
export const isOverLimit = (error: unknown): error is HttpErrorOf<'over-limit'> =>
  hasCode(error, 'over-limit');
/** 429. */
export const isRateLimited = (error: unknown): error is HttpErrorOf<'rate-limited'> =>
  hasCode(error, 'rate-limited');
/** 5xx. */
export const isServerError = (error: unknown): error is HttpErrorOf<'server-error'> =>
  hasCode(error, 'server-error');
/** Any status that is no success. */
export const isHttpError = (error: unknown): error is HttpError =>
  isGroundcrewError(error) && 'status' in error && 'fault' in error;
export const isAuthError = (error: unknown): error is AuthError => hasCode(error, 'auth');
export const isConfigError = (error: unknown): error is ConfigError => hasCode(error, 'config');
/** Arguments or options that an operation does not take. The data of a plan's step have an error of their own. */
export const isInputError = (error: unknown): error is InputError =>
  hasCode(error, 'input') && 'operation' in error;
export const isEndpointError = (error: unknown): error is EndpointError => hasCode(error, 'endpoint');
export const isMicroversionError = (error: unknown): error is MicroversionError =>
  hasCode(error, 'microversion');
/** Refused, reset, no such host, or a certificate that does not verify. */
export const isConnectionError = (error: unknown): error is ConnectionError =>
  hasCode(error, 'unreachable') || hasCode(error, 'certificate');
/** No answer to a call in time. A step of a run that takes too long has an error of its own. */
export const isTimeout = (error: unknown): error is TimeoutError =>
  hasCode(error, 'timeout') && 'requestIds' in error;
/** An answer that is larger than `maxBody` allows. */
export const isBodyLimitError = (error: unknown): error is BodyLimitError => hasCode(error, 'too-large');
export const isDecodeError = (error: unknown): error is DecodeError => hasCode(error, 'decode');
export const isPaginationError = (error: unknown): error is PaginationError => hasCode(error, 'pagination');
export const isAmbiguous = (error: unknown): error is AmbiguousError => hasCode(error, 'ambiguous');
export const isWaitError = (error: unknown): error is WaitError =>
  hasCode(error, 'wait-failed') || hasCode(error, 'wait-timeout');
/** A transfer in which no byte moved for too long. */
export const isStallError = (error: unknown): error is StallError => hasCode(error, 'stalled');
export const isIntegrityError = (error: unknown): error is IntegrityError => hasCode(error, 'integrity');

const hasCode = (error: unknown, code: string): error is GroundcrewError =>
  isGroundcrewError(error) && error.code === code;

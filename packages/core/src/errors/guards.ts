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
 * Whether a thing does not exist: the service itself says so (404 or 410, in a form that services have), at a URL where a version
 * document or a probe showed it to be; or `find` had no result. A 404 of a proxy, or below a URL that nothing confirmed, is
 * an `isHttpError` with `status` 404 only: what a wrong URL answers proves nothing.
 */
export const isNotFound = (error: unknown): error is HttpErrorOf<'not-found'> | NotFoundError =>
  hasCode(error, 'not-found');
/** Whether the service answered 409: another change came first, or the state does not allow it. */
export const isConflict = (error: unknown): error is HttpErrorOf<'conflict'> => hasCode(error, 'conflict');
/** Whether the service answered 403 because the role does not allow the call. */
export const isForbidden = (error: unknown): error is HttpErrorOf<'forbidden'> => hasCode(error, 'forbidden');
/** Whether the service answered 401 to a new token as well. */
export const isUnauthorized = (error: unknown): error is HttpErrorOf<'unauthorized'> =>
  hasCode(error, 'unauthorized');
/** Whether the service answered 400: it rejects the arguments. */
export const isBadRequest = (error: unknown): error is HttpErrorOf<'bad-request'> =>
  hasCode(error, 'bad-request');
/** Whether the service refused because a quota is used up (403, 409 or 413). */
export const isOverLimit = (error: unknown): error is HttpErrorOf<'over-limit'> =>
  hasCode(error, 'over-limit');
/** Whether the service answered 429 to the last attempt as well. */
export const isRateLimited = (error: unknown): error is HttpErrorOf<'rate-limited'> =>
  hasCode(error, 'rate-limited');
/** Whether the service answered with a status from 500 on. */
export const isServerError = (error: unknown): error is HttpErrorOf<'server-error'> =>
  hasCode(error, 'server-error');
/** Whether a service answered with any status that is no success. */
export const isHttpError = (error: unknown): error is HttpError =>
  isGroundcrewError(error) && 'status' in error && 'fault' in error;
/** Whether Keystone refused the credentials. */
export const isAuthError = (error: unknown): error is AuthError => hasCode(error, 'auth');
/** Whether a configuration cannot be used. */
export const isConfigError = (error: unknown): error is ConfigError => hasCode(error, 'config');
/** Whether arguments or options are not those that an operation takes. The data of a plan's step have an error of their own. */
export const isInputError = (error: unknown): error is InputError =>
  hasCode(error, 'input') && 'operation' in error;
/** Whether a service has no usable endpoint; `reason` says why. */
export const isEndpointError = (error: unknown): error is EndpointError => hasCode(error, 'endpoint');
/** Whether the service does not have the microversion that was asked for, or answered in another. */
export const isMicroversionError = (error: unknown): error is MicroversionError =>
  hasCode(error, 'microversion');
/** Whether no answer came: refused, reset, no such host, or a certificate that does not verify. */
export const isConnectionError = (error: unknown): error is ConnectionError =>
  hasCode(error, 'unreachable') || hasCode(error, 'certificate');
/** Whether no answer to a call came in time. A step of a run that takes too long has an error of its own. */
export const isTimeout = (error: unknown): error is TimeoutError =>
  hasCode(error, 'timeout') && 'requestIds' in error;
/** Whether an answer is larger than `maxBody` allows. */
export const isBodyLimitError = (error: unknown): error is BodyLimitError => hasCode(error, 'too-large');
/** Whether an answer does not fit its record. */
export const isDecodeError = (error: unknown): error is DecodeError => hasCode(error, 'decode');
/** Whether a list cannot be read to its end. */
export const isPaginationError = (error: unknown): error is PaginationError => hasCode(error, 'pagination');
/** Whether `find` found more than one thing. */
export const isAmbiguous = (error: unknown): error is AmbiguousError => hasCode(error, 'ambiguous');
/** Whether a wait ended without its state. */
export const isWaitError = (error: unknown): error is WaitError =>
  hasCode(error, 'wait-failed') || hasCode(error, 'wait-timeout');
/** Whether a transfer ended because no byte moved for too long. */
export const isStallError = (error: unknown): error is StallError => hasCode(error, 'stalled');
/** Whether the bytes that arrived are not the bytes that were sent. */
export const isIntegrityError = (error: unknown): error is IntegrityError => hasCode(error, 'integrity');

const hasCode = (error: unknown, code: string): error is GroundcrewError =>
  isGroundcrewError(error) && error.code === code;

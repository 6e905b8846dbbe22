import type { Fault } from './fault.ts';

/** The code of an `HttpError`; `http` if its status has no code of its own. */
export type HttpErrorCode =
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'over-limit'
  | 'rate-limited'
  | 'server-error'
  | 'http';

/**
 * A used-up quota has no status of its own: Nova says 403 `Quota exceeded for …`, Cinder 413 `overLimit`, Neutron
 * 409 `OverQuota`, Keystone and Glance 403 or 413, Octavia 403 `Quota has been met for …` (`QuotaException`), Designate 413
 * `over_quota`.
 */
const isQuota = (status: number, fault: Fault): boolean =>
  (status === 403 || status === 409 || status === 413) &&
  (/over_?limit|over_?quota/i.test(fault.type ?? '') ||
    /quota exceeded|exceeded for quota|over ?limit|quota has been met/i.test(fault.message));

/** The code of a status, by which the guards decide. */
export function codeOf(status: number, fault: Fault, isConfirmed: boolean): HttpErrorCode {
  if (isQuota(status, fault)) return 'over-limit';
  switch (status) {
    case 400:
      return 'bad-request';
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
    case 410:
      // Whoever sees `not-found` calls a thing gone: it must be the service that says so.
      return isConfirmed ? 'not-found' : 'http';
    case 409:
      return 'conflict';
    case 413:
      return 'over-limit';
    case 429:
      return 'rate-limited';
    default:
      return status >= 500 ? 'server-error' : 'http';
  }
}

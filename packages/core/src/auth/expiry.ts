import { toUtc } from '../record/timestamp.ts';

/**
 * The time at which a token expires, on the client's clock, which may be hours from Keystone's.
 *
 * What counts is how long the token still lives, and Keystone's own clock tells that: by the `Date` header of its
 * answer, or, of a token just made, by `issued_at` (some servers send no `Date`). A lifetime that comes out as
 * nothing is no reason to renew at every call: then the expiry is unknown, and a 401 will tell.
 *
 * @returns milliseconds since 1970
 */
export function expiryOf(token: {
  readonly expires_at?: string | null | undefined;
  /** Only of a token just made: when, on Keystone's clock. */
  readonly issued_at?: string | undefined;
  /** The `Date` header of the answer. */
  readonly date: string | null;
  /** The time at which the answer came, on the client's clock. */
  readonly receivedAt: number;
}): number | undefined {
  const expires = momentOf(token.expires_at);
  if (expires === undefined) return undefined;
  for (const now of [momentOf(token.date), momentOf(token.issued_at), token.receivedAt]) {
    if (now !== undefined && expires > now) return token.receivedAt + (expires - now);
  }
  return undefined;
}

/** From when on a token is renewed: `margin` before its end, but not before half of its life is over. */
export const renewalOf = (expiresAt: number, obtainedAt: number, margin: number): number =>
  expiresAt - Math.min(margin, (expiresAt - obtainedAt) / 2);

function momentOf(text: string | null | undefined): number | undefined {
  const moment = Date.parse(toUtc(text ?? ''));
  return Number.isNaN(moment) ? undefined : moment;
}

/**
 * Milliseconds that `Retry-After` asks for: whole seconds or an HTTP date (RFC 9110 §10.2.3). What is neither is no value:
 * V8's `Date.parse` takes "1.5", and "Mon 1.5" as well, for a day of 2001, and so for "at once".
 */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  const at = httpDate(value);
  return at === undefined ? undefined : Math.max(0, at - now);
}

/** An HTTP date (RFC 9110, 5.6.7), also in its two obsolete forms, of which asctime's is in UTC without saying so. */
function httpDate(text: string): number | undefined {
  const utc = ASCTIME.test(text) ? `${text} GMT` : IMF_FIXDATE.test(text) || RFC_850.test(text) ? text : '';
  const at = Date.parse(utc);
  return Number.isNaN(at) ? undefined : at;
}

const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC_850 = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

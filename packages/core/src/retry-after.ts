/**
 * Milliseconds that `Retry-After` asks for: whole seconds or an HTTP date (RFC 9110 §10.2.3). What is neither is no value:
 * V8's `Date.parse` takes "1.5" for a day of 2001, and so for "at once".
 */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  if (!HTTP_DATE.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, and the two obsolete forms, which begin with the day as well. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? /;

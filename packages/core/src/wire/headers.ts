import { hasControls } from '@groundcrew/ground';
import { InputError } from '../errors/errors.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * Merges sets of headers, by names without case (RFC 9110, 5.1): of a name that two of them have the later one's
 * value counts. `fetch` would join both into `mine, theirs`.
 */
export function mergedHeaders(...sets: readonly (Headers | undefined)[]): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const set of sets) {
    if (set === undefined) continue;
    for (const [name, value] of Object.entries(set)) merged[name.toLowerCase()] = value;
  }
  return merged;
}

/**
 * Refuses what no header can carry: `fetch` would say that the service is unreachable, and quote the value, which may be a
 * token with a line feed at its end.
 *
 * @throws InputError, which names the header and shows nothing of it
 */
export function assertSendable(headers: Headers, operation: string): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) {
      throw new InputError(`${operation}: headers: ${JSON.stringify(name)} is no name of a header`, {
        field: 'headers',
        operation,
      });
    }
    const why = headerFault(value);
    if (why === undefined) continue;
    throw new InputError(`${operation}: headers.${name}: ${why}`, {
      field: `headers.${name}`,
      operation,
      remedy: TRIM,
    });
  }
}

/** Whether a header can have this name. */
export const isHeaderName = (name: string): boolean => TOKEN.test(name);

/** The remedy for a value that no header can carry. */
export const TRIM = 'A value that was read from a file often ends with a line feed: trim it.';

/** The reason why no header can carry a value; `undefined` if one can. Shows nothing of it. */
export function headerFault(value: unknown): string | undefined {
  if (typeof value !== 'string')
    return `a header is text, and this is ${value === null ? 'null' : typeof value}`;
  // Nearly all are of this kind, and every request has several.
  if (PRINTABLE.test(value)) return undefined;
  // RFC 9110, 5.5: visible characters, blanks and tabs; `fetch` takes bytes above them as Latin-1, and so also those that
  // Unicode calls controls, which are parts of letters in UTF-8.
  if (hasControls(value.replaceAll(/[\t\u0080-\u009F]/g, '')))
    return 'has a line feed or another control character';
  return /[\u0100-\uFFFF]/.test(value) ? 'has a character that no header can carry' : undefined;
}

const PRINTABLE = /^[\t\u0020-\u007E]*$/;

/** RFC 9110, 5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

import { maskText } from '@groundcrew/ground';
import type { LogRecord } from '../parse.ts';

/** The first thing that went wrong in a service, by its own words: a message at ERROR or above, or a traceback at any level. */
export interface SpanFailure {
  /** ISO 8601, UTC, by the clock of its host; `undefined` if the record has no time that can be read. */
  readonly at: string | undefined;
  readonly level: LogRecord['level'];
  readonly logger: string;
  /** The first line, without secrets, at most 500 characters. */
  readonly message: string;
  /** `nova.exception.NoValidHost: No valid host was found.`: what the traceback ends with, or what stands in the message. */
  readonly exception: string | undefined;
  readonly requestId: string;
  /** The file, if the record tells it, and the number of the line. */
  readonly source: string | undefined;
  readonly line: number;
}

/**
 * - `failed`: it said an error, or answered 500 or above
 * - `refused`: it answered 400 to 499, and said no error
 * - `answered`: it answered, with nothing above 399
 * - `unknown`: it told neither an error nor an answer, which is no success
 */
export type SpanOutcome = 'failed' | 'refused' | 'answered' | 'unknown';

/** Tells whether a record says that something failed. */
export const isFailure = ({ level, message, more }: LogRecord): boolean =>
  level === 'error' || level === 'critical' || isTraceback(message) || more.some(isTraceback);

const isTraceback = (line: string): boolean => line.startsWith('Traceback (most recent call last)');

export function failureOf(record: LogRecord, at: string | undefined): SpanFailure {
  const { level, logger, requestId = '', source, line } = record;
  // All lines at once, since a key has lines of its own; and before anything is cut off, since half of a secret has no form.
  const [message = '', ...more] = maskText([record.message, ...record.more].join('\n')).split('\n');
  const exception = exceptionIn(message, more);
  return {
    at,
    level,
    logger,
    message: message.slice(0, LONGEST),
    exception: exception?.slice(0, LONGEST),
    requestId,
    source,
    line,
  };
}

/** A traceback ends with the exception; without one, oslo.log's `error_summary` has put it behind the message. */
function exceptionIn(message: string, more: readonly string[]): string | undefined {
  if (more.some(isTraceback) || isTraceback(message)) {
    const last = more.findLast((line) => line.trim() !== '')?.trim();
    if (last !== undefined && RAISED.test(last)) return last;
  }
  const parts = message.slice(0, LONGEST).split(': ');
  const at = parts.findIndex((part) => QUALIFIED.test(part));
  return at === -1 ? undefined : parts.slice(at).join(': ').trim();
}

const RAISED = /^[A-Za-z_][\w.]*(?::|$)/;
/** A class with its module, as `error_summary` writes it: words of a sentence have no dots inside. */
const QUALIFIED = /^(?:\w+\.)+[A-Z]\w*$/;

const LONGEST = 500;

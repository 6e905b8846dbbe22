import type { LogRecord } from './parse.ts';

/**
 * The class of the exception with which a message was logged: of its traceback, or as oslo.log adds it to the message
 * (`…: keystone.exception.Conflict: …`). `undefined` if there is none.
 */
export function exceptionOf(record: Pick<LogRecord, 'message' | 'more'>): string | undefined {
  const ofTraceback = lastException(record.more);
  if (ofTraceback !== undefined || record.more.some(isTraceback)) return ofTraceback;
  return SUMMARY.exec(record.message)?.[1];
}

/** The line behind the frames of the last traceback: what an exception says may have lines of its own after it. */
function lastException(lines: readonly string[]): string | undefined {
  const frame = lines.findLastIndex((line) => FRAME.test(line));
  if (frame === -1) return undefined;
  const line = lines.slice(frame + 1).find((next) => next !== '' && !next.startsWith(' '));
  return line === undefined ? undefined : CLASS.exec(line)?.[0];
}

export const isTraceback = (line: string): boolean => line.startsWith('Traceback (most recent call last)');

const FRAME = /^ {2}File "[^"]{0,4096}", line \d{1,9}, in /;
const CLASS = /^[A-Za-z_][\w.]{0,250}(?=:|$)/;
const SUMMARY = /: ([a-z_]\w{0,60}(?:\.\w{1,60}){1,10})(?=:|$)/;

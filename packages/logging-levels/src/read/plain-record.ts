import { requestIdsIn } from '../oslo-head.ts';
import { besideOf } from './unusual-context.ts';
import type { SaidAgain } from '../judge/judged-words.ts';
import type { LogRecord } from '../parse.ts';
import type { PlainHead } from './plain-head.ts';

/** The record of a line with a plain head, as the reader of text makes it. */
export function plainRecord(
  bytes: Buffer,
  start: number,
  end: number,
  head: PlainHead,
  line: number,
): LogRecord {
  const { timeEnd, pidStart, pidEnd, loggerStart, loggerEnd, contextStart, contextEnd, messageStart } = head;
  const context = bytes.toString('utf8', contextStart, contextEnd);
  return {
    at: bytes.toString('latin1', start, timeEnd),
    pid: pidEnd === 0 ? undefined : bytes.toString('latin1', pidStart, pidEnd),
    level: head.level,
    logger: bytes.toString('latin1', loggerStart, loggerEnd),
    ...requestIdsIn(context),
    message: bytes.toString('utf8', messageStart, end),
    more: [],
    line,
    format: 'oslo',
    ...besideOf(context),
  };
}

/** What is judged of a warning by its words; `undefined` at another level. */
export function plainSaid(
  bytes: Buffer,
  start: number,
  end: number,
  { level, timeEnd, pidStart, pidEnd, messageStart }: PlainHead,
  logger: string,
  line: number,
): SaidAgain | undefined {
  if (level !== 'warning' || pidEnd === 0) return undefined;
  return {
    at: bytes.toString('latin1', start, timeEnd),
    pid: bytes.toString('latin1', pidStart, pidEnd),
    level,
    logger,
    message: bytes.toString('utf8', messageStart, end),
    line,
    more: NONE,
  };
}

const NONE: readonly string[] = [];

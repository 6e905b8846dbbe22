import { requestIdsIn } from '../oslo-head.ts';
import { besideOf } from './unusual-context.ts';
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

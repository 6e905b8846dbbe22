import { exceptionOf, isTraceback } from '../exception-of.ts';
import type { LogRecord } from '../parse.ts';
import type { Certainty } from '../rules.ts';

/**
 * How certain it is that a message was logged with the traceback of its exception; `undefined`: it has none. One that stands
 * deeper in the text may be quoted: the output of a command that failed, or what another service said.
 */
export function tracebackCertainty(record: LogRecord): Certainty | undefined {
  const hasOne =
    record.message.startsWith('Traceback') || record.more.some((line) => line.includes('Traceback'));
  if (!hasOne) return undefined;
  if (isTraceback(record.message)) return 'sure';
  return isTraceback(record.more[0] ?? '') && exceptionOf(record) !== undefined ? 'sure' : 'likely';
}

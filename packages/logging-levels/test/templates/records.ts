import type { Level } from '../../src/level.ts';
import type { LogRecord } from '../../src/parse.ts';

/** A record of Nova's compute manager, with what else it is. */
export const record = (message: string, more: Partial<LogRecord> = {}): LogRecord => ({
  at: '2026-11-23 03:13:00.264',
  pid: '10932',
  level: 'info',
  logger: 'nova.compute.manager',
  requestId: undefined,
  globalRequestId: undefined,
  message,
  more: [],
  line: 1,
  ...more,
});

/** So many records of one kind, each with another number. */
export const times = (count: number, message: string, level: Level = 'info'): LogRecord[] =>
  Array.from({ length: count }, (_, number) => record(message.replace('N', String(number)), { level }));

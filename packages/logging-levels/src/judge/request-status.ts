import type { LogRecord } from '../parse.ts';

/**
 * The status with which the request of a message was answered, if that is what the message logs: Nova's and Placement's
 * `requestlog`, oslo.service's and eventlet's servers, and `… returned with HTTP 404` (Cinder, Manila). `undefined` if it is not.
 */
export function requestStatus({ level, message }: Pick<LogRecord, 'level' | 'message'>): number | undefined {
  if (level !== 'info') return undefined;
  // The end of the line is the server's own; what stands before it a client may have chosen.
  const end = message.slice(-LONGEST_END).trimEnd();
  const status = LOGGED.exec(end)?.[1] ?? SERVED.exec(end)?.[1] ?? RETURNED.exec(end)?.[1];
  return status === undefined ? undefined : Number(status);
}

const LONGEST_END = 120;
const LOGGED =
  /" status: ([1-5]\d\d) {1,4}len: (?:\d{1,15}|None|-)(?: microversion: [\d.-]{1,10})? time: [\d.]{1,20}$/;
const SERVED = /" ([1-5]\d\d) \d{1,15} [\d.]{1,20}$/;
const RETURNED = / returned with HTTP ([1-5]\d\d)$/;

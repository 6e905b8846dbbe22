import type { UptimeEvidence } from '../../src/uptime.ts';

/** 10:00 of a day. */
export const DAY = Date.UTC(2026, 10, 23, 10);
const MINUTE = 60_000;

/** ISO text of a minute of that day. */
export const at = (minute: number): string => new Date(DAY + minute * MINUTE).toISOString();

/** A poll that saw this server in this state at this minute. */
export function poll(
  server: string,
  minute: number,
  state: UptimeEvidence['state'] = 'up',
  more: Partial<UptimeEvidence> = {},
): UptimeEvidence {
  const latest = DAY + minute * MINUTE;
  return {
    id: `poll:${server}:${minute}:${state}`,
    subject: { server },
    state,
    earliest: latest,
    latest,
    source: 'poll',
    ...more,
  };
}

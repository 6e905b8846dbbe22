import { type Duration, milliseconds } from '@groundcrew/ground';
import type { ObservedState } from '../instances/observation.ts';

/** The parts of a `COMPUTE_HOST` notification that are judged. */
export interface HostNotification {
  readonly type: string;
  /** Time at which the monitor saw it; ISO 8601 with a zone. */
  readonly generated_time: string;
  readonly payload: { readonly [field: string]: unknown };
}

/**
 * Returns the state that a notification reports for its host. `down` needs all three words, `STOPPED`, `OFFLINE` and
 * `NORMAL`; it comes from a monitor and replaces no fencing. `up` needs `STARTED` and `ONLINE`. Everything else is
 * `unknown`, as is a notification that is older than `maxAge`, lies in the future, or has no readable time.
 */
export function notifiedState(
  { type, generated_time, payload }: HostNotification,
  now: number,
  maxAge: Duration,
): { readonly state: ObservedState; readonly statement: string } {
  const words = [payload['event'], payload['cluster_status'], payload['host_status']].map(word);
  const statement = `notified at ${generated_time}: ${type} ${words.join(' ')}`;
  const age = now - Date.parse(generated_time);
  // Written so that a time that is no number fails it.
  const fresh = age >= 0 && age <= milliseconds(maxAge, 'maxAge');
  if (type !== 'COMPUTE_HOST' || !fresh) return { state: 'unknown', statement };
  if (words.join(' ') === 'STOPPED OFFLINE NORMAL') return { state: 'down', statement };
  if (words[0] === 'STARTED' && words[1] === 'ONLINE') return { state: 'up', statement };
  return { state: 'unknown', statement };
}

const word = (value: unknown): string => (typeof value === 'string' ? value : '-');

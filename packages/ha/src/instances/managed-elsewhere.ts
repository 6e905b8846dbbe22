import { inSeconds } from '../option-parts.ts';
import type { Refusal } from '@groundcrew/runbook';
import { heldOff } from './held-off.ts';
import { isInstanceHa, readMarker } from './marker.ts';
import { attemptsOf, isLeft } from './next-history.ts';
import { serversToMove } from './servers-to-move.ts';
import type { Situation } from './situation.ts';

/** Milliseconds. */
const LONGEST_PAUSE = 600_000;

/** The reason why a host that is down is left alone, whatever the gates say; `undefined` if it is not. */
export function managedElsewhere(host: string, situation: Situation): Refusal<`ha.${string}`> | undefined {
  const { now, cloud, policy, history } = situation;
  const subject = { kind: 'compute host', id: host };
  const refuse = (code: `ha.${string}`, reason: string, remedy: string): Refusal<`ha.${string}`> => ({
    code,
    reason: `${host}: ${reason}`,
    remedy,
    subject,
  });
  const view = cloud.hosts?.find((hostView) => hostView.host === host);
  if (cloud.hosts !== undefined && view === undefined)
    return refuse(
      'ha.not-a-compute-host',
      'the cloud has no nova-compute of that name',
      'Correct the observer.',
    );
  if (view?.unknown !== undefined)
    return refuse('ha.not-told', view.unknown, 'Look at its cell: its database and its message bus.');
  if (isInstanceHa(view?.disabledReason))
    return refuse('ha.instance-ha', 'InstanceHA is at work on it', 'Let one of the two protect it.');
  if (view !== undefined && !view.enabled && readMarker(view.disabledReason) === undefined)
    return refuse('ha.maintenance', 'an administrator disabled it', 'Enable it to have it protected.');
  const mine = history.recoveries.filter((recovery) => recovery.host === host);
  if (mine.some(({ state }) => state === 'running'))
    return refuse('ha.under-recovery', 'its recovery runs', 'Wait for it.');
  const last = mine.at(-1);
  if (last !== undefined && isLeft(last)) {
    if (cloud.servers === undefined)
      return refuse(
        'ha.servers-unknown',
        'which servers are still on it could not be read',
        'Read the cloud as an administrator.',
      );
    const left = serversToMove(host, cloud.servers, policy, heldOff(situation)).length;
    if (left === 0 && last.state === 'recovered')
      return refuse('ha.recovered', 'what could be moved is elsewhere, and it is not back', 'Repair it.');
    // Doubled with each attempt: what failed for want of room fails again, and every attempt cuts the power anew.
    const pause = Math.min(LONGEST_PAUSE, policy.retryAfter * 2 ** (attemptsOf(last) - 1));
    const since = now - (last.endedAt ?? last.startedAt);
    if (since < pause)
      return refuse(
        'ha.left-behind',
        `${left} servers are still on it after ${attemptsOf(last)} attempts; the next in ${Math.ceil((pause - since) / 1000)} s`,
        'Look at why they could not be moved: the last journal says it.',
      );
    return undefined;
  }
  const lately = mine.filter(
    ({ startedAt, state }) => state !== 'undone' && now - startedAt < policy.flapWindow,
  );
  if (lately.length >= policy.maxRecoveries)
    return refuse(
      'ha.flapping',
      `recovered ${lately.length} times within ${inSeconds(policy.flapWindow)}`,
      'Find out why it dies; then delete its recoveries from the history.',
    );
  return undefined;
}

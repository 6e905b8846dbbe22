import type { Refusal } from '@groundcrew/runbook';
import { isInstanceHa, readMarker } from './marker.ts';
import type { Situation } from './situation.ts';

/** Why a host that is down is left alone, whatever the gates say; `undefined` if it is not. */
export function notOurs(
  host: string,
  { now, cloud, policy, history }: Situation,
): Refusal<`ha.${string}`> | undefined {
  const subject = { kind: 'compute host', id: host };
  const refuse = (code: `ha.${string}`, reason: string, remedy: string): Refusal<`ha.${string}`> => ({
    code,
    reason: `${host}: ${reason}`,
    remedy,
    subject,
  });
  const view = cloud.hosts?.find((one) => one.host === host);
  if (cloud.hosts !== undefined && view === undefined)
    return refuse(
      'ha.not-a-compute-host',
      'the cloud has no nova-compute of that name',
      'Correct the observer.',
    );
  if (isInstanceHa(view?.disabledReason))
    return refuse('ha.instance-ha', 'InstanceHA is at work on it', 'Let one of the two protect it.');
  if (view !== undefined && !view.enabled && readMarker(view.disabledReason) === undefined)
    return refuse('ha.maintenance', 'an administrator disabled it', 'Enable it to have it protected.');
  const mine = history.recoveries.filter((one) => one.host === host);
  if (mine.some(({ state }) => state === 'running'))
    return refuse('ha.under-recovery', 'its recovery runs', 'Wait for it.');
  if (mine.some(({ state }) => state === 'recovered'))
    return refuse('ha.recovered', 'its servers are elsewhere, and it is not back', 'Repair it.');
  const lately = mine.filter(
    ({ startedAt, state }) => state !== 'undone' && now - startedAt < policy.flapWindow * 1000,
  );
  if (lately.length >= policy.maxRecoveries)
    return refuse(
      'ha.flapping',
      `recovered ${lately.length} times within ${policy.flapWindow} s`,
      'Find out why it dies; then delete its recoveries from the history.',
    );
  return undefined;
}

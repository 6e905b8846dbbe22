import { type Finding, finding } from '@groundcrew/ground';
import type { HaHistory } from './history.ts';
import { readMarker } from './marker.ts';
import type { HaPolicy } from './policy.ts';
import type { CloudView } from './situation.ts';

/**
 * Finds traces of an earlier controller that no history explains: hosts that are disabled or forced down with our
 * marker, and reserves in use. Pure; `planReturn` takes such a host back.
 */
export function reconcile(view: CloudView, history: HaHistory, policy: HaPolicy): Finding[] {
  if (view.hosts === undefined)
    return [
      finding({
        id: 'ha.orphans',
        verdict: 'unknown',
        severity: 'high',
        title: 'It is not known whether recoveries were left half done',
        subject: { kind: 'cloud', id: 'compute' },
        because: [{ statement: 'the compute hosts could not be read', source: 'compute os-services' }],
        remedy: 'Ask as an administrator.',
      }),
    ];
  const accounted = new Set(
    history.recoveries
      .filter(({ state }) => state === 'running' || state === 'recovered' || state === 'half-done')
      .map(({ host }) => host),
  );
  return view.hosts.flatMap(({ host, enabled, forcedDown, up, disabledReason, unknown }): Finding[] => {
    const subject = { kind: 'compute host', id: host };
    // Our marker is in what Nova does not tell of it.
    if (unknown !== undefined && !accounted.has(host))
      return [
        finding({
          id: 'ha.orphan',
          verdict: 'unknown',
          severity: 'medium',
          title: `Whether a recovery of ${host} was left half done is not known`,
          subject,
          because: [{ statement: unknown, source: 'compute os-services' }],
          remedy: 'Look at its cell: its database and its message bus.',
        }),
      ];
    const marker = readMarker(disabledReason);
    if (marker !== undefined && !accounted.has(host))
      return [
        finding({
          id: 'ha.orphan',
          verdict: 'fail',
          severity: marker.phase === 'evacuating' ? 'critical' : 'medium',
          title:
            marker.phase === 'evacuating'
              ? `${host} was being recovered, and nobody goes on`
              : `${host} was recovered, and nobody takes it back`,
          subject,
          because: [
            {
              statement: `disabled: ${disabledReason}; forced down: ${forcedDown}; up: ${up}`,
              source: 'compute os-services',
            },
            {
              statement: `the history knows no recovery of it; its run was ${marker.run}`,
              source: 'history',
            },
          ],
          remedy:
            marker.phase === 'evacuating'
              ? 'Find its journal and run it again; without one, see that the machine is off, and evacuate what is left on it.'
              : 'Take it back: planReturn.',
        }),
      ];
    if (policy.reservedHosts.includes(host) && enabled && accounted.size === 0)
      return [
        finding({
          id: 'ha.reserve-in-use',
          verdict: 'fail',
          severity: 'low',
          title: `The reserve ${host} is in use, though nothing is under recovery`,
          subject,
          because: [{ statement: 'it is enabled', source: 'compute os-services' }],
          remedy: 'Empty and disable it, or take it out of the policy.',
        }),
      ];
    return [];
  });
}

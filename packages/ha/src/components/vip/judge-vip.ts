import type { Finding, Refusal } from '@groundcrew/runbook';
import { found, gapsOf, notAsked, seenOf, some, unseenRefusals } from '../../probing/report.ts';
import type { VipHost, VipStatus } from './observe-vip.ts';
import type { StackSnapshot } from '../snapshot.ts';

/** Judges who owns each virtual address, and who could take it. */
export function judgeVips(snapshot: StackSnapshot): Finding[] {
  const { vips } = snapshot;
  return [
    ...gapsOf(vips, { id: 'keepalived.unseen' }),
    ...seenOf(vips).flatMap(({ where, value }) => {
      const subject = { kind: 'virtual address', id: value.address };
      const whole = value.hosts.length === value.candidates.length;
      const because = value.hosts.map(
        (one) =>
          `${one.host}: ${hasIt(one)}, keepalived ${one.keepalived === undefined ? 'not told' : one.keepalived ? 'runs' : 'does not run'}`,
      );
      const evidence = because.length > 0 ? because : ['no host answered'];
      const { owners } = value;
      const mute = value.hosts.filter((one) => one.mute !== undefined);
      // Whoever has it will answer for it sooner or later, or would if the other did not.
      const holders = [...owners, ...mute.map((one) => one.host)];
      const contested = mute.find((one) => one.mute === 'dadfailed');
      const double = found(where, {
        id: 'keepalived.double-master',
        subject,
        severity: 'critical',
        good: holders.length > 1 || contested !== undefined ? false : whole ? true : undefined,
        title:
          holders.length > 1
            ? `${value.address} is on ${holders.join(' and ')} at once`
            : contested !== undefined
              ? `Another machine answered for ${value.address} when ${contested.host} took it`
              : whole
                ? `${value.address} is on one host at most`
                : `Whether ${value.address} is on a second host is not known`,
        because: evidence,
        remedy:
          holders.length > 1 || contested !== undefined
            ? 'Stop keepalived on all but one; find out why they do not hear each other (VRRP is protocol 112).'
            : 'Make every candidate visible.',
      });
      const owned = found(where, {
        id: 'keepalived.owner',
        subject,
        severity: 'critical',
        good: owners.length > 0 ? true : whole ? false : undefined,
        title:
          owners.length > 0
            ? `${value.address} is on ${owners.join(' and ')}`
            : mute.length > 0
              ? `Nobody answers for ${value.address}: ${mute.map((one) => `${one.host} has it, ${one.mute}`).join('; ')}`
              : whole
                ? `Nobody has ${value.address}`
                : `Of those that were seen nobody has ${value.address}`,
        because: evidence,
        remedy: 'Start keepalived, and look at what its check script says.',
      });
      const ready = readyFor(value, snapshot);
      const told = whole && value.hosts.every((one) => one.keepalived !== undefined);
      const spare = found(where, {
        id: 'keepalived.spare',
        subject,
        severity: 'high',
        good: ready.hosts.length > 1 ? true : told ? false : undefined,
        title:
          ready.hosts.length > 1
            ? `${ready.by} on ${ready.hosts.length} hosts that may have ${value.address}`
            : told
              ? `Nobody could take ${value.address} over`
              : `Who could take ${value.address} over is not known`,
        because: evidence,
        // Pacemaker moves addresses, too.
        remedy: 'Run keepalived on a second host; where Pacemaker moves the address, look at its resources.',
      });
      return [owned, double, spare];
    }),
  ];
}

/** Restarting keepalived, or HAProxy under it, moves the address: somebody must be there to take it. */
export function refuseWithoutSpare(snapshot: StackSnapshot): Refusal[] {
  const { vips } = snapshot;
  const what = 'Who could take the address over is not known';
  if (vips.length === 0) return [notAsked('keepalived.unseen', what)];
  return [
    ...unseenRefusals(vips, 'keepalived.unseen', what),
    ...seenOf(vips).flatMap(({ where, value }): Refusal[] => {
      const subject = { kind: 'virtual address', id: value.address };
      if (value.owners.length > 1)
        return [
          {
            code: 'keepalived.double-master',
            reason: `${value.address} is on ${value.owners.join(' and ')} at once`,
            remedy: 'End the split first.',
            subject,
            because: [{ statement: `owners: ${value.owners.join(', ')}`, ...where }],
          },
        ];
      const { hosts: ready } = readyFor(value, snapshot);
      if (value.owners.length === 1 && ready.some((one) => !value.owners.includes(one)) && ready.length > 1)
        return [];
      return [
        {
          code: 'keepalived.no-spare',
          reason: `nobody is seen that would take ${value.address} over`,
          remedy: 'Start keepalived on another host first.',
          subject,
          because: [
            {
              statement: `owner: ${some(value.owners) || 'nobody'}; ready: ${some(ready) || 'nobody'}`,
              ...where,
            },
          ],
        },
      ];
    }),
  ];
}

/** Hosts that could have the address, its owner included: those of Pacemaker if that moves addresses, else keepalived's. */
function readyFor(
  { hosts }: VipStatus,
  { pacemaker }: StackSnapshot,
): { readonly by: string; readonly hosts: readonly string[] } {
  const keeping = [...new Set(hosts.filter((one) => one.keepalived === true).map((one) => one.host))];
  return keeping.length > 0
    ? { by: 'keepalived runs', hosts: keeping }
    : { by: 'Pacemaker is online', hosts: [...new Set(addressMovers({ pacemaker }))] };
}

const hasIt = ({ owns, interface: on, mute }: VipHost): string =>
  owns
    ? `has it on ${on ?? '?'}`
    : mute === undefined
      ? 'does not have it'
      : `has it on ${on ?? '?'} and does not answer for it (${mute})`;

/** Pacemaker's nodes that can take an address, where it has a resource that is one; named as Pacemaker names them. */
export function addressMovers({ pacemaker }: Pick<StackSnapshot, 'pacemaker'>): string[] {
  const status = pacemaker.find((one) => one.value?.quorum === true)?.value;
  if (status?.resources.some((one) => /:IPaddr2?$/.test(one.agent) && one.managed) !== true) return [];
  return status.nodes.filter((one) => one.online && !one.standby && !one.unclean).map((one) => one.name);
}

import type { Finding } from '@groundcrew/ground';
import { found, seenOf } from '../../probing/report.ts';
import type { StackView } from '../component-observer.ts';
import type { Seen } from '../seen.ts';
import { readyFor, tellsMovers } from './address-movers.ts';
import type { VipHost, VipStatus } from './observe-vip.ts';

/** Judges who owns each virtual address, and who could take it. */
export function judgeVips(vips: readonly Seen<VipStatus>[], view: StackView): Finding[] {
  return seenOf(vips).flatMap(({ where, value }) => {
    const subject = { kind: 'virtual address', id: value.address };
    const whole = value.hosts.length === value.candidates.length;
    const because = value.hosts.map(
      (host) =>
        `${host.host}: ${hasIt(host)}, keepalived ${host.keepalived === undefined ? 'not told' : host.keepalived ? 'runs' : 'does not run'}`,
    );
    const evidence = because.length > 0 ? because : ['no host answered'];
    const { owners } = value;
    const mute = value.hosts.filter((host) => host.mute !== undefined);
    // Whoever has it will answer for it sooner or later, or would if the other did not.
    const holders = [...owners, ...mute.map((host) => host.host)];
    const contested = mute.find((host) => host.mute === 'dadfailed');
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
            ? `Nobody answers for ${value.address}: ${mute.map((host) => `${host.host} has it, ${host.mute}`).join('; ')}`
            : whole
              ? `Nobody has ${value.address}`
              : `Of those that were seen nobody has ${value.address}`,
      because: evidence,
      remedy: 'Start keepalived, and look at what its check script says.',
    });
    const ready = readyFor(value, view);
    const told =
      whole &&
      value.hosts.every((host) => host.keepalived !== undefined) &&
      (value.hosts.some((host) => host.keepalived === true) || tellsMovers(view));
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
  });
}

const hasIt = ({ owns, interface: on, mute }: VipHost): string =>
  owns
    ? `has it on ${on ?? '?'}`
    : mute === undefined
      ? 'does not have it'
      : `has it on ${on ?? '?'} and does not answer for it (${mute})`;

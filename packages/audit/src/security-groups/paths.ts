import type { Family } from './family.ts';
import type { AuditSnapshot, Port } from './observe.ts';
import { type Claim, type Passage, passages, wallsOf } from './passage.ts';
import { type Way, waysOf } from './ways.ts';

/** A port that a group's rules concern, and how the world comes to it. */
export interface EffectivePort {
  readonly port_id: string;
  readonly device_id: string;
  readonly device_owner: string;
  /** `none`: nothing leads to it from outside. `unknown`: what could lead to it was not all seen, for these reasons. */
  readonly exposed_by: Way | 'none' | 'unknown';
  /** The address that is reached: the floating one, or its own. */
  readonly address?: string | undefined;
  readonly why: string;
  /** The firewall groups (FWaaS v2) in the way, and what they let through of what is found. */
  readonly firewall?: { readonly groups: readonly string[]; readonly lets: Passage['lets'] } | undefined;
}

/** What leads where, of one snapshot. */
export interface Paths {
  /** @param claim what the finding says is reached */
  readonly of: (port: Port, family: Family, claim: Claim) => EffectivePort;
}

/** From the worst on: of several ways to a port the worst one counts. */
const worst: readonly Passage['lets'][] = ['all', 'some', 'unknown', 'nothing'];

/** Which ways lead to ports, and what comes through the firewalls on them. */
export function pathsOf(snapshot: AuditSnapshot): Paths {
  const { floatingIps, networks, routers, ports } = snapshot;
  const ways = waysOf(snapshot);
  const walls = wallsOf(snapshot);
  const passageOf = passages();
  const blind = [ports, floatingIps, networks, routers].filter(
    ({ completeness }) => completeness !== 'complete' && completeness !== 'unsupported',
  );
  return {
    of(port, family, claim) {
      const base = { port_id: port.id, device_id: port.device_id, device_owner: port.device_owner };
      const [found] = ways
        .to(port, family)
        .map((one) => ({
          ...one,
          passage: passageOf(walls.on(port, one.own, one.router, family), claim, family),
        }))
        .toSorted((a, b) => worst.indexOf(a.passage.lets) - worst.indexOf(b.passage.lets));
      const passage = found?.passage ?? passageOf(walls.on(port, undefined, 'none', family), claim, family);
      const { groups, lets } = passage;
      const firewall = groups.length === 0 ? {} : { firewall: { groups, lets } };
      if (found !== undefined) {
        const why = [found.why, ...passage.why].join('; ');
        const exposed_by = lets === 'nothing' ? 'none' : lets === 'unknown' ? 'unknown' : found.way;
        return { ...base, exposed_by, address: found.address, why, ...firewall };
      }
      // Whatever leads there, nothing comes in.
      if (lets === 'nothing')
        return { ...base, exposed_by: 'none', why: passage.why.join('; '), ...firewall };
      return blind.length === 0
        ? { ...base, exposed_by: 'none', why: 'no floating IP, forwarding or route leads to it' }
        : {
            ...base,
            exposed_by: 'unknown',
            why: `whether anything leads to it could not be seen: ${blind.flatMap(({ gaps }) => gaps.map(({ what }) => what)).join(', ')}`,
          };
    },
  };
}

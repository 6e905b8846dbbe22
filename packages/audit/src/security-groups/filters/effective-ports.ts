import type { Family } from '../addresses/address-family.ts';
import type { Claim } from '../exposure/exposure-claim.ts';
import { perSnapshot } from '../snapshot/per-snapshot.ts';
import { foreignGateways } from '../ingress/foreign-gateways.ts';
import { type Found, type Way, waysOf } from '../ingress/ingress-paths.ts';
import type { AuditSnapshot, Port } from '../snapshot/snapshot.ts';
import { type Passage, passages } from './filtered-exposure.ts';
import { wallsOf } from './filters-on-path.ts';
import type { Wall } from './packet-filter.ts';

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
  /** What comes through of what is found: behind firewall groups, or a forwarded port, it may be less. */
  readonly lets?: Passage['lets'] | undefined;
  /** The firewall groups (FWaaS v2) in the way. */
  readonly firewall_groups?: readonly string[] | undefined;
}

/**
 * How the world comes to a port, and what of a claim is left behind the filters on that way.
 *
 * @param claim what the finding says is reached
 */
export type EffectivePortOf = (port: Port, family: Family, claim: Claim) => EffectivePort;

/** From the worst on: of several ways to a port the worst one counts. */
const worst: readonly Passage['lets'][] = ['all', 'some', 'unknown', 'nothing'];

/** Which ways lead to the ports of a snapshot, and what comes through the firewalls on them. */
export const effectivePorts = perSnapshot(findEffectivePorts);

function findEffectivePorts(snapshot: AuditSnapshot): EffectivePortOf {
  const { floatingIps, networks, routers, ports } = snapshot;
  const ways = waysOf(snapshot);
  const walls = wallsOf(snapshot);
  const passageOf = passages();
  const filtersOn = ({ lets, own, router }: Found, port: Port, family: Family): readonly Wall[] => [
    ...(lets === undefined ? [] : [lets]),
    ...walls.on(port, own, router, family),
  ];
  const blind = [ports, floatingIps, networks, routers].filter(
    ({ completeness }) => completeness !== 'complete' && completeness !== 'unsupported',
  );
  const missing = [
    ...blind.flatMap(({ gaps }) => gaps.map(({ what }) => what)),
    ...(routers.completeness === 'unsupported' ? [] : stripped(snapshot)),
  ];
  const unseen = missing.length === 0 ? undefined : missing.join(', ');
  const foreignGateway = foreignGateways(snapshot);
  return (port, family, claim) => {
    const base = { port_id: port.id, device_id: port.device_id, device_owner: port.device_owner };
    const [found] = ways
      .to(port, family)
      .map((way) => ({ way, passage: passageOf(filtersOn(way, port, family), claim, family) }))
      .toSorted((a, b) => worst.indexOf(a.passage.lets) - worst.indexOf(b.passage.lets));
    // That nothing comes this way says nothing of ways that were not seen.
    if (found !== undefined && (found.passage.lets !== 'nothing' || unseen === undefined)) {
      const { way, passage } = found;
      const why = [way.why, ...passage.why].join('; ');
      const { lets } = passage;
      const exposed_by = lets === 'nothing' ? 'none' : lets === 'unknown' ? 'unknown' : way.way;
      return { ...base, exposed_by, address: way.address, why, ...told(passage) };
    }
    const here = passageOf(walls.on(port, undefined, 'none', family), claim, family);
    // Whatever leads there, nothing comes in.
    if (here.lets === 'nothing')
      return { ...base, exposed_by: 'none', why: here.why.join('; '), ...told(here) };
    const doubt = unseen ?? foreignGateway(port);
    return doubt === undefined
      ? { ...base, exposed_by: 'none', why: 'no floating IP, forwarding or route leads to it' }
      : { ...base, exposed_by: 'unknown', why: `whether anything leads to it could not be seen: ${doubt}` };
  };
}

/**
 * What Neutron's L3 plugin tells of every network (api-ref, "Networks"): where a policy strips it, an external network looks like
 * any other. A router that does not tell its gateway is none that core reads, and so a gap.
 */
const stripped = ({ networks }: AuditSnapshot): string[] =>
  networks.value.some((one) => one['router:external'] === undefined)
    ? ['which networks are external (router:external)']
    : [];

const told = ({ lets, groups }: Passage): Pick<EffectivePort, 'lets' | 'firewall_groups'> => ({
  lets,
  ...(groups.length === 0 ? {} : { firewall_groups: groups }),
});

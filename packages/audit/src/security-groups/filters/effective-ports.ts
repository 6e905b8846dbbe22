import type { Family } from '../addresses/address-family.ts';
import type { ExposureClaim } from '../exposure/exposure-claim.ts';
import { perSnapshot } from '../snapshot/per-snapshot.ts';
import { foreignGateways } from '../ingress/foreign-gateways.ts';
import { type IngressPath, type IngressPathKind, findIngressPaths } from '../ingress/ingress-paths.ts';
import type { SecurityGroupSnapshot, Port } from '../snapshot/snapshot.ts';
import { type FilteredExposure, filteredExposures } from './filtered-exposure.ts';
import { findFilters } from './filters-on-path.ts';
import type { PacketFilter } from './packet-filter.ts';

/** A port that a group's rules concern, and how it is reached from outside. */
export interface EffectivePort {
  readonly port_id: string;
  readonly device_id: string;
  readonly device_owner: string;
  /** `none`: nothing leads to it from outside. `unknown`: what could lead to it was not all seen, for these reasons. */
  readonly exposed_by: IngressPathKind | 'none' | 'unknown';
  /** The address that is reached: the floating one, or its own. */
  readonly address?: string | undefined;
  readonly why: string;
  /**
   * The part of the finding's reach that comes through: behind firewall groups, or a forwarded port, it may be less.
   */
  readonly lets?: FilteredExposure['lets'] | undefined;
  /** The firewall groups (FWaaS v2) on the path. */
  readonly firewall_groups?: readonly string[] | undefined;
}

/**
 * Tells how a port is reached from outside, and what the filters on that path leave of a claim.
 *
 * @param claim what the finding says is reached
 */
export type EffectivePortOf = (port: Port, family: Family, claim: ExposureClaim) => EffectivePort;

/** The worst first: of several paths to a port the worst one counts. */
const worst: readonly FilteredExposure['lets'][] = ['all', 'some', 'unknown', 'nothing'];

/** Finds which paths lead to the ports of a snapshot, and what comes through the packet filters on them. */
export const effectivePorts = perSnapshot(findEffectivePorts);

function findEffectivePorts(snapshot: SecurityGroupSnapshot): EffectivePortOf {
  const { floatingIps, networks, routers, ports } = snapshot;
  const ingressPaths = findIngressPaths(snapshot);
  const filters = findFilters(snapshot);
  const filterExposure = filteredExposures();
  const filtersOn = (
    { lets, own, router }: IngressPath,
    port: Port,
    family: Family,
  ): readonly PacketFilter[] => [
    ...(lets === undefined ? [] : [lets]),
    ...filters.to(port, own, router, family),
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
    const [found] = ingressPaths
      .to(port, family)
      .map((path) => ({ path, filtered: filterExposure(filtersOn(path, port, family), claim, family) }))
      .toSorted((a, b) => worst.indexOf(a.filtered.lets) - worst.indexOf(b.filtered.lets));
    // That nothing comes by this path says nothing of paths that were not seen.
    if (found !== undefined && (found.filtered.lets !== 'nothing' || unseen === undefined)) {
      const { path, filtered } = found;
      const why = [path.why, ...filtered.why].join('; ');
      const { lets } = filtered;
      const exposed_by = lets === 'nothing' ? 'none' : lets === 'unknown' ? 'unknown' : path.kind;
      return { ...base, exposed_by, address: path.address, why, ...told(filtered) };
    }
    const here = filterExposure(filters.to(port, undefined, 'none', family), claim, family);
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
 * The networks without the fields that Neutron's L3 plugin tells of every network (api-ref, "Networks"): where a policy
 * strips them, an external network looks like any other. A router that does not tell its gateway is none that core
 * reads, and so a gap.
 */
const stripped = ({ networks }: SecurityGroupSnapshot): string[] =>
  networks.value.some((network) => network['router:external'] === undefined)
    ? ['which networks are external (router:external)']
    : [];

const told = ({ lets, groups }: FilteredExposure): Pick<EffectivePort, 'lets' | 'firewall_groups'> => ({
  lets,
  ...(groups.length === 0 ? {} : { firewall_groups: groups }),
});

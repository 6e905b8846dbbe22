import type { SecurityGroupSnapshot, Port } from '../snapshot/snapshot.ts';

/** Tells whether anything enforces the security groups of a port; if not, or if that was not seen, why. */
export type Enforcement =
  /** By the word of the driver that bound it, or since nothing is plugged into it. */
  | { readonly is: 'enforced' }
  /** Its port security is off. */
  | { readonly is: 'off' }
  /** It has groups, and what carries its traffic does not filter. */
  | { readonly is: 'unfiltered'; readonly why: string }
  | { readonly is: 'unseen'; readonly why: string };

/**
 * Kinds of devices that only drivers without filters bind: `mech_sriov` and `mech_macvtap` of ML2, whose `port_filter`
 * is false, and Nova gives the guest the whole physical function. `direct` is not among them: Open vSwitch binds it
 * too, with its flows in the card (`mech_openvswitch.py`).
 */
const NEVER_FILTERED: ReadonlySet<string> = new Set([
  'direct-physical',
  'macvtap',
  'accelerator-direct-physical',
]);

/** The bindings of SR-IOV ports, for users that are not shown `vif_details` (neutron-lib, `portbindings.py`). */
const SRIOV: ReadonlySet<string> = new Set(['hw_veb', 'hostdev_physical']);

/** Nothing is plugged in: there is no traffic that a group would have to keep out. */
const UNPLUGGED: ReadonlySet<string> = new Set(['unbound', 'binding_failed']);

/** neutron-lib, `services/trunk/constants.py`: TRUNK_SUBPORT_OWNER. */
const SUBPORT = 'trunk:subport';
const ENFORCED = { is: 'enforced' } as const;
const OFF = { is: 'off' } as const;

/**
 * Tells of each port of a snapshot whether its groups apply. Neutron keeps rules for any port, also for one that no
 * filter stands before: `binding:vif_details.port_filter` is the driver's own word on that (API reference, "Port
 * binding extended attributes"). Ports of Neutron itself are another matter: see `isOwnedByNeutron`.
 */
export function enforcements(snapshot: SecurityGroupSnapshot): (port: Port) => Enforcement {
  const { ports, extensions } = snapshot;
  // Without the extension no port can be without its groups: ML2 filters each (`port_security` is a driver of ML2).
  const cannotBeOff =
    extensions?.completeness === 'complete' &&
    !extensions.value.some((extension) => extension === 'port-security');
  // Only the parents of trunks have `trunk_details` (neutron, services/trunk/plugin.py, `_extend_port_trunk_details`).
  const parents = new Map(
    ports.value.flatMap((port) =>
      (port.trunk_details?.sub_ports ?? []).map(({ port_id }) => [port_id, port] as const),
    ),
  );
  const alone = (port: Port): Enforcement => {
    if (port.port_security_enabled === false) return OFF;
    // Not shown is not the same as none: `default` would be none as well.
    if (port.security_groups === undefined) return { is: 'unseen', why: 'its security groups are not shown' };
    if (port.port_security_enabled === undefined && !cannotBeOff)
      return { is: 'unseen', why: 'whether its port security is on is not shown' };
    return boundTo(port);
  };
  return (port) => {
    const own = alone(port);
    const parent = parents.get(port.id);
    if (own.is !== 'enforced') return own;
    if (parent === undefined)
      return port.device_owner === SUBPORT
        ? { is: 'unseen', why: 'it is a subport, and the port that carries it is not shown' }
        : own;
    // Its frames come by the device of the trunk's parent: where nothing filters there, nothing filters here.
    const carried = boundTo(parent);
    return carried.is === 'enforced'
      ? own
      : { ...carried, why: `it is carried by port ${parent.id}: ${carried.why}` };
  };
}

function boundTo(port: Port): Exclude<Enforcement, { is: 'off' }> {
  const { 'binding:vnic_type': vnic, 'binding:vif_type': vif, 'binding:vif_details': details } = port;
  if (vnic !== undefined && NEVER_FILTERED.has(vnic))
    return { is: 'unfiltered', why: `its device is ${vnic} (binding:vnic_type), which no driver filters` };
  if (vif !== undefined && SRIOV.has(vif))
    return { is: 'unfiltered', why: `it is bound as ${vif} (binding:vif_type), which no driver filters` };
  const filters: unknown = details?.['port_filter'];
  if (filters === true) return ENFORCED;
  if (filters === false) {
    const why = 'its driver says that it does not filter (binding:vif_details.port_filter is false)';
    // Drivers say so of vhost-user ports, while the flows of Open vSwitch and OVN filter them all the same.
    return vif === 'vhostuser'
      ? { is: 'unseen', why: `${why}, but of vhost-user ports Open vSwitch and OVN say so, too` }
      : { is: 'unfiltered', why };
  }
  if (vif !== undefined && UNPLUGGED.has(vif)) return ENFORCED;
  return {
    is: 'unseen',
    why: 'whether its driver filters (binding:vif_details.port_filter) is not shown, but to administrators',
  };
}

/**
 * Ports of Neutron's own, which have no filter by nature (`is_port_trusted` of neutron-lib, `utils/net.py`: whatever
 * begins with `network:`). Only those that Neutron itself, or a driver that is known, makes: the owner of a network may
 * write any owner on a port, and so take its filter away (OSSA-2015-018).
 */
export const isOwnedByNeutron = ({ device_owner }: Pick<Port, 'device_owner'>): boolean =>
  OWN.has(device_owner);

const PREFIX = 'network:';
/** neutron-lib, `constants.py` (`DEVICE_OWNER_…`), and what Neutron's drivers write beside it. */
const OWN: ReadonlySet<string> = new Set(
  `router_interface router_interface_distributed router_gateway router_ha_interface ha_router_replicated_interface
  router_ha_gateway router_centralized_snat floatingip floatingip_agent_gateway dhcp distributed local_ip routed
  vpn_router_gateway`
    .split(/\s+/)
    .map((name) => PREFIX + name),
);

/** Tells whether a port claims to be Neutron's own, with an owner that is not known. */
export const claimsNeutronOwner = (port: Pick<Port, 'device_owner'>): boolean =>
  port.device_owner.startsWith(PREFIX) && !isOwnedByNeutron(port);

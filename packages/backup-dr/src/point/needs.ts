import { keypairId } from './read-keypairs.ts';
import type { PointKind, PointNeed, Wire } from './tenant-point.ts';
import { objectOf, objectsIn, textOf, textsIn } from './wire.ts';

/** What is looked up from one thing to another, made once for a whole project. */
export interface NeedsIndex {
  /** Ports by the id of the server or router that they are of. */
  readonly portsByDevice: ReadonlyMap<string, readonly Wire[]>;
  /** Server groups by the id of a member. */
  readonly groupByServer: ReadonlyMap<string, string>;
  /** Names of flavors by id: servers showed ids before 2.47. */
  readonly flavorNames: ReadonlyMap<string, string>;
}

/** Ports that are no more than a part of a router. */
export const isRouterInterface = (port: Wire): boolean =>
  ROUTER_INTERFACES.has(textOf(port['device_owner']) ?? '');
const ROUTER_INTERFACES = new Set([
  'network:router_interface',
  'network:router_interface_distributed',
  'network:ha_router_replicated_interface',
]);

/** Makes the index that `needsOf` looks things up in. */
export function needsIndex(lists: {
  readonly ports: readonly Wire[];
  readonly serverGroups: readonly Wire[];
  readonly flavors: readonly Wire[];
}): NeedsIndex {
  const portsByDevice = new Map<string, Wire[]>();
  for (const port of lists.ports) {
    const device = textOf(port['device_id']);
    if (device === undefined) continue;
    const known = portsByDevice.get(device);
    if (known === undefined) portsByDevice.set(device, [port]);
    else known.push(port);
  }
  const groupByServer = new Map<string, string>();
  for (const group of lists.serverGroups)
    for (const member of textsIn(group['members'])) groupByServer.set(member, textOf(group['id']) ?? '');
  const flavorNames = new Map(
    lists.flavors.map((flavor) => [textOf(flavor['id']) ?? '', textOf(flavor['name']) ?? '']),
  );
  return { portsByDevice, groupByServer, flavorNames };
}

const need = (of: PointKind, as: string, id: string | undefined): readonly PointNeed[] =>
  id === undefined ? [] : [{ kind: of, id, as }];

/** The things that one thing cannot be without, by what its service shows of it. */
export function needsOf(kind: PointKind, wire: Wire, index: NeedsIndex): readonly PointNeed[] {
  switch (kind) {
    case 'server':
      return serverNeeds(wire, index);
    case 'volume':
      return need('volume-type', 'volume_type', textOf(wire['volume_type']));
    case 'subnet':
      return need('network', 'network', textOf(wire['network_id']));
    case 'router':
      return [
        ...need('network', 'gateway', textOf(objectOf(wire['external_gateway_info'])?.['network_id'])),
        ...(index.portsByDevice.get(textOf(wire['id']) ?? '') ?? [])
          .filter(isRouterInterface)
          .flatMap((port) => need('port', 'interface', textOf(port['id']))),
      ];
    case 'port':
      return [
        ...need('network', 'network', textOf(wire['network_id'])),
        ...objectsIn(wire['fixed_ips']).flatMap((ip) => need('subnet', 'subnet', textOf(ip['subnet_id']))),
        ...textsIn(wire['security_groups']).flatMap((id) => need('security-group', 'security_group', id)),
        ...(isRouterInterface(wire) ? need('router', 'device', textOf(wire['device_id'])) : []),
      ];
    case 'security-group': {
      const rules = objectsIn(wire['security_group_rules']);
      const remote = new Set(rules.flatMap((rule) => textOf(rule['remote_group_id']) ?? []));
      return [...remote].flatMap((id) => need('security-group', 'remote_group', id));
    }
    case 'floating-ip':
      return [
        ...need('network', 'floating_network', textOf(wire['floating_network_id'])),
        ...need('port', 'port', textOf(wire['port_id'])),
        ...need('router', 'router', textOf(wire['router_id'])),
      ];
    case 'load-balancer':
      return [
        ...need('subnet', 'vip_subnet', textOf(wire['vip_subnet_id'])),
        ...need('network', 'vip_network', textOf(wire['vip_network_id'])),
      ];
    case 'server-group':
    case 'keypair':
    case 'flavor':
    case 'image':
    case 'volume-type':
    case 'container':
    case 'network':
    case 'compute-quota':
    case 'volume-quota':
    case 'network-quota':
    case 'role-assignment':
      return [];
  }
}

function serverNeeds(
  wire: Wire,
  { portsByDevice, groupByServer, flavorNames }: NeedsIndex,
): readonly PointNeed[] {
  const id = textOf(wire['id']) ?? '';
  const flavor = objectOf(wire['flavor']);
  const flavorId = textOf(flavor?.['id']);
  const flavorName =
    textOf(flavor?.['original_name']) ??
    (flavorId === undefined ? undefined : (flavorNames.get(flavorId) ?? flavorId));
  const [user, key] = [textOf(wire['user_id']), textOf(wire['key_name'])];
  return [
    ...need('flavor', 'flavor', flavorName),
    ...need('image', 'image', textOf(objectOf(wire['image'])?.['id'])),
    ...(user === undefined || key === undefined ? [] : need('keypair', 'key_pair', keypairId(user, key))),
    ...objectsIn(wire['os-extended-volumes:volumes_attached']).flatMap((volume) =>
      need('volume', 'volume', textOf(volume['id'])),
    ),
    ...inNicOrder(wire, portsByDevice.get(id) ?? []).flatMap((port) =>
      need('port', 'port', textOf(port['id'])),
    ),
    ...need('server-group', 'server_group', groupByServer.get(id)),
  ];
}

/**
 * Sorts the ports of a server as its network cards are: Nova shows addresses in that order
 * (`nova/api/openstack/common.py`, `get_networks_for_instance_from_nw_info`), and Neutron lists ports in none.
 */
function inNicOrder(server: Wire, ports: readonly Wire[]): readonly Wire[] {
  const cards = Object.values(objectOf(server['addresses']) ?? {}).flatMap((list) =>
    objectsIn(list).map((address) => textOf(address['OS-EXT-IPS-MAC:mac_addr'])),
  );
  const place = (port: Wire): number => {
    const at = cards.indexOf(textOf(port['mac_address']));
    return at === -1 ? cards.length : at;
  };
  return ports.toSorted((a, b) => place(a) - place(b));
}

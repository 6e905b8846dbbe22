import type { PointResource, Wire } from '../point/tenant-point.ts';
import { isRouterInterface } from '../point/needs.ts';
import { objectsIn, textOf, textsIn } from '../point/wire.ts';
import { CreateDraft } from './create-draft.ts';
import { described } from './plan-groups.ts';
import { hasLateDhcp, type InterfaceSteps, refuseUnlessAdmin } from './plan-networks.ts';
import { called, needsAs, type Planning } from './planning.ts';
import { enableDhcp } from './restore-actions.ts';

/** Whether a port is made by a step of its own: those of servers, and those of nobody. */
const isOwn = ({ wire }: PointResource): boolean => {
  const owner = textOf(wire['device_owner']) ?? '';
  return owner === '' || owner.startsWith('compute:');
};

/**
 * Plans the ports of servers and of nobody, and after them DHCP. Those of DHCP, routers and floating IPs are made by Neutron.
 * Answers the step after which a subnet is ready for servers, by the subnet's id in the point.
 */
export function planPorts(planning: Planning, interfaces: InterfaceSteps): ReadonlyMap<string, string> {
  const bySubnet = new Map<string, string[]>([...interfaces].map(([id, steps]) => [id, [...steps]]));
  for (const port of planning.of('port')) {
    if (!isOwn(port)) {
      if (isForeign(port))
        planning.warnings.push(
          `${called(port)} is of ${textOf(port.wire['device_owner']) ?? 'something'}, which makes its ports itself`,
        );
      continue;
    }
    const id = planPort(planning, port);
    if (id === undefined) continue;
    for (const need of needsAs(port, 'subnet')) bySubnet.set(need.id, [...(bySubnet.get(need.id) ?? []), id]);
  }
  const ready = new Map<string, string>();
  for (const subnet of planning.of('subnet')) {
    const ref = planning.standsFor(subnet);
    if (ref === undefined || 'id' in ref || !hasLateDhcp(subnet)) continue;
    const id = planning.stepId('dhcp');
    planning.steps.push(
      enableDhcp.step({
        id,
        input: { name: planning.nameOf(subnet), project: planning.target.project.id, subnet: ref },
        needs: [ref.step, ...new Set(bySubnet.get(subnet.id))],
        why: 'its own port takes an address, which may be that of a restored port',
      }),
    );
    ready.set(subnet.id, id);
  }
  return ready;
}

const isForeign = (port: PointResource): boolean =>
  !isRouterInterface(port.wire) && !(textOf(port.wire['device_owner']) ?? '').startsWith('network:');

function planPort(planning: Planning, port: PointResource): string | undefined {
  const [need] = needsAs(port, 'network');
  const network = need === undefined ? undefined : planning.standsFor(need);
  if (network === undefined) return undefined;
  const { wire } = port;
  const draft = new CreateDraft('port', planning.nameOf(port))
    .set({
      name: planning.nameOf(port),
      admin_state_up: wire['admin_state_up'] === false ? false : undefined,
      'binding:vnic_type':
        textOf(wire['binding:vnic_type']) === 'normal' ? undefined : textOf(wire['binding:vnic_type']),
      // Nova writes a server's name on its ports, and refuses one that has another (`nova/network/neutron.py`, `PortNotUsableDNS`).
      dns_name: textOf(wire['device_owner']) === undefined ? textOf(wire['dns_name']) : undefined,
    })
    .put(['network_id'], network);
  const isNew = 'step' in network;
  const same = isNew || planning.mapping.addresses === 'same';
  if (same) {
    draft.copy(wire, 'mac_address');
    if (!addressesOf(planning, port, draft)) return undefined;
  } else if (objectsIn(wire['fixed_ips']).length === 0) draft.set({ fixed_ips: [] });
  if (!groupsOf(planning, port, draft)) return undefined;
  if (wire['port_security_enabled'] === false) draft.set({ port_security_enabled: false });
  const pairs = objectsIn(wire['allowed_address_pairs']);
  if (pairs.length > 0) draft.set({ allowed_address_pairs: pairs.map((pair) => pairOf(wire, pair, same)) });
  const options = objectsIn(wire['extra_dhcp_opts']);
  if (options.length > 0)
    draft.set({
      extra_dhcp_opts: options.map(({ opt_name, opt_value, ip_version }) =>
        plain({ opt_name, opt_value, ip_version }),
      ),
    });
  const id = planning.make(draft, described(port));
  planning.stands(port, { step: id });
  return id;
}

/** A pair without a MAC address of its own has that of the port, which may be another one now. */
const pairOf = (port: Wire, { ip_address, mac_address }: Wire, same: boolean): Wire =>
  plain({ ip_address, mac_address: !same && mac_address === port['mac_address'] ? undefined : mac_address });

const plain = (fields: { readonly [field: string]: Wire[string] | undefined }): Wire =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Wire;

/** The addresses of a port; false if they were refused. */
function addressesOf(planning: Planning, port: PointResource, draft: CreateDraft): boolean {
  const ips = objectsIn(port.wire['fixed_ips']);
  draft.set({ fixed_ips: ips.map(() => ({})) });
  let fine = true;
  for (const [at, ip] of ips.entries()) {
    const subnetId = textOf(ip['subnet_id']) ?? '';
    const subnet = planning.standsFor({ kind: 'subnet', id: subnetId });
    const address = textOf(ip['ip_address']) ?? '';
    if (subnet === undefined) {
      planning.refuse(
        'reference-unmapped',
        port,
        `${called(port)} has an address (${address}) of a subnet that the target's network does not have`,
        "Make the subnet in the target, or restore with addresses: 'new'.",
      );
      fine = false;
      continue;
    }
    draft.put(['fixed_ips', at, 'subnet_id'], subnet);
    if (isAutomatic(planning, subnetId)) continue;
    if ('id' in subnet && isTaken(planning, subnet.id, address)) {
      planning.refuse(
        'address-taken',
        port,
        `${called(port)} is to have ${address} again, which another port of the target has`,
        "Free the address, or restore with addresses: 'new'.",
      );
      fine = false;
    }
    draft.put(['fixed_ips', at, 'ip_address'], { id: address });
  }
  return fine;
}

/**
 * Whether addresses of a subnet follow from the MAC address: Neutron takes no other there (`_test_fixed_ips_for_port`,
 * `neutron/db/ipam_pluggable_backend.py`).
 */
function isAutomatic(planning: Planning, subnet: string): boolean {
  const mode = planning.known({ kind: 'subnet', id: subnet })?.wire['ipv6_address_mode'];
  return mode === 'slaac' || mode === 'dhcpv6-stateless';
}

const isTaken = ({ target }: Planning, subnet: string, address: string): boolean =>
  target.ports.value.some((port) =>
    objectsIn(port['fixed_ips']).some((ip) => ip['subnet_id'] === subnet && ip['ip_address'] === address),
  );

/** The groups of a port; false if one was refused. An empty list is none, not the default group. */
function groupsOf(planning: Planning, port: PointResource, draft: CreateDraft): boolean {
  const ids = textsIn(port.wire['security_groups']);
  draft.set({ security_groups: ids.map(() => null) });
  return ids.every((id, at) => {
    const group = planning.standsFor({ kind: 'security-group', id });
    if (group !== undefined) draft.put(['security_groups', at], group);
    return group !== undefined;
  });
}

/** Plans the floating IPs, which need a way from their port to the outside. */
export function planFloatingIps(planning: Planning, interfaces: InterfaceSteps): void {
  for (const floating of planning.of('floating-ip')) {
    const { wire } = floating;
    const [outside] = needsAs(floating, 'floating_network');
    const network = outside === undefined ? undefined : planning.standsFor(outside);
    if (network === undefined) continue;
    const draft = new CreateDraft('floating-ip', floating.name).put(['floating_network_id'], network);
    const [need] = needsAs(floating, 'port');
    const port = need === undefined ? undefined : planning.known(need);
    const ref = need === undefined ? undefined : planning.standsFor(need);
    if (port !== undefined && ref !== undefined) {
      const subnets = needsAs(port, 'subnet').flatMap((subnet) => interfaces.get(subnet.id) ?? []);
      draft.put(['port_id'], ref).after(...subnets);
      const isSame = planning.isMade(needsAs(port, 'network')[0] ?? floating);
      if (isSame || planning.mapping.addresses === 'same') draft.copy(wire, 'fixed_ip_address');
    } else if (need !== undefined)
      planning.warnings.push(`${called(floating)} leads to nothing: its port is not restored`);
    if (planning.mapping.addresses === 'same') {
      refuseUnlessAdmin(planning, floating, 'a floating IP');
      if (isHeld(planning, network, floating.name))
        planning.refuse(
          'address-taken',
          floating,
          `${called(floating)} is taken in the target`,
          "Free the address, or restore with addresses: 'new'.",
        );
      draft.copy(wire, 'floating_ip_address');
    }
    const id = planning.make(draft, described(floating));
    planning.stands(floating, { step: id });
  }
}

const isHeld = ({ target }: Planning, network: object, address: string): boolean =>
  target.floatingIps.value.some(
    (wire) =>
      wire['floating_ip_address'] === address &&
      (!('id' in network) || wire['floating_network_id'] === network.id),
  );

/** The steps after which the subnets of a server's ports are ready for it. */
export const readyFor = (
  planning: Planning,
  server: PointResource,
  ready: ReadonlyMap<string, string>,
): readonly string[] =>
  needsAs(server, 'port').flatMap((need) => {
    const port = planning.known(need);
    return port === undefined ? [] : needsAs(port, 'subnet').flatMap((subnet) => ready.get(subnet.id) ?? []);
  });

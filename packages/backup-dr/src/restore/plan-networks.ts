import type { PointResource, Wire } from '../point/tenant-point.ts';
import { objectOf, objectsIn, textOf } from '../point/wire.ts';
import { CreateDraft } from './create-draft.ts';
import { described } from './plan-groups.ts';
import { called, needsAs, type Planning } from './planning.ts';
import { connectRouter, type Ref, setRoutes } from './restore-actions.ts';

/** Steps after which a router connects a subnet, by the subnet's id in the point. */
export type InterfaceSteps = ReadonlyMap<string, readonly string[]>;

/** Plans networks, then their subnets, then routers with their gateways, interfaces and routes, in this order. */
export function planNetworks(planning: Planning): InterfaceSteps {
  for (const network of planning.of('network')) {
    if (planning.standsFor(network) !== undefined) continue;
    const { wire } = network;
    const draft = new CreateDraft('network', planning.nameOf(network)).set({
      name: planning.nameOf(network),
      admin_state_up: wire['admin_state_up'] === false ? false : undefined,
      port_security_enabled: wire['port_security_enabled'] === false ? false : undefined,
      dns_domain: textOf(wire['dns_domain']),
    });
    const id = planning.make(draft, described(network));
    planning.stands(network, { step: id });
    if (wire['shared'] === true || wire['router:external'] === true)
      planning.warnings.push(
        `${called(network)} was ${wire['shared'] === true ? 'shared with every project' : 'an external network'}; it is restored as the project's own`,
      );
  }
  for (const subnet of planning.of('subnet')) planSubnet(planning, subnet);
  const interfaces = new Map<string, string[]>();
  for (const router of planning.of('router')) planRouter(planning, router, interfaces);
  return interfaces;
}

/** Whether DHCP is switched on by a step of its own, after the ports. Neutron refuses IPv6 modes without DHCP. */
export const hasLateDhcp = ({ wire }: PointResource): boolean =>
  wire['enable_dhcp'] === true && textOf(wire['ipv6_ra_mode'] ?? wire['ipv6_address_mode']) === undefined;

function planSubnet(planning: Planning, subnet: PointResource): void {
  if (planning.standsFor(subnet) !== undefined) return;
  const [owner] = needsAs(subnet, 'network');
  const network = owner === undefined ? undefined : planning.standsFor(owner);
  if (network === undefined) return;
  if ('id' in network) {
    planning.refuse(
      'reference-unmapped',
      subnet,
      `the network in whose place another one stands has no subnet ${textOf(subnet.wire['cidr']) ?? ''}`,
      'Make the subnet in the target, or map the network to another one, or restore it.',
    );
    return;
  }
  const { wire } = subnet;
  const draft = new CreateDraft('subnet', planning.nameOf(subnet))
    .set({
      name: planning.nameOf(subnet),
      gateway_ip: textOf(wire['gateway_ip']) ?? null,
      enable_dhcp: wire['enable_dhcp'] === true && !hasLateDhcp(subnet),
    })
    .copy(
      wire,
      'ip_version',
      'cidr',
      'allocation_pools',
      'dns_nameservers',
      'host_routes',
      'ipv6_ra_mode',
      'ipv6_address_mode',
    )
    .put(['network_id'], network);
  if (textsOf(wire, 'service_types').length > 0) draft.copy(wire, 'service_types');
  const id = planning.make(draft, described(subnet));
  planning.stands(subnet, { step: id });
}

const textsOf = (wire: Wire, field: string): readonly unknown[] => {
  const value = wire[field];
  return Array.isArray(value) ? value : [];
};

function planRouter(planning: Planning, router: PointResource, interfaces: Map<string, string[]>): void {
  const { project } = planning.target;
  const { wire } = router;
  const name = planning.nameOf(router);
  const draft = new CreateDraft('router', name).set({
    name,
    admin_state_up: wire['admin_state_up'] === false ? false : undefined,
  });
  gatewayOf(planning, router, draft);
  const id = planning.make(draft, described(router));
  planning.stands(router, { step: id });
  const connected: string[] = [];
  for (const need of needsAs(router, 'interface')) {
    const port = planning.known(need);
    for (const { subnet_id: subnetId, ip_address: ip } of port === undefined
      ? []
      : objectsIn(port.wire['fixed_ips'])) {
      const subnet = planning.known({ kind: 'subnet', id: textOf(subnetId) ?? '' });
      const step =
        subnet === undefined || port === undefined
          ? undefined
          : planInterface(planning, router, { step: id }, { port, subnet, ip: textOf(ip) });
      if (subnet === undefined || step === undefined) continue;
      connected.push(step);
      interfaces.set(subnet.id, [...(interfaces.get(subnet.id) ?? []), step]);
    }
  }
  const routes = objectsIn(wire['routes']).flatMap(({ destination, nexthop }) =>
    typeof destination === 'string' && typeof nexthop === 'string' ? [{ destination, nexthop }] : [],
  );
  if (routes.length === 0 || planning.lost.get('router')?.has('routes') === true) return;
  planning.steps.push(
    setRoutes.step({
      id: planning.stepId('routes'),
      input: { name, project: project.id, router: { step: id }, routes },
      needs: [id, ...connected],
    }),
  );
}

/** The gateway goes with the router: a router that has none cannot lead floating IPs. */
function gatewayOf(planning: Planning, router: PointResource, draft: CreateDraft): void {
  const gateway = objectOf(router.wire['external_gateway_info']);
  const [need] = needsAs(router, 'gateway');
  const network = need === undefined ? undefined : planning.standsFor(need);
  if (gateway === undefined || network === undefined) return;
  draft
    .set({ external_gateway_info: { network_id: null } })
    .put(['external_gateway_info', 'network_id'], network);
  if (planning.mapping.addresses === 'same') {
    const addresses = objectsIn(gateway['external_fixed_ips']).flatMap(
      (ip) => textOf(ip['ip_address']) ?? [],
    );
    if (addresses.length > 0) {
      refuseUnlessAdmin(planning, router, 'the address of its gateway');
      draft.set({
        external_gateway_info: {
          network_id: 'id' in network ? network.id : null,
          external_fixed_ips: addresses.map((ip_address) => ({ ip_address })),
        },
      });
    }
  }
  if (gateway['enable_snat'] === false)
    planning.warnings.push(
      `${called(router)} had SNAT switched off, which takes an administrator: switch it off in the target`,
    );
}

/** Refuses what Neutron's policy keeps for administrators. */
export function refuseUnlessAdmin(planning: Planning, thing: PointResource, what: string): void {
  if (planning.target.admin) return;
  planning.refuse(
    'not-allowed',
    thing,
    `${called(thing)} is to have the same address as before, and only an administrator chooses ${what}`,
    "Restore as an administrator, or with addresses: 'new'.",
  );
}

/** An address that a router has in a subnet, and the port that has it. */
interface RouterAddress {
  readonly port: PointResource;
  readonly subnet: PointResource;
  readonly ip: string | undefined;
}

function planInterface(
  planning: Planning,
  router: PointResource,
  ref: Ref,
  { port, subnet, ip }: RouterAddress,
): string | undefined {
  const stands = planning.standsFor(subnet);
  const owner = needsAs(subnet, 'network')[0]?.id ?? textOf(subnet.wire['network_id']);
  const network = owner === undefined ? undefined : planning.standsFor({ kind: 'network', id: owner });
  if (stands === undefined || network === undefined) return undefined;
  if ('id' in stands) {
    planning.warnings.push(
      `${called(router)} is not connected to ${called(subnet)}, which the target has already: connect it there if it is to be`,
    );
    return undefined;
  }
  const id = planning.stepId('interface');
  const gateway = textOf(subnet.wire['gateway_ip']);
  const groups = needsAs(port, 'security_group').flatMap((group) => planning.standsFor(group) ?? []);
  planning.steps.push(
    connectRouter.step({
      id,
      input: {
        name: planning.nameOf(router),
        project: planning.target.project.id,
        router: ref,
        subnet: stands,
        network,
        address: ip === undefined || ip === gateway ? null : ip,
        groups,
      },
      needs: [ref, stands, network, ...groups].flatMap((need) => ('step' in need ? [need.step] : [])),
    }),
  );
  return id;
}

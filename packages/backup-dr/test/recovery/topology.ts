import { createHash } from 'node:crypto';
import { isRouterInterface } from '../../src/point/needs.ts';
import type { PointResource, TenantPoint, Wire } from '../../src/point.ts';

type Value = Wire[string] | undefined;

const objects = (value: Value): readonly Wire[] => (Array.isArray(value) ? (value as readonly Wire[]) : []);
const ownTags = (value: Value): readonly string[] =>
  (Array.isArray(value) ? (value as readonly string[]) : [])
    .filter((tag) => !tag.startsWith('groundcrew:'))
    .toSorted();
const own = (value: Value): Wire =>
  Object.fromEntries(
    Object.entries((value ?? {}) as Wire)
      .filter(([key]) => key !== 'groundcrew')
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
const textOf = (value: Value): string => (typeof value === 'string' ? value : '');
const pick = (wire: Wire, ...fields: readonly string[]): Value[] =>
  fields.map((field) => wire[field] ?? null);

/** What makes a thing what it is, without ids and times; `undefined` for what a restore does not make. */
function traits({ kind, name, wire }: PointResource): Value[] | undefined {
  switch (kind) {
    case 'server':
      return [
        name,
        wire['description'] ?? null,
        own(wire['metadata']),
        ownTags(wire['tags']),
        ...pick(wire, 'config_drive', 'key_name'),
        objects(wire['os-extended-volumes:volumes_attached'])
          .map((volume) => JSON.stringify(volume['delete_on_termination'] ?? null))
          .toSorted(),
      ];
    case 'volume':
      return [name, own(wire['metadata']), ...pick(wire, 'size', 'bootable', 'volume_type', 'description')];
    case 'network':
      return [
        name,
        ownTags(wire['tags']),
        ...pick(wire, 'description', 'admin_state_up', 'port_security_enabled'),
      ];
    case 'subnet':
      return [
        name,
        ...pick(
          wire,
          'cidr',
          'gateway_ip',
          'enable_dhcp',
          'allocation_pools',
          'dns_nameservers',
          'description',
        ),
      ];
    case 'router':
      return [name, ...pick(wire, 'admin_state_up', 'routes', 'description')];
    case 'port': {
      const addresses = objects(wire['fixed_ips']).map((ip) => ip['ip_address'] ?? null);
      if (isRouterInterface(wire)) return ['interface', ...addresses];
      return textOf(wire['device_owner']).startsWith('network:')
        ? undefined
        : [name, addresses, ...pick(wire, 'mac_address', 'allowed_address_pairs', 'description')];
    }
    case 'security-group':
      return [name, ...pick(wire, 'description', 'stateful')];
    case 'floating-ip':
      return [...pick(wire, 'fixed_ip_address', 'description')];
    case 'server-group':
      return [name, ...pick(wire, 'policy', 'rules')];
    case 'keypair':
      return [name, ...pick(wire, 'public_key')];
    case 'container':
      return [name, own(wire['metadata'])];
    case 'flavor':
    case 'image':
    case 'volume-type':
    case 'load-balancer':
    case 'compute-quota':
    case 'volume-quota':
    case 'network-quota':
    case 'role-assignment':
      return undefined;
  }
}

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/** The text of a rule, without ids. */
const ruleText = (rule: Wire, remote: string | null): string =>
  JSON.stringify([
    ...pick(
      rule,
      'direction',
      'ethertype',
      'protocol',
      'port_range_min',
      'port_range_max',
      'remote_ip_prefix',
    ),
    rule['description'] ?? '',
    remote,
  ]);

/**
 * The shape of a tenant: what each thing is, and how it hangs together with others, as a sorted list without ids (colours that are
 * refined until they stand, by Weisfeiler and Leman). Two tenants with ids of their own have the same one.
 */
export function topologyOf(point: TenantPoint): readonly string[] {
  const made = point.resources.flatMap((resource) => {
    const what = traits(resource);
    return what === undefined ? [] : [{ resource, what }];
  });
  const key = (kind: string, id: string): string => `${kind} ${id}`;
  let colours = new Map<string, string>([
    ...point.external.map(({ kind, id, name }) => [key(kind, id), `external ${kind} ${name}`] as const),
    ...made.map(
      ({ resource, what }) => [key(resource.kind, resource.id), hashOf([resource.kind, what])] as const,
    ),
  ]);
  for (let round = 0; round < 8; round += 1) {
    const before = colours;
    colours = new Map(before);
    for (const { resource } of made) {
      const { kind, id, needs, wire } = resource;
      const colour = (of: string, other: string): string => before.get(key(of, other)) ?? `nothing ${of}`;
      const rules = objects(wire['security_group_rules']).map((rule) =>
        ruleText(
          rule,
          typeof rule['remote_group_id'] === 'string'
            ? colour('security-group', rule['remote_group_id'])
            : null,
        ),
      );
      const others = needs.map((need) => `${need.as} ${colour(need.kind, need.id)}`).toSorted();
      colours.set(key(kind, id), hashOf([before.get(key(kind, id)), others, rules.toSorted()]));
    }
  }
  return made
    .map(
      ({ resource: { kind, id, name } }) =>
        `${kind} ${kind === 'floating-ip' ? '' : JSON.stringify(name)} ${colours.get(key(kind, id))}`,
    )
    .toSorted();
}

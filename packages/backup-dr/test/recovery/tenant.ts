import type { Cloud } from '@groundcrew/core';
import fc from 'fast-check';

/** A small project, as numbers and names from which it is built. */
export interface TenantSpec {
  /** Taken in turn for whatever has a name. */
  readonly names: readonly string[];
  readonly networks: readonly {
    readonly subnets: number;
    readonly dhcp: boolean;
    readonly tags: readonly string[];
  }[];
  /** For each router the subnets that it connects, by number; two may connect the same one. */
  readonly routers: readonly { readonly subnets: readonly number[]; readonly gateway: boolean }[];
  /** For each group the groups that its rules name, by number: itself, each other, in circles. */
  readonly groups: readonly { readonly names: readonly number[]; readonly ports: readonly number[] }[];
  readonly volumes: readonly { readonly size: number; readonly metadata: Readonly<Record<string, string>> }[];
  readonly servers: readonly {
    readonly networks: readonly number[];
    readonly groups: readonly number[];
    readonly volumes: readonly number[];
    readonly boot: 'image' | 'volume';
    readonly key: boolean;
    readonly together: boolean;
    readonly tags: readonly string[];
  }[];
  /** Ports without a server. */
  readonly spare: number;
  readonly floating: boolean;
}

/** Names that break what takes names for granted: equal, empty, with slashes, newlines and marks that turn text around. */
const hostileNames = fc.constantFrom(
  'web',
  'web',
  '',
  'a/b',
  'one\ntwo',
  '\u202Eexe.bat',
  'ünïcödé 😀',
  "'; --",
  '<b>',
  '${x}',
  '../..',
);

const some = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> =>
  fc.array(arbitrary, { maxLength });
const tag = fc.constantFrom('blue', 'green', 'tier=1');

export const tenantSpecs: fc.Arbitrary<TenantSpec> = fc.record({
  names: fc.array(hostileNames, { minLength: 1, maxLength: 6 }),
  networks: fc.array(
    fc.record({ subnets: fc.integer({ min: 1, max: 2 }), dhcp: fc.boolean(), tags: fc.uniqueArray(tag) }),
    { minLength: 1, maxLength: 2 },
  ),
  routers: some(
    fc.record({ subnets: fc.uniqueArray(fc.nat(3), { maxLength: 2 }), gateway: fc.boolean() }),
    2,
  ),
  groups: some(
    fc.record({
      names: fc.uniqueArray(fc.nat(2)),
      ports: fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 3 }),
    }),
    3,
  ),
  volumes: some(
    fc.record({
      size: fc.integer({ min: 1, max: 5 }),
      metadata: fc.dictionary(fc.constantFrom('tier', 'owner'), fc.constantFrom('gold', '@', 'x')),
    }),
    3,
  ),
  servers: some(
    fc.record({
      networks: fc.uniqueArray(fc.nat(1), { maxLength: 2 }),
      groups: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
      volumes: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
      boot: fc.constantFrom('image', 'volume'),
      key: fc.boolean(),
      together: fc.boolean(),
      tags: fc.uniqueArray(tag),
    }),
    2,
  ),
  spare: fc.nat(2),
  floating: fc.boolean(),
});

/** Gives out names in turn; a server's must not be empty, and nothing but the default group is called `default`. */
function nameGiver(names: readonly string[]): (empty?: string) => string {
  let next = 0;
  return (empty = '') => {
    const name = names[next % names.length] ?? '';
    next += 1;
    return name === '' ? empty : name;
  };
}

/** What a tenant is built from, by name; @default what the simulated clouds have. */
export interface TenantParts {
  /** Servers boot from it. */
  readonly image?: string;
  /** Ids of images that the volumes are filled from, in turn. */
  readonly contents?: readonly string[];
}

/** Builds a tenant by the public API, as its user would. */
export async function buildTenant(
  cloud: Cloud,
  spec: TenantSpec,
  { image: boot = 'cirros', contents = [] }: TenantParts = {},
): Promise<void> {
  const { network, blockStorage, image } = cloud;
  const compute = cloud.compute.at('2.64');
  const name = nameGiver(spec.names);
  const outside = await network.networks.find('public');
  const cirros = await image.images.find(boot);
  const flavor = await compute.flavors.find('m1.nano');

  const subnets: { id: string; network: string; cidr: string; owner: number }[] = [];
  const networks: string[] = [];
  for (const [at, wish] of spec.networks.entries()) {
    const { id } = await network.networks.create({ name: name(), description: at === 0 ? 'first' : '' });
    networks.push(id);
    if (wish.tags.length > 0)
      await network.tags.replace({ resource_type: 'networks', resource_id: id, tags: [...wish.tags] });
    for (let number = 0; number < wish.subnets; number += 1) {
      const cidr = `10.${at}.${number}.0/24`;
      const made = await network.subnets.create({
        network_id: id,
        name: name(),
        ip_version: 4,
        cidr,
        enable_dhcp: wish.dhcp,
        dns_nameservers: ['9.9.9.9'],
      });
      subnets.push({ id: made.id, network: id, cidr, owner: at });
    }
  }
  const connections = new Map<number, number>();
  const routed = new Set<string>();
  const led = new Set<number>();
  for (const wish of spec.routers) {
    const { id } = await network.routers.create({
      name: name(),
      ...(wish.gateway ? { external_gateway_info: { network_id: outside.id } } : {}),
    });
    for (const at of wish.subnets) {
      const subnet = subnets[at];
      if (subnet === undefined) continue;
      connections.set(at, (connections.get(at) ?? 0) + 1);
      if (!routed.has(subnet.id)) await network.routers.addInterface({ id, subnet_id: subnet.id });
      else {
        // The gateway's address is the first router's: the second one has an address of its own.
        const port = await network.ports.create({
          network_id: subnet.network,
          fixed_ips: [{ subnet_id: subnet.id }],
        });
        await network.routers.addInterface({ id, port_id: port.id });
      }
      if (wish.gateway && !routed.has(subnet.id)) led.add(at);
      routed.add(subnet.id);
    }
  }
  const groups: string[] = [];
  for (const _ of spec.groups) {
    const { id } = await network.securityGroups.create({ name: name('unnamed'), description: 'rules' });
    groups.push(id);
  }
  for (const [at, wish] of spec.groups.entries()) {
    const group = groups[at] ?? '';
    for (const other of wish.names) {
      const remote = groups[other];
      if (remote !== undefined)
        await network.securityGroupRules.create({
          security_group_id: group,
          direction: 'ingress',
          remote_group_id: remote,
        });
    }
    for (const port of wish.ports)
      await network.securityGroupRules.create({
        security_group_id: group,
        direction: 'ingress',
        protocol: 'tcp',
        port_range_min: port,
        port_range_max: port,
        remote_ip_prefix: '192.0.2.0/24',
        description: `port ${port}`,
      });
  }
  const volumes: string[] = [];
  for (const [at, wish] of spec.volumes.entries()) {
    const imageRef = contents[at % contents.length];
    const { id } = await blockStorage.volumes.create({
      name: name(),
      size: wish.size,
      metadata: { ...wish.metadata },
      ...(imageRef === undefined ? {} : { imageRef }),
    });
    await blockStorage.volumes.waitFor(id, 'available');
    volumes.push(id);
  }
  if (spec.servers.some(({ key }) => key))
    await compute.keypairs
      .create({
        name: 'key',
        public_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEy me',
      })
      .catch(() => {});
  const together = spec.servers.some((server) => server.together)
    ? await compute.serverGroups.create({ name: 'group', policy: 'soft-affinity' })
    : undefined;
  const attached = new Set<number>();
  const ports: { id: string; network: number }[] = [];
  for (const wish of spec.servers) {
    const own = wish.volumes.filter((at) => volumes[at] !== undefined && !attached.has(at));
    const boots = wish.boot === 'volume' && own.length > 0;
    for (const at of own) attached.add(at);
    if (boots) await blockStorage.volumes.setBootable({ id: volumes[own[0] ?? 0] ?? '', bootable: true });
    const mine: string[] = [];
    for (const at of wish.networks) {
      const net = networks[at];
      if (net === undefined) continue;
      const chosen = wish.groups.flatMap((group) => groups[group] ?? []);
      const port = await network.ports.create({
        network_id: net,
        name: name(),
        ...(chosen.length === 0 ? {} : { security_groups: chosen }),
        allowed_address_pairs: [{ ip_address: '10.99.0.0/24' }],
      });
      mine.push(port.id);
      ports.push({ id: port.id, network: at });
    }
    const { id } = await compute.servers.create({
      name: name('unnamed'),
      flavorRef: flavor.id,
      ...(boots ? {} : { imageRef: cirros.id }),
      networks: mine.length === 0 ? 'none' : mine.map((port) => ({ port })),
      metadata: { role: 'any' },
      ...(wish.tags.length === 0 ? {} : { tags: [...wish.tags] }),
      ...(wish.key ? { key_name: 'key' } : {}),
      ...(own.length === 0
        ? {}
        : {
            block_device_mapping_v2: [
              ...(boots
                ? []
                : [
                    {
                      uuid: cirros.id,
                      source_type: 'image' as const,
                      destination_type: 'local' as const,
                      boot_index: 0,
                      delete_on_termination: true,
                    },
                  ]),
              ...own.map((at, place) => ({
                uuid: volumes[at] ?? '',
                source_type: 'volume' as const,
                destination_type: 'volume' as const,
                boot_index: boots && place === 0 ? 0 : -1,
                delete_on_termination: place === 1,
              })),
            ],
          }),
      ...(wish.together && together !== undefined ? { 'os:scheduler_hints': { group: together.id } } : {}),
    });
    await compute.servers.waitFor(id, 'ACTIVE');
  }
  for (let number = 0; number < spec.spare; number += 1)
    await network.ports.create({ network_id: networks[0] ?? '', name: name() });
  if (!spec.floating) return;
  const shown = await Promise.all(ports.map((port) => network.ports.get({ id: port.id })));
  const reached = shown.find((port) =>
    // Where two routers lead out of one subnet, which of them a floating IP takes is Neutron's choice.
    [...led].some((at) => connections.get(at) === 1 && subnets[at]?.id === port.fixed_ips[0]?.subnet_id),
  );
  await network.floatingIps.create({
    floating_network_id: outside.id,
    ...(reached === undefined ? {} : { port_id: reached.id }),
  });
}

/** A shop with one of everything: booted from a volume, behind a router, with groups that name each other. */
export const shop: TenantSpec = {
  names: ['shop'],
  networks: [{ subnets: 1, dhcp: true, tags: ['blue'] }],
  routers: [{ subnets: [0], gateway: true }],
  groups: [
    { names: [0, 1], ports: [443] },
    { names: [0], ports: [] },
  ],
  volumes: [{ size: 1, metadata: { tier: 'gold' } }],
  servers: [
    { networks: [0], groups: [0], volumes: [0], boot: 'volume', key: true, together: true, tags: ['blue'] },
  ],
  spare: 1,
  floating: true,
};

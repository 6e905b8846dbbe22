import { type Cloud, isNotFound } from '@groundcrew/core';

export type Rule = Partial<{
  direction: 'ingress' | 'egress';
  ethertype: 'IPv4' | 'IPv6';
  protocol: string;
  port_range_min: number;
  port_range_max: number;
  remote_ip_prefix: string;
  remote_group_id: string;
  remote_address_group_id: string;
}>;

export type ForwardedPorts = Omit<
  Parameters<Cloud['network']['portForwardings']['create']>[0],
  'floatingip_id' | 'internal_port_id' | 'internal_ip_address'
>;

/** A site of a case: everything that is made is removed again, the last first. */
export class Site {
  readonly cloud: Cloud;
  readonly name: string;
  readonly #undo: (() => Promise<unknown>)[] = [];
  #network: string | undefined;

  constructor(cloud: Cloud, name: string) {
    this.cloud = cloud;
    this.name = name;
  }

  later(undo: () => Promise<unknown>): void {
    this.#undo.push(undo);
  }

  async group(...rules: readonly Rule[]): Promise<string> {
    const { network } = this.cloud;
    const { id } = await network.securityGroups.create({ name: this.name });
    this.later(() => network.securityGroups.delete({ id }));
    for (const rule of rules) {
      const body = { security_group_id: id, direction: 'ingress', ethertype: 'IPv4', ...rule } as const;
      await network.securityGroupRules.create(body);
    }
    return id;
  }

  async addressGroup(...addresses: readonly string[]): Promise<string> {
    const { network } = this.cloud;
    const { id } = await network.addressGroups.create({ name: this.name, addresses: [...addresses] });
    this.later(() => network.addressGroups.delete({ id }));
    return id;
  }

  /** A network of the case's own, with a subnet of each family. */
  async network(more: { readonly 'router:external'?: boolean } = {}): Promise<string> {
    const { network } = this.cloud;
    if (this.#network !== undefined && more['router:external'] === undefined) return this.#network;
    const { id } = await network.networks.create({ name: this.name, ...more });
    this.later(() => network.networks.delete({ id }));
    const subnets = [
      { ip_version: 4 as const, cidr: '10.77.0.0/24' },
      { ip_version: 6 as const, cidr: 'fd77::/64' },
    ];
    for (const one of subnets) {
      const subnet = await network.subnets.create({
        network_id: id,
        name: this.name,
        enable_dhcp: false,
        ...one,
      });
      this.later(() => network.subnets.delete({ id: subnet.id }));
    }
    if (more['router:external'] === undefined) this.#network = id;
    return id;
  }

  /** Makes a floating IP of an external network, to which a router of the case leads. */
  async floatingIp(): Promise<string> {
    const { network } = this.cloud;
    const inside = await this.network();
    const { id: outside } = await network.networks.create({ name: this.name, 'router:external': true });
    this.later(() => network.networks.delete({ id: outside }));
    const cidr = '203.0.113.0/24';
    await network.subnets.create({ network_id: outside, ip_version: 4, cidr, enable_dhcp: false });
    const gateway = { external_gateway_info: { network_id: outside } };
    const { id: router } = await network.routers.create({ name: this.name, ...gateway });
    this.later(() => network.routers.delete({ id: router }));
    for await (const { id, ip_version } of network.subnets.list({ network_id: inside })) {
      if (ip_version !== 4) continue;
      await network.routers.addInterface({ id: router, subnet_id: id });
      this.later(() => network.routers.removeInterface({ id: router, subnet_id: id }));
    }
    const { id } = await network.floatingIps.create({ floating_network_id: outside });
    this.later(() => network.floatingIps.delete({ id }));
    return id;
  }

  /** Forwards ports of a floating IP to a port's IPv4 address. */
  async forward(floatingip_id: string, internal_port_id: string, ports: ForwardedPorts): Promise<void> {
    const { network } = this.cloud;
    const internal_ip_address = await this.addressOf(internal_port_id);
    const to = { floatingip_id, internal_port_id, internal_ip_address, ...ports };
    const { id } = await network.portForwardings.create(to);
    this.later(() => network.portForwardings.delete({ floatingip_id, id }));
  }

  /** Its IPv4 address. */
  async addressOf(port: string): Promise<string> {
    const { fixed_ips } = await this.cloud.network.ports.get({ id: port });
    return fixed_ips.map((ip) => ip.ip_address).find((text) => !text.includes(':')) ?? '';
  }

  async port(groups: readonly string[], more: object = {}): Promise<string> {
    const { network } = this.cloud;
    const network_id = await this.network();
    const { id } = await network.ports.create({
      network_id,
      name: this.name,
      security_groups: [...groups],
      ...more,
    });
    this.later(() => network.ports.delete({ id }).catch(ifThere));
    return id;
  }

  /** Removes everything; a thing that cannot be removed keeps no other from being removed. */
  async leave(): Promise<void> {
    const troubles: unknown[] = [];
    for (const undo of this.#undo.toReversed()) {
      try {
        await undo().catch(ifThere);
      } catch (error) {
        troubles.push(error);
      }
    }
    if (troubles.length > 0) throw new AggregateError(troubles, `${this.name} is not all gone`);
  }
}

function ifThere(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

import { isConflict, isNotFound } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, unique, parityClouds } from './parity-clouds.ts';

describe.each(parityClouds)('networks on $name', (parityCloud) => {
  test('a network with a subnet and a port that has an address of it', async () => {
    const clean = new CleanUp();
    const { networks, subnets, ports } = (await asAdmin(parityCloud)).network;
    const name = unique('network');
    const network = await networks.create({ name });
    clean.later(() => networks.delete({ id: network.id }, { missingOk: true }));
    expect(network).toMatchObject({ name, status: 'ACTIVE', admin_state_up: true, shared: false });
    const subnet = await subnets.create({
      network_id: network.id,
      name,
      ip_version: 4,
      cidr: '192.168.77.0/24',
    });
    expect(subnet).toMatchObject({ gateway_ip: '192.168.77.1', enable_dhcp: true });
    const port = await ports.create({ network_id: network.id, name });
    clean.later(() => ports.delete({ id: port.id }, { missingOk: true }));
    expect(port.fixed_ips).toMatchObject([
      { subnet_id: subnet.id, ip_address: expect.stringMatching(/^192\.168\.77\.\d+$/) },
    ]);
    expect(port.mac_address).toMatch(/^fa:16:3e:/);
    const inUse = await networks.delete({ id: network.id }).catch((caught: unknown) => caught);
    expect(isConflict(inUse)).toBe(true);
    expect(inUse).toMatchObject({ fault: { type: 'NetworkInUse' } });
    expect((await networks.find(name)).id).toBe(network.id);
  });

  test('a security group begins with rules for egress; the same rule twice is a 409', async () => {
    const clean = new CleanUp();
    const { securityGroups, securityGroupRules } = (await asAdmin(parityCloud)).network;
    const group = await securityGroups.create({ name: unique('group') });
    clean.later(() => securityGroups.delete({ id: group.id }));
    expect(
      group.security_group_rules.map((rule) => `${rule.direction} ${rule.ethertype}`).toSorted(),
    ).toEqual(['egress IPv4', 'egress IPv6']);
    const wanted = {
      security_group_id: group.id,
      direction: 'ingress',
      protocol: 'tcp',
      port_range_min: 22,
      port_range_max: 22,
    } as const;
    const before = await securityGroups.get({ id: group.id });
    const rule = await securityGroupRules.create(wanted);
    expect(rule).toMatchObject({ protocol: 'tcp', port_range_min: 22, remote_ip_prefix: null });
    // A rule is part of its group: with it the group has another revision.
    const { revision_number } = await securityGroups.get({ id: group.id });
    expect(revision_number).toBe(Number(before.revision_number) + 1);
    const twice = await securityGroupRules.create(wanted).catch((caught: unknown) => caught);
    expect(isConflict(twice)).toBe(true);
    expect(twice).toMatchObject({ fault: { type: 'SecurityGroupRuleExists' } });
  });

  test('pages of one hold the same networks as one page', async () => {
    const clean = new CleanUp();
    const { networks } = (await asAdmin(parityCloud)).network;
    for (const index of [1, 2, 3]) {
      const { id } = await networks.create({ name: unique(`page-${index}`) });
      clean.later(() => networks.delete({ id }));
    }
    const whole = await Array.fromAsync(networks.list());
    const paged = await Array.fromAsync(networks.list({ limit: 1 }));
    expect(paged.map((network) => network.id).toSorted()).toEqual(
      whole.map((network) => network.id).toSorted(),
    );
  });

  test('what is not there is a 404 in words of Neutron', async () => {
    const { networks } = (await asAdmin(parityCloud)).network;
    const error = await networks
      .get({ id: '00000000-0000-4000-8000-000000000000' })
      .catch((caught: unknown) => caught);
    expect(isNotFound(error)).toBe(true);
    expect(error).toMatchObject({
      fault: {
        type: 'NetworkNotFound',
        message: 'Network 00000000-0000-4000-8000-000000000000 could not be found.',
      },
    });
  });
});

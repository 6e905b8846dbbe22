import { isConflict } from '@groundcrew/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { raw } from './raw.ts';
import { asAdmin, asMember, unique, parityClouds } from './parity-clouds.ts';

/*
 * What clients of other people ask for and the simulated cloud was once kinder about, or unkinder: libcloud, fog-openstack,
 * gophercloud, openstacksdk, Ansible, each unmodified, and raw requests.
 */

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error) => error,
  );

describe.each(parityClouds)('what others ask of $name', (parityCloud) => {
  test('slashes beside each other and at the end, and .json', async () => {
    const ask = await raw(asAdmin, parityCloud);
    const status = async (service: string, path: string) => (await ask('GET', service, path)).status;
    expect({
      nova: [
        await status('compute', '/flavors'),
        await status('compute', 'flavors/'),
        await status('compute', 'flavors.json'),
      ],
      neutron: [
        await status('network', '/networks'),
        await status('network', 'networks/'),
        await status('network', 'networks.json'),
      ],
      cinder: [
        await status('block-storage', '/volumes'),
        await status('block-storage', 'volumes/'),
        await status('block-storage', 'volumes.json'),
      ],
      glance: [
        await status('image', '/images'),
        await status('image', 'images/'),
        await status('image', 'images.json'),
      ],
      keystone: [await status('identity', '/projects'), await status('identity', 'projects/')],
    }).toEqual({
      nova: [200, 404, 404],
      neutron: [200, 200, 200],
      cinder: [200, 404, 200],
      glance: [200, 404, 404],
      keystone: [308, 200],
    });
  });

  test('what Nova has removed is gone, what it never had is not there', async () => {
    const ask = await raw(asAdmin, parityCloud);
    const status = async (path: string) => (await ask('GET', 'compute', path)).status;
    expect([
      await status('os-cells'),
      await status('os-certificates/root'),
      await status('os-nothing'),
    ]).toEqual([410, 410, 404]);
  });

  test('ICMP of IPv6 has one name and one number', async () => {
    const { securityGroups, securityGroupRules } = (await asMember(parityCloud)).network;
    const { id } = await securityGroups.create({ name: unique('icmp') });
    onTestFinished(() => securityGroups.delete({ id }));
    const rule = { security_group_id: id, direction: 'ingress', ethertype: 'IPv6' } as const;
    expect((await securityGroupRules.create({ ...rule, protocol: 'icmp' })).protocol).toBe('ipv6-icmp');
    for (const protocol of ['icmpv6', 'ipv6-icmp', '58'])
      expect(await caught(securityGroupRules.create({ ...rule, protocol })), protocol).toMatchObject({
        fault: { type: 'SecurityGroupRuleExists' },
      });
    expect((await securityGroupRules.create({ ...rule, protocol: '47' })).protocol).toBe('47');
    expect(isConflict(await caught(securityGroupRules.create({ ...rule, protocol: 'GRE' })))).toBe(true);
    for (const protocol of ['any', 'foo', '300'])
      expect(await caught(securityGroupRules.create({ ...rule, protocol })), protocol).toMatchObject({
        fault: { type: 'SecurityGroupRuleInvalidProtocol' },
      });
    expect(
      await caught(securityGroupRules.create({ ...rule, ethertype: 'IPv4', protocol: 'icmpv6' })),
    ).toMatchObject({ fault: { type: 'SecurityGroupEthertypeConflictWithProtocol' } });
  });

  test("a pair of addresses without a MAC address has the port's", async () => {
    const { networks, ports } = (await asMember(parityCloud)).network;
    const network = await networks.create({ name: unique('pairs') });
    onTestFinished(() => networks.delete({ id: network.id }));
    const port = await ports.create({
      network_id: network.id,
      allowed_address_pairs: [{ ip_address: '10.0.0.9' }],
    });
    onTestFinished(() => ports.delete({ id: port.id }));
    expect(port.allowed_address_pairs).toEqual([{ ip_address: '10.0.0.9', mac_address: port.mac_address }]);
  });

  test('a gateway that is none is refused, and leaves no router', async () => {
    const ask = await raw(asMember, parityCloud);
    const { routers } = (await asMember(parityCloud)).network;
    const name = unique('gateway');
    for (const external_gateway_info of [{ bad: 1 }, 'text', { network_id: 'nope' }])
      expect(
        (await ask('POST', 'network', 'routers', { router: { name, external_gateway_info } })).status,
      ).toBe(400);
    expect(await Array.fromAsync(routers.list({ name }))).toEqual([]);
  });

  test('what stands before a colon in a filter of images is an operator', async () => {
    const ask = await raw(asMember, parityCloud);
    const status = async (query: string) => (await ask('GET', 'image', `images?${query}`)).status;
    expect(await status('name=foo:bar')).toBe(400);
    expect(await status('name=neq:a')).toBe(400);
    expect(await status('name=eq:a')).toBe(200);
    expect(await status('name=in:a,b')).toBe(200);
    expect(await status('min_ram=5:4')).toBe(200);
  });

  test('the projects of nobody', async () => {
    const ask = await raw(asAdmin, parityCloud);
    expect((await ask('GET', 'identity', 'users/nobody/projects')).status).toBe(404);
  });
});

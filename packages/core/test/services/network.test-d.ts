import { expectTypeOf, test } from 'vitest';
import type { ServiceClient } from '../../src/call/client.ts';
import type { network } from '../../src/services/network/network.ts';

declare const neutron: ServiceClient<typeof network>;

test('fields have the names and types that Neutron gives them', async () => {
  const one = await neutron.networks.get({ id: 'n' });
  expectTypeOf(one.subnets).toEqualTypeOf<string[]>();
  expectTypeOf(one['router:external']).toEqualTypeOf<boolean | undefined>();
  expectTypeOf(one['provider:segmentation_id']).toEqualTypeOf<number | null | undefined>();
  const port = await neutron.ports.get({ id: 'p' });
  expectTypeOf(port['binding:host_id']).toEqualTypeOf<string | undefined>();
  for await (const agent of neutron.agents.list({ alive: false })) {
    expectTypeOf(agent.availability_zone).toEqualTypeOf<string | null>();
    expectTypeOf(agent.alive).toEqualTypeOf<boolean>();
  }
});

test('who asks for some fields has none for certain', async () => {
  for await (const router of neutron.routers.listFields({ fields: ['id', 'ha'] })) {
    expectTypeOf(router.name).toEqualTypeOf<string | undefined>();
  }
  // @ts-expect-error which fields must be said
  neutron.routers.listFields({});
});

test('arguments are checked', async () => {
  // @ts-expect-error a subnet needs its network
  await neutron.subnets.create({ ip_version: 4 });
  // @ts-expect-error not a version of IP
  await neutron.subnets.create({ network_id: 'n', ip_version: 5 });
  // @ts-expect-error no such argument
  await neutron.networks.create({ nam: 'x' });
  await neutron.ports.update({ id: 'p', 'binding:vnic_type': 'direct', if_match: 'revision_number=1' });
});

test('what has a state is waited for, what has a name is found', async () => {
  expectTypeOf((await neutron.routers.waitFor('r', 'ACTIVE')).ha).toEqualTypeOf<boolean | null | undefined>();
  expectTypeOf((await neutron.securityGroups.find('default')).name).toEqualTypeOf<string>();
  expectTypeOf((await neutron.subnetPools.find('pool')).min_prefixlen).toEqualTypeOf<number>();
  const { prefixes } = {
    prefixes: await neutron.subnetPools.addPrefixes({ id: 'p', prefixes: ['10.0.0.0/8'] }),
  };
  expectTypeOf(prefixes).toEqualTypeOf<string[]>();
  await neutron.quotas.update({ project_id: 'p', network: 5, firewall_group: 1 });
});

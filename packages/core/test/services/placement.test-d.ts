import { expectTypeOf, test } from 'vitest';
import type { ServiceClient } from '../../src/call/client.ts';
import type { placement } from '../../src/services/placement/placement.ts';

declare const client: ServiceClient<typeof placement>;

test('providers have the fields of the microversion asked for', async () => {
  const before = await client.resourceProviders.get({ id: 'p' });
  // @ts-expect-error trees came with 1.14
  void before.root_provider_uuid;
  const now = await client.at('1.39').resourceProviders.get({ id: 'p' });
  expectTypeOf(now.parent_provider_uuid).toEqualTypeOf<string | null>();
  const made = await client.at('1.20').resourceProviders.create({ name: 'p' });
  expectTypeOf(made.uuid).toEqualTypeOf<string>();
});

test('usages of a project are grouped from 1.38 on', async () => {
  const before = await client.usages.ofProject({ project_id: 'p' });
  expectTypeOf(before).toEqualTypeOf<Record<string, number>>();
  const now = await client.at('1.38').usages.ofProject({ project_id: 'p', consumer_type: 'INSTANCE' });
  expectTypeOf(now).toEqualTypeOf<Record<string, Record<string, number>>>();
  // @ts-expect-error consumer_type came with 1.38
  void client.at('1.37').usages.ofProject({ project_id: 'p', consumer_type: 'INSTANCE' });
});

test('allocations are said as their microversion says them', () => {
  const owner = { project_id: 'p', user_id: 'u' };
  void client.allocations.replace({
    id: 'c',
    allocations: [{ resource_provider: { uuid: 'p' }, resources: { VCPU: 1 } }],
  });
  const allocations = { p: { resources: { VCPU: 1 } } };
  void client.at('1.12').allocations.replace({ id: 'c', allocations, ...owner });
  void client.at('1.28').allocations.replace({ id: 'c', allocations, ...owner, consumer_generation: null });
  // @ts-expect-error from 1.28 on there is a generation
  void client.at('1.28').allocations.replace({ id: 'c', allocations, ...owner });
  // @ts-expect-error from 1.38 on there is a type
  void client.at('1.38').allocations.replace({ id: 'c', allocations, ...owner, consumer_generation: 1 });
  // @ts-expect-error reshaping came with 1.30
  void client.at('1.29').reshaper.reshape;
});

test('groups of a request have names of their own', () => {
  void client.at('1.36').allocationCandidates.get({
    resources: 'VCPU:1',
    resources_NIC: 'SRIOV_NET_VF:1',
    same_subtree: '_NIC',
  });
  // @ts-expect-error no field begins so
  void client.at('1.36').allocationCandidates.get({ resources: 'VCPU:1', resurces1: 'VCPU:1' });
  // @ts-expect-error trees can be named from 1.31 on
  void client.at('1.25').allocationCandidates.get({ resources: 'VCPU:1', in_tree1: 'p' });
  // @ts-expect-error groups came with 1.25
  void client.at('1.24').allocationCandidates.get({ resources: 'VCPU:1', resources1: 'VCPU:1' });
});

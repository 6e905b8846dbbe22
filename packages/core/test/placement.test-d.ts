import { expectTypeOf, test } from 'vitest';
import type { ServiceClient } from '../src/client.ts';
import type { placement } from '../src/placement/placement.ts';

declare const client: ServiceClient<typeof placement>;

test('providers are in a tree from 1.14 on', async () => {
  const old = await client.resourceProviders.get({ id: 'p' });
  expectTypeOf(old.generation).toEqualTypeOf<number>();
  expectTypeOf(old['root_provider_uuid']).toEqualTypeOf<unknown>();
  const now = await client.at('1.39').resourceProviders.get({ id: 'p' });
  expectTypeOf(now.parent_provider_uuid).toEqualTypeOf<string | null>();
});

test('creating answers from 1.20 on', async () => {
  expectTypeOf(client.resourceProviders.create({ name: 'p' })).resolves.toBeVoid();
  const made = await client.at('1.20').resourceProviders.create({ name: 'p' });
  expectTypeOf(made.uuid).toEqualTypeOf<string>();
});

test('allocations have the shape of the microversion', () => {
  const by = { p: { resources: { VCPU: 1 } } };
  void client.allocations.replace({
    id: 'c',
    allocations: [{ resource_provider: { uuid: 'p' }, resources: { VCPU: 1 } }],
  });
  // @ts-expect-error by provider only from 1.12 on
  void client.allocations.replace({ id: 'c', allocations: by });
  void client.at('1.12').allocations.replace({ id: 'c', allocations: by, project_id: 'x', user_id: 'y' });
  // @ts-expect-error the generation is required from 1.28 on
  void client.at('1.28').allocations.replace({ id: 'c', allocations: by, project_id: 'x', user_id: 'y' });
});

test('operations that came later are not there before', () => {
  expectTypeOf(client.at('1.30').reshaper).toHaveProperty('reshape');
  expectTypeOf(client.at('1.29').reshaper).not.toHaveProperty('reshape');
  expectTypeOf(client.at('1.19').aggregates).not.toHaveProperty('overwrite');
});

test('candidates say what the microversion says', async () => {
  const now = await client.at('1.36').allocationCandidates.get({ resources: 'VCPU:1', resources_NIC: 'X:1' });
  expectTypeOf(now.allocation_requests[0]?.mappings).toEqualTypeOf<Record<string, string[]> | undefined>();
  // @ts-expect-error groups came with 1.25
  void client.at('1.24').allocationCandidates.get({ resources: 'VCPU:1', resources1: 'X:1' });
});

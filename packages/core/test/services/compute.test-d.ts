import { expectTypeOf, test } from 'vitest';
import type { ServiceClient } from '../../src/call/client.ts';
import type { compute } from '../../src/services/compute/compute.ts';
import type { Secret } from '@groundcrew/ground';

declare const client: ServiceClient<typeof compute>;

test('answers have the shape of the microversion asked for', async () => {
  const old = await client.hypervisors.get({ id: 1 });
  expectTypeOf(old.id).toEqualTypeOf<number>();
  expectTypeOf(old.vcpus).toEqualTypeOf<number>();
  const now = await client.at('2.88').hypervisors.get({ id: 'u1' });
  expectTypeOf(now.id).toEqualTypeOf<string>();
  expectTypeOf(now.uptime).toEqualTypeOf<string | null>();
  // @ts-expect-error vcpus is gone with 2.88
  void now.vcpus;
  expectTypeOf(now.service.id).toEqualTypeOf<string>();

  const server = await client.at('2.96').servers.get({ id: 's1' });
  expectTypeOf(server.flavor.original_name).toEqualTypeOf<string>();
  expectTypeOf(server.pinned_availability_zone).toEqualTypeOf<string | null>();
  expectTypeOf(server['OS-EXT-SRV-ATTR:host']).toEqualTypeOf<string | null | undefined>();
  expectTypeOf(server['OS-EXT-STS:task_state']).toEqualTypeOf<string | null>();

  const made = await client.servers.create({ name: 'a', flavorRef: '1' });
  expectTypeOf(made.adminPass).toEqualTypeOf<Secret | undefined>();
  for await (const keypair of client.keypairs.list()) expectTypeOf(keypair.name).toEqualTypeOf<string>();
  for await (const tag of client.serverTags.list({ server_id: 's1' }))
    expectTypeOf(tag).toEqualTypeOf<string>();
});

test('actions take what their microversion has', async () => {
  await client.servers.evacuate({ id: 's1', onSharedStorage: true });
  // @ts-expect-error Nova asks about storage before 2.14
  await client.servers.evacuate({ id: 's1' });
  const modern = client.at('2.96').servers;
  expectTypeOf(await modern.evacuate({ id: 's1' })).toEqualTypeOf<void>();
  // @ts-expect-error force is gone with 2.68
  await modern.evacuate({ id: 's1', force: true });
  await client.at('2.30').servers.evacuate({ id: 's1', host: 'c2', force: true });
  await modern.liveMigrate({ id: 's1', host: null, block_migration: 'auto' });
  // @ts-expect-error a text is no boolean, even though Nova would take it
  await client.servers.evacuate({ id: 's1', onSharedStorage: 'True' });
  expectTypeOf(await modern.createImage({ id: 's1', name: 'x' })).toHaveProperty('image_id');
  expectTypeOf(await client.servers.createImage({ id: 's1', name: 'x' })).toEqualTypeOf<void>();
});

test('operations are there only where Nova has them', () => {
  void client.services.disable({ host: 'c1', binary: 'nova-compute' });
  expectTypeOf(client.at('2.53').services).not.toHaveProperty('disable');
  expectTypeOf(client.at('2.52').services).not.toHaveProperty('update');
  expectTypeOf(client.at('2.53').services).toHaveProperty('update');
  expectTypeOf(client.at('2.44').servers).not.toHaveProperty('addFloatingIp');
  // @ts-expect-error networks are required from 2.37 on
  void client.at('2.37').servers.create({ name: 'a', flavorRef: '1' });
  void client.at('2.37').servers.create({ name: 'a', flavorRef: '1', networks: 'auto' });
});

test('finders and waiters are where the records say', async () => {
  expectTypeOf((await client.flavors.find('m1')).ram).toEqualTypeOf<number>();
  expectTypeOf((await client.aggregates.find('ssd')).hosts).toEqualTypeOf<string[]>();
  expectTypeOf((await client.hypervisors.find('c1')).hypervisor_hostname).toEqualTypeOf<string>();
  expectTypeOf((await client.serverGroups.find('g')).id).toEqualTypeOf<string>();
  expectTypeOf((await client.keypairs.find('k')).public_key).toEqualTypeOf<string>();
  await client.servers.waitFor('s1', ['ACTIVE', 'SHUTOFF']);
});

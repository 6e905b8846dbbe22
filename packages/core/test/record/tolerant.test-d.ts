import { expectTypeOf, test } from 'vitest';
import { type Cloud, extra, type Known } from '../../src/index.ts';
import type { Server } from '../../src/services/compute/entities.ts';

declare const cloud: Cloud;

test('a field that an answer does not have does not compile', async () => {
  const server = await cloud.compute.servers.get({ id: 's' });
  // @ts-expect-error misspelt
  void server.nmae;
  // @ts-expect-error misspelt, where it is compared
  void (server.staus === 'ERROR');
  // @ts-expect-error nothing of that name
  void server['OS-EXT:x'];
  // @ts-expect-error nested objects have no other fields either
  void server.flavor.nmae;
  for await (const port of cloud.network.ports.list()) {
    // @ts-expect-error misspelt, within a list
    void port.fixed_ips[0]?.subnet;
  }
});

test('a field that the microversion does not have does not compile', async () => {
  const old = await cloud.compute.at('2.1').servers.get({ id: 's' });
  // @ts-expect-error description came with 2.19
  void old.description;
  const now = await cloud.compute.at('2.19').servers.get({ id: 's' });
  expectTypeOf(now.description).toEqualTypeOf<string | null>();
  const listed = cloud.compute.at('2.25').servers.list();
  for await (const server of listed) {
    // @ts-expect-error tags came with 2.26
    void server.tags;
  }
  expectTypeOf<Server['description']>().toEqualTypeOf<string | null | undefined>();
});

test('a field without a declaration is read by name, and unknown', async () => {
  const server = await cloud.compute.servers.get({ id: 's' });
  expectTypeOf(extra(server, 'OS-EXT:x')).toEqualTypeOf<unknown>();
  // @ts-expect-error only of an object
  extra('text', 'x');
});

test('states are known, and any other text is taken from a service', async () => {
  const server = await cloud.compute.servers.get({ id: 's' });
  expectTypeOf<'ACTIVE'>().toExtend<typeof server.status>();
  expectTypeOf<string>().toExtend<typeof server.status>();
  expectTypeOf<Known<'a'>>().toExtend<string>();
  void (server.status === 'VENDOR_STATE');
  cloud.compute.servers.list({ status: 'ERROR', sort_key: ['display_name', 'acme_column'] });
});

test('only a state that is known is waited for', () => {
  void cloud.compute.servers.waitFor('s', 'ACTIVE');
  void cloud.compute.servers.waitFor('s', ['active', 'SHUTOFF']);
  // @ts-expect-error misspelt
  void cloud.compute.servers.waitFor('s', 'ACTVE');
  // @ts-expect-error one of them is misspelt
  void cloud.compute.servers.waitFor('s', ['ACTIVE', 'SHUTOF']);
  // @ts-expect-error misspelt, at a microversion
  void cloud.compute.at('2.96').servers.waitFor('s', 'ACTVE');
  const anyText: string = 'ACTIVE';
  // @ts-expect-error a text may be anything: say which of the states it is
  void cloud.compute.servers.waitFor('s', anyText);
  // @ts-expect-error a state of servers
  void cloud.blockStorage.volumes.waitFor('v', 'ACTIVE');
  void cloud.blockStorage.volumes.waitFor('v', 'in-use');
  void cloud.network.trunks.waitFor('t', 'DEGRADED');
  void cloud.image.images.waitFor('i', 'active');
  void cloud.instanceHa.notifications.waitFor('n', 'finished');
});

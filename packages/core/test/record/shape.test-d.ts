import { expectTypeOf, test } from 'vitest';
import type { AtLeast } from '../../src/record/microversion.ts';
import type { ServiceClient } from '../../src/call/client.ts';
import { service } from '../../src/record/operation.ts';
import { servers } from '../../src/services/compute/servers.ts';

test('microversions compare as numbers', () => {
  expectTypeOf<AtLeast<'2.96', '2.47'>>().toEqualTypeOf<true>();
  expectTypeOf<AtLeast<'2.9', '2.10'>>().toEqualTypeOf<false>();
  expectTypeOf<AtLeast<'2.100', '2.96'>>().toEqualTypeOf<true>();
  expectTypeOf<AtLeast<'2.47', '2.47'>>().toEqualTypeOf<true>();
  expectTypeOf<AtLeast<'2.46', '2.47'>>().toEqualTypeOf<false>();
});

const compute = service({
  name: 'compute',
  type: 'compute',
  major: 'v2.1',
  microversion: { floor: '2.1', name: 'compute' },
  resources: { servers },
});
declare const client: ServiceClient<typeof compute>;

test('answers have the shape of the microversion asked for', async () => {
  const old = await client.servers.get({ id: 'x' });
  expectTypeOf(old.name).toEqualTypeOf<string>();
  expectTypeOf(old.flavor.id).toEqualTypeOf<string>();
  // @ts-expect-error locked came with 2.9
  void old.locked;
  const now = await client.at('2.96').servers.get({ id: 'x' });
  expectTypeOf(now.locked).toEqualTypeOf<boolean>();
  expectTypeOf(now.flavor.original_name).toEqualTypeOf<string>();
  const found = await client.servers.find('web');
  expectTypeOf(found.status).toExtend<string>();
  const up = await client.at('2.9').servers.waitFor('x', 'ACTIVE');
  expectTypeOf(up.locked).toEqualTypeOf<boolean>();
  // @ts-expect-error tags came with 2.26
  client.servers.list({ tags: 'a' });
  client.at('2.26').servers.list({ tags: 'a' });
  await client.servers.delete({ id: 'x' }, { missingOk: true });
  for await (const s of client.servers.list()) expectTypeOf(s.id).toEqualTypeOf<string>();
});

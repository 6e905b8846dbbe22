import { expectTypeOf, test } from 'vitest';
import type { ServiceClient } from '../../src/call/client.ts';
import type { objectStore } from '../../src/services/object-store/object-store.ts';

declare const client: ServiceClient<typeof objectStore>;

test('counts are numbers, metadata is text', async () => {
  const container = await client.containers.get({ container: 'c' });
  expectTypeOf(container['X-Container-Object-Count']).toEqualTypeOf<number>();
  expectTypeOf(container.metadata).toEqualTypeOf<Record<string, string>>();
  // @ts-expect-error an object is named by its container as well
  void client.objects.get({ object: 'o' });
});

test('a list has names; a level of it may have prefixes', async () => {
  for await (const object of client.objects.list({ container: 'c' }))
    expectTypeOf(object.name).toEqualTypeOf<string>();
  for await (const entry of client.objects.listLevel({ container: 'c', delimiter: '/' })) {
    // @ts-expect-error a prefix has none
    void entry.name;
  }
});

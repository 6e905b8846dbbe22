import { expectTypeOf, test } from 'vitest';
import type { ServiceClient } from '../../src/call/client.ts';
import { extra } from '../../src/record/tolerant.ts';
import type { image } from '../../src/services/image/image.ts';

declare const glance: ServiceClient<typeof image>;

test('images have known fields, and properties of any name', async () => {
  const one = await glance.images.get({ id: 'i' });
  expectTypeOf(one.size).toEqualTypeOf<number | null | undefined>();
  expectTypeOf(one.tags).toEqualTypeOf<string[]>();
  expectTypeOf(extra(one, 'acme_tier')).toEqualTypeOf<unknown>();
  expectTypeOf(await glance.images.find('web')).toEqualTypeOf<typeof one>();
  for await (const each of glance.images.list({ visibility: 'all' }))
    expectTypeOf(each.id).toEqualTypeOf<string>();
});

test('properties may be given when an image is made, and filtered by where that was asked for', () => {
  expectTypeOf(glance.images.create).toBeCallableWith({ name: 'web', hw_firmware_type: 'uefi' });
  // @ts-expect-error text
  void glance.images.create({ name: 1 });
  // @ts-expect-error list takes known filters only
  glance.images.list({ os_distro: 'debian' });
  glance.images.listByProperties({ os_distro: 'debian' });
});

test('a patch has the three operations that Glance knows', () => {
  expectTypeOf(glance.images.update).toBeCallableWith({
    id: 'i',
    patch: [{ op: 'add', path: '/a', value: 'b' }],
  });
  // @ts-expect-error move is not one of them
  void glance.images.update({ id: 'i', patch: [{ op: 'move', path: '/a' }] });
});

test('an import says all that its method needs', () => {
  expectTypeOf(glance.imports.start).toBeCallableWith({ id: 'i', method: { name: 'glance-direct' } });
  // @ts-expect-error a download needs its uri
  void glance.imports.start({ id: 'i', method: { name: 'web-download' } });
});

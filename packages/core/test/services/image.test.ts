import { describe, expect, test } from 'vitest';
import { serializeArguments } from '../../src/call/serialize-arguments.ts';
import { image } from '../../src/services/image/image.ts';
import { type OperationSpec, slotsOf } from '../../src/record/operation.ts';
import { Pager } from '../../src/call/pages.ts';
import { schemaAt } from '../../src/record/shape.ts';

const { cache, images, imports, metadefTags, stores, tasks } = image.resources;
const AT = '0.0';

const decode = (spec: OperationSpec, value: unknown): unknown =>
  spec.output === undefined ? undefined : schemaAt(spec.output, AT)?.parse(value);

const queued = {
  id: 'i',
  name: null,
  status: 'queued',
  visibility: 'shared',
  protected: false,
  size: null,
  disk_format: null,
  container_format: null,
  min_disk: 0,
  min_ram: 0,
  checksum: null,
  tags: [],
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
};

describe('images', () => {
  test('an image without bytes decodes, and so do properties of the cloud’s own', () => {
    expect(decode(images.operations.get, { ...queued, acme_tier: 'gold' })).toEqual({
      ...queued,
      acme_tier: 'gold',
    });
    expect(() => decode(images.operations.get, { ...queued, size: '10' })).toThrow(/size/);
  });

  test('creating sends no envelope, and a body even if nothing was said', () => {
    const named = serializeArguments(images.operations.create, 'it', AT, {
      name: 'web',
      os_distro: 'debian',
    });
    expect(JSON.parse(named.body ?? '')).toEqual({ name: 'web', os_distro: 'debian', tags: [] });
    expect(serializeArguments(images.operations.create, 'it', AT, {}).body).toBe('{"tags":[]}');
  });

  test('updating sends the patch itself, in the media type of patches', () => {
    const patch = [
      { op: 'replace', path: '/visibility', value: 'public' },
      { op: 'remove', path: '/hw_disk_bus' },
    ];
    const serialized = serializeArguments(images.operations.update, 'it', AT, { id: 'i', patch });
    expect(serialized.path).toBe('images/i');
    expect(JSON.parse(serialized.body ?? '')).toEqual(patch);
    expect(serialized.headers['content-type']).toBe('application/openstack-images-v2.1-json-patch');
    expect(() =>
      serializeArguments(images.operations.update, 'it', AT, {
        id: 'i',
        patch: [{ op: 'move', path: '/a' }],
      }),
    ).toThrow(/patch\.0\.op/);
  });

  test('filters are strict, unless properties are to be filtered by', () => {
    expect(() => serializeArguments(images.operations.list, 'it', AT, { os_distro: 'debian' })).toThrow(
      /os_distro: no such argument/,
    );
    expect(
      serializeArguments(images.operations.listByProperties, 'it', AT, { os_distro: 'debian' }).path,
    ).toBe('images?os_distro=debian');
    expect(serializeArguments(images.operations.list, 'it', AT, { tag: ['a', 'b'] }).path).toBe(
      'images?tag=a&tag=b',
    );
  });

  test('a list goes on where Glance says', () => {
    const pager = new Pager(images.operations.list, 'it', 'images?limit=1');
    expect(pager.next({ images: [queued], next: '/v2/images?marker=i&limit=1' }, [queued])).toBe(
      'images?marker=i&limit=1',
    );
    expect(pager.next({ images: [queued] }, [queued])).toBeUndefined();
  });

  test('tags with a blank stay one segment of the path', () => {
    expect(serializeArguments(images.operations.addTag, 'it', AT, { id: 'i', tag: 'a b' }).path).toBe(
      'images/i/tags/a%20b',
    );
  });
});

test('an import names its method, and what that method needs', () => {
  const start = (method: unknown): unknown =>
    JSON.parse(
      serializeArguments(imports.operations.start, 'it', AT, { id: 'i', method, stores: ['fast'] }).body ??
        '',
    );
  const method = { name: 'web-download', uri: 'https://images.example/disk.qcow2' };
  expect(start(method)).toEqual({ method, stores: ['fast'] });
  expect(() => start({ name: 'web-download' })).toThrow(/method\.uri/);
});

test('tasks of a list and tasks that are shown decode alike', () => {
  const stub = {
    id: 't',
    type: 'api_image_import',
    status: 'processing',
    created_at: '2026-01-01T00:00:00.000000',
    updated_at: '2026-01-01T00:00:00.000000',
  };
  expect(decode(tasks.operations.list, stub)).toMatchObject({ created_at: '2026-01-01T00:00:00.000000Z' });
  expect(decode(tasks.operations.get, { ...stub, input: null, result: null, message: '' })).toMatchObject({
    input: null,
  });
});

test('what Glance takes as headers is sent so', () => {
  const cleared = serializeArguments(cache.operations.clear, 'it', AT, { target: 'queue' });
  expect(cleared).toMatchObject({ path: 'cache', headers: { 'x-image-cache-clear-target': 'queue' } });
  const replaced = serializeArguments(metadefTags.operations.replace, 'it', AT, {
    namespace: 'N',
    tags: [{ name: 'a' }],
    append: true,
  });
  expect(replaced.headers['x-openstack-append']).toBe('true');
  expect(replaced.body).toBe('{"tags":[{"name":"a"}]}');
});

test('a store says in text whether it is the default', () => {
  expect(decode(stores.operations.listBrief, { id: 'fast', default: 'true' })).toEqual({
    id: 'fast',
    default: 'true',
  });
});

const operations = Object.values(image.resources).flatMap((resource) =>
  Object.entries<OperationSpec>(resource.operations).map(
    ([name, spec]) => [`${resource.name}.${name}`, spec] as const,
  ),
);

test.each(operations)('%s takes what its path needs', (_name, spec) => {
  const given = Object.fromEntries(slotsOf(spec.path).map((slot) => [slot, 'x']));
  const issues = schemaAt(spec.input, AT)?.safeParse(given).error?.issues ?? [];
  expect(issues.filter(({ code }) => code === 'unrecognized_keys')).toEqual([]);
});

import type { Cloud } from '@groundcrew/core';
import { expect, test } from 'vitest';
import { packContainer } from '../../src/objects/pack-container.ts';
import { unpackContainer } from '../../src/objects/unpack-container.ts';
import { kept } from '../recovery/container-site.ts';
import { siteOf } from '../recovery/site.ts';

const MIB = 1024 * 1024;

async function scene(): Promise<{
  readonly cloud: Cloud;
  /** A client of the same project, told of each `GET` of an object before it is sent. */
  readonly watched: (before: (object: string) => Promise<void>) => Cloud;
}> {
  const site = siteOf({ objectStore: true });
  const { id, cloud } = await site.project('shop');
  await cloud.objectStore.containers.create({ container: 'c' });
  return {
    cloud,
    watched: (before) =>
      site.client(id, async (input, init) => {
        const request = new Request(input, init);
        const object = /\/object-store\/v1\/[^/]+\/c\/(.+)$/.exec(new URL(request.url).pathname)?.[1];
        if (request.method === 'GET' && object !== undefined) await before(object);
        return site.simulated.handle(request);
      }),
  };
}

const put = (cloud: Cloud, object: string, size: number, fill = 1): Promise<unknown> =>
  cloud.objectStore.data.upload({ container: 'c', object }, new Uint8Array(size).fill(fill));

interface Packed {
  readonly sizes: Record<string, number>;
  readonly leftOut: string[];
}

async function packed(cloud: Cloud): Promise<Packed> {
  const leftOut: string[] = [];
  const archive = packContainer(cloud, 'c', {
    signal: new AbortController().signal,
    leftOut: ({ name, why }) => leftOut.push(`${name}: ${why}`),
    packed: () => undefined,
  });
  const sizes: Record<string, number> = {};
  for await (const { name, size, content } of unpackContainer(archive)) {
    let read = 0;
    for await (const piece of content) read += piece.byteLength;
    expect(read).toBe(size);
    sizes[name] = size;
  }
  return { sizes, leftOut };
}

test('a small object that is replaced by a larger one while it is read is the later one', async () => {
  const { cloud, watched } = await scene();
  await put(cloud, 'a', 10);
  let times = 0;
  const found = await packed(
    watched(async (object) => {
      times += 1;
      if (object === 'a' && times === 1) await put(cloud, 'a', 20);
    }),
  );
  expect(found).toEqual({ sizes: { a: 20 }, leftOut: [] });
});

test('one that is replaced during each reading is left out, by name', async () => {
  const { cloud, watched } = await scene();
  await put(cloud, 'a', 10);
  await put(cloud, 'b', 5);
  let size = 10;
  const found = await packed(
    watched(async (object) => {
      if (object === 'a') await put(cloud, 'a', (size += 1));
    }),
  );
  expect(found).toEqual({
    sizes: { b: 5 },
    leftOut: ['a: it was replaced during each of 3 readings'],
  });
});

test('what is deleted while it is read is not there', async () => {
  const { cloud, watched } = await scene();
  for (const object of ['a', 'b', 'c']) await put(cloud, object, 10);
  const found = await packed(
    watched(async (object) => {
      if (object === 'b') await cloud.objectStore.objects.delete({ container: 'c', object });
    }),
  );
  expect(found).toEqual({ sizes: { a: 10, c: 10 }, leftOut: [] });
});

test('a large object that is replaced ends the reading, whether it has become smaller, larger or gone', async () => {
  for (const change of [
    (cloud: Cloud) => put(cloud, 'a', 2 * MIB + 5),
    (cloud: Cloud) => put(cloud, 'a', 4 * MIB),
    (cloud: Cloud) => put(cloud, 'a', 3),
  ]) {
    const { cloud, watched } = await scene();
    await put(cloud, 'a', 3 * MIB);
    await put(cloud, 'b', 10);
    const disturbed = watched(async (object) => {
      if (object === 'a') await change(cloud);
    });
    await expect(packed(disturbed)).rejects.toMatchObject({ code: 'object.changed' });
  }
});

test('a container in which a large object changed is read again, and kept', async () => {
  const { cloud, watched } = await scene();
  await put(cloud, 'a', 3 * MIB);
  let times = 0;
  const disturbed = watched(async (object) => {
    times += 1;
    if (object === 'a' && times === 1) await put(cloud, 'a', 2 * MIB);
  });
  const { kept: point } = await kept(disturbed, 'shop');
  expect(point.gaps.filter(({ what }) => what.includes('object'))).toEqual([]);
  expect(point.streams.map(({ name }) => name)).toContain('container/c');
});

test('the same objects are the same bytes, and an archive that was cut is told', async () => {
  const { cloud } = await scene();
  for (let at = 0; at < 30; at += 1) await put(cloud, `object-${at}`, at * 100, at);
  const options = {
    signal: new AbortController().signal,
    leftOut: () => undefined,
    packed: () => undefined,
  };
  const all = async (): Promise<Buffer> =>
    Buffer.concat(await Array.fromAsync(packContainer(cloud, 'c', options)));
  const first = await all();
  expect((await all()).equals(first)).toBe(true);
  for (const length of [0, 100, 512, 700, 1024, 5000, first.length - 1024, first.length - 1]) {
    const read = (async () => {
      for await (const { content } of unpackContainer(
        (async function* () {
          yield first.subarray(0, length);
        })(),
      ))
        for await (const _ of content);
    })();
    await expect(read, `${length} bytes`).rejects.toMatchObject({ code: 'object.archive' });
  }
});

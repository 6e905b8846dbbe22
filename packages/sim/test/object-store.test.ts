import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type Cloud,
  connect,
  isConflict,
  isEndpointError,
  isForbidden,
  isInputError,
  isIntegrityError,
  isNotFound,
  isOverLimit,
} from '@groundcrew/core';
import { createHash } from 'node:crypto';
import { compareNames } from '../src/services/object-store/names.ts';
import {
  corrupt,
  simulateCloud,
  type SimulatedCloud,
  type SimulateOptions,
  status,
  truncate,
} from '../src/index.ts';

interface Site {
  readonly simulated: SimulatedCloud;
  readonly cloud: Cloud;
  readonly as: (user: string, project?: string) => Cloud;
}

async function site(options: SimulateOptions = {}): Promise<Site> {
  const simulated = simulateCloud({ objectStore: true, ...options });
  const { connectOptions } = await simulated.listen();
  const opened: Cloud[] = [];
  onTestFinished(async () => {
    for (const cloud of opened) await cloud.close();
    await simulated.close();
  });
  const as = (username: string, project_name = username): Cloud => {
    const auth = { ...connectOptions.auth, username, project_name };
    const cloud = connect({ ...connectOptions, auth, clock: simulated.clock });
    opened.push(cloud);
    return cloud;
  };
  return { simulated, as, cloud: as('demo') };
}

const caught = (error: unknown): unknown => error;
const text = async (chunks: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(chunks)).toString();
const md5 = (bytes: string | Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const bytesOf = (words: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(words));

test('a cloud that was not made with it has no such service', async () => {
  const { cloud } = await site({ objectStore: false });
  const error = await cloud.objectStore.account.get().catch(caught);
  expect(isEndpointError(error) && error.reason).toBe('no-service');
});

describe('containers and objects', () => {
  test('an account that was never written to shows zeros, and then what it has', async () => {
    const { cloud } = await site();
    const { account, containers, data } = cloud.objectStore;
    expect(await account.get()).toMatchObject({ 'X-Account-Container-Count': 0, 'X-Account-Bytes-Used': 0 });
    await containers.create({ container: 'c', metadata: { Colour: 'blau', owner: 'Jürgen 日本' } });
    await data.upload({ container: 'c', object: 'a/b' }, bytesOf('hello'), { metadata: { Note: 'äé€' } });
    expect(await account.get()).toMatchObject({
      'X-Account-Container-Count': 1,
      'X-Account-Object-Count': 1,
      'X-Account-Bytes-Used': 5,
    });
    expect(await containers.get({ container: 'c' })).toMatchObject({
      'X-Container-Object-Count': 1,
      'X-Container-Bytes-Used': 5,
      'X-Storage-Policy': 'Policy-0',
      metadata: { colour: 'blau', owner: 'Jürgen 日本' },
    });
    expect(await cloud.objectStore.objects.get({ container: 'c', object: 'a/b' })).toMatchObject({
      'Content-Length': 5,
      'Content-Type': 'application/octet-stream',
      Etag: md5('hello'),
      metadata: { note: 'äé€' },
    });
  });

  test('metadata of containers is added to, that of objects is replaced, and an empty text takes one away', async () => {
    const { cloud } = await site();
    const { containers, objects, data } = cloud.objectStore;
    await containers.create({ container: 'c', metadata: { a: '1', b: '2' } });
    await containers.update({ container: 'c', metadata: { b: '', c: '3' } });
    expect((await containers.get({ container: 'c' })).metadata).toEqual({ a: '1', c: '3' });
    const place = { container: 'c', object: 'o' };
    await data.upload(place, bytesOf('x'), { metadata: { a: '1' }, contentType: 'text/plain' });
    await objects.update({ ...place, metadata: { b: '2' } });
    expect(await objects.get(place)).toMatchObject({ metadata: { b: '2' }, 'Content-Type': 'text/plain' });
    await cloud.objectStore.account.update({ metadata: { 'Temp-URL-Key': 'k' } });
    expect((await cloud.objectStore.account.get()).metadata).toEqual({ 'temp-url-key': 'k' });
  });

  test.each([
    'a b',
    'a/b//c/',
    'ü/€/😀',
    '%41',
    'a?b#c',
    "it's+1&2=3",
    ' lead',
    'x/../y',
    '..x',
    '\u202Ertl',
    'a\nb',
  ])('a name may have any character: %j', async (object) => {
    const { cloud } = await site();
    await cloud.objectStore.containers.create({ container: 'c ü' });
    const place = { container: 'c ü', object };
    await cloud.objectStore.data.upload(place, bytesOf(object));
    const listed = await Array.fromAsync(cloud.objectStore.objects.list({ container: 'c ü' }));
    expect(listed).toMatchObject([{ name: object, bytes: Buffer.byteLength(object), hash: md5(object) }]);
    expect(await text(cloud.objectStore.data.download(place))).toBe(object);
    await cloud.objectStore.objects.delete(place);
    expect(isNotFound(await cloud.objectStore.objects.get(place).catch(caught))).toBe(true);
  });

  test('no URL can name `.` or `..`, and nothing is sent', async () => {
    const { cloud } = await site();
    const error = await cloud.objectStore.data
      .upload({ container: 'c', object: '..' }, bytesOf(''))
      .catch(caught);
    expect(isInputError(error) && error.field).toBe('object');
  });

  test('lists go on behind the last name, by its bytes, and fold what is behind a delimiter', async () => {
    const { cloud } = await site();
    const { containers, objects, data } = cloud.objectStore;
    await containers.create({ container: 'c' });
    const names = ['b', 'a/1', 'a/2', 'a', '\uFFFD', '😀', 'a0', 'Z', 'd/x/y', 'd/z'];
    for (const object of names) await data.upload({ container: 'c', object }, bytesOf(object));
    const sorted = ['Z', 'a', 'a/1', 'a/2', 'a0', 'b', 'd/x/y', 'd/z', '\uFFFD', '😀'];
    expect(names.toSorted(compareNames)).toEqual(sorted);
    const list = async (input: object): Promise<unknown[]> =>
      (await Array.fromAsync(objects.list({ container: 'c', ...input }))).map(({ name }) => name);
    expect(await list({ limit: 3 })).toEqual(sorted);
    expect(await list({ prefix: 'a/', limit: 1 })).toEqual(['a/1', 'a/2']);
    expect(await list({ marker: 'a/1', end_marker: 'b' })).toEqual(['a/2', 'a0']);
    const level = await Array.fromAsync(objects.listLevel({ container: 'c', delimiter: '/', limit: 2 }));
    expect(level.map((entry) => ('subdir' in entry ? entry.subdir : entry.name))).toEqual([
      'Z',
      'a',
      'a/',
      'a0',
      'b',
      'd/',
      '\uFFFD',
      '😀',
    ]);
    await containers.create({ container: 'b' });
    expect((await Array.fromAsync(containers.list({ limit: 1 }))).map(({ name }) => name)).toEqual([
      'b',
      'c',
    ]);
  });

  test('a container with objects is not deleted; what is gone is not found', async () => {
    const { cloud } = await site();
    const { containers, objects, data } = cloud.objectStore;
    await containers.create({ container: 'c' });
    await containers.create({ container: 'c' });
    await data.upload({ container: 'c', object: 'o' }, bytesOf('x'));
    expect(isConflict(await containers.delete({ container: 'c' }).catch(caught))).toBe(true);
    await objects.delete({ container: 'c', object: 'o' });
    await containers.delete({ container: 'c' });
    expect(isNotFound(await containers.get({ container: 'c' }).catch(caught))).toBe(true);
    expect(isNotFound(await data.upload({ container: 'c', object: 'o' }, bytesOf('x')).catch(caught))).toBe(
      true,
    );
    await containers.delete({ container: 'c' }, { missingOk: true });
  });

  test('a copy has the bytes and the metadata, and stays when the other goes', async () => {
    const { cloud } = await site();
    const { containers, objects, data } = cloud.objectStore;
    await containers.create({ container: 'c' });
    const [from, to] = [
      { container: 'c', object: 'a/ü' },
      { container: 'c', object: 'b' },
    ];
    await data.upload(from, bytesOf('words'), { metadata: { k: 'v' } });
    await data.copy(from, to);
    await objects.delete(from);
    expect(await text(data.download(to))).toBe('words');
    expect((await objects.get(to)).metadata).toEqual({ k: 'v' });
    expect(isNotFound(await data.copy(from, to).catch(caught))).toBe(true);
  });
});

describe('who may', () => {
  test.each([
    ['another project', 'admin', 'admin'],
    ['a reader', 'demo-reader', 'demo'],
  ])('%s may not even look', async (_, user, project) => {
    const { simulated, as, cloud } = await site();
    await cloud.objectStore.containers.create({ container: 'c' });
    const base = await cloud.endpoint('object-store');
    const token = await as(user, project).token();
    const response = await fetch(`${base}/c`, { headers: { 'X-Auth-Token': token?.value.reveal() ?? '' } });
    expect([response.status, await response.text()]).toEqual([
      403,
      '<html><h1>Forbidden</h1><p>Access was denied to this resource.</p></html>',
    ]);
    simulated.requests.expectNone({ status: 500 });
  });

  test('the quota of an account is the operator’s, that of a container its own', async () => {
    const { simulated, cloud } = await site();
    const { account, containers, data } = cloud.objectStore;
    const set = await account.update({ metadata: { 'quota-bytes': '5' } }).catch(caught);
    expect(isForbidden(set)).toBe(true);
    simulated.objects.setQuota('demo', 10);
    await containers.create({ container: 'c', metadata: { 'quota-count': '1' } });
    await data.upload({ container: 'c', object: 'a' }, bytesOf('12345'));
    const second = await data.upload({ container: 'c', object: 'b' }, bytesOf('1')).catch(caught);
    expect(isOverLimit(second) && String(second)).toContain('Upload exceeds quota.');
    await containers.update({ container: 'c', metadata: { 'quota-count': '' } });
    expect(
      isOverLimit(await data.upload({ container: 'c', object: 'b' }, bytesOf('123456')).catch(caught)),
    ).toBe(true);
    await data.upload({ container: 'c', object: 'b' }, bytesOf('12345'));
    simulated.objects.setQuota('demo');
    await data.upload({ container: 'c', object: 'd' }, bytesOf('123456'));
  });
});

describe('bytes', () => {
  const BIG = new Uint8Array(Buffer.alloc(500_000, 'abcdefg'));

  async function withObject() {
    const at = await site();
    await at.cloud.objectStore.containers.create({ container: 'c' });
    const place = { container: 'c', object: 'big' };
    await at.cloud.objectStore.data.upload(place, BIG);
    const read = async (options = {}): Promise<Buffer> =>
      Buffer.concat(await Array.fromAsync(at.cloud.objectStore.data.download(place, options)));
    return { ...at, data: at.cloud.objectStore.data, place, read };
  }
  const OF_BIG = { service: 'objectStore', method: 'GET', path: '/big' } as const;

  test('a stream is stored, and what is there is kept if it is not to be overwritten', async () => {
    const { data, place, read } = await withObject();
    const source = async function* () {
      for (let at = 0; at < 10; at += 1) yield new Uint8Array(100_000).fill(at);
    };
    const progress: number[] = [];
    expect(await data.upload(place, source, { onProgress: (count) => progress.push(count) })).toMatchObject({
      bytes: 1_000_000,
      etag: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(progress.at(-1)).toBe(1_000_000);
    expect((await read()).length).toBe(1_000_000);
    const refused = await data.upload(place, bytesOf('x'), { overwrite: false }).catch(caught);
    expect(refused).toMatchObject({ status: 412 });
    await data.upload({ container: 'c', object: 'new' }, ReadableStream.from(source()), { overwrite: false });
  });

  test.each([
    [{ from: 10 }, 10, 500_000],
    [{ from: 10, to: 20 }, 10, 20],
    [{ from: 499_999, to: 600_000 }, 499_999, 500_000],
    [{ from: 5, to: 5 }, 5, 5],
  ])('the range %j', async (range, from, to) => {
    const { read } = await withObject();
    expect((await read({ range })).equals(Buffer.from(BIG.subarray(from, to)))).toBe(true);
  });

  test('a range that no byte is in is refused, as is one that ends before it begins', async () => {
    const { read } = await withObject();
    expect(await read({ range: { from: 500_000 } }).catch(caught)).toMatchObject({ status: 416 });
    expect(isInputError(await read({ range: { from: 9, to: 8 } }).catch(caught))).toBe(true);
    expect(isInputError(await read({ range: { form: 9 } }).catch(caught))).toBe(true);
  });

  test('a download that breaks off is resumed; if the object was replaced meanwhile, it is not', async () => {
    const { simulated, cloud, data, place, read } = await withObject();
    simulated.fault({ match: OF_BIG, first: 2, reply: truncate(150_000) });
    expect((await read()).equals(Buffer.from(BIG))).toBe(true);
    expect(simulated.requests.count(OF_BIG)).toBe(3);
    simulated.fault({ match: OF_BIG, first: 1, reply: truncate(150_000) });
    const replacing = async (): Promise<void> => {
      for await (const chunk of data.download(place))
        if (chunk.length > 0) await cloud.objectStore.data.upload(place, bytesOf('other'));
    };
    const error = await replacing().catch(caught);
    expect(isIntegrityError(error) && error.message).toContain('replaced while it was read');
  });

  test('a wrong byte on the way, or in the store, is found by the hash', async () => {
    const { simulated, read } = await withObject();
    const fault = simulated.fault({ match: OF_BIG, reply: corrupt(400_000) });
    expect(isIntegrityError(await read().catch(caught))).toBe(true);
    fault.stop();
    await simulated.objects.damage({ project: 'demo', container: 'c', object: 'big' }, 3);
    expect(isIntegrityError(await read().catch(caught))).toBe(true);
    simulated.objects.lose({ project: 'demo', container: 'c', object: 'big' });
    expect(isNotFound(await read().catch(caught))).toBe(true);
    expect(() => simulated.objects.lose({ project: 'demo', container: 'c', object: 'big' })).toThrow(
      /there is no object/,
    );
  });

  test('503 for a while is waited for', async () => {
    const { simulated, data, place } = await withObject();
    simulated.fault({
      match: { service: 'objectStore' },
      first: 2,
      reply: status(503, { retryAfter: 3 }),
    });
    expect(await data.upload(place, bytesOf('x'))).toMatchObject({ bytes: 1 });
  });
});

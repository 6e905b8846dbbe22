import { createHash, randomBytes } from 'node:crypto';
import { type Cloud, isConflict, isNotFound, isOverLimit } from '@groundcrew/core';
import { ensureLab } from '@groundcrew/lab';
import { beforeAll, describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asMember, type ParityCloud, parityClouds, unique } from './parity-clouds.ts';

// The lab's core has no Swift.
beforeAll(() => ensureLab({ only: 'full' }), 1_800_000);

const caught = (error: unknown): unknown => error;
const bytesOf = (words: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(words));
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/** A container of its own, which is emptied and removed. */
async function container(
  parityCloud: ParityCloud,
  clean: CleanUp,
): Promise<{ readonly cloud: Cloud; readonly name: string }> {
  const cloud = await asMember(parityCloud);
  const { containers, objects } = cloud.objectStore;
  const name = unique('container');
  await containers.create({ container: name, metadata: { Owner: 'Jürgen 日本' } });
  clean.later(() => containers.delete({ container: name }, { missingOk: true }));
  clean.later(async () => {
    for await (const object of objects.list({ container: name }))
      await objects.delete({ container: name, object: object.name }, { missingOk: true });
  });
  return { cloud, name };
}

/** The status, the body and some headers of what a request is answered, as both clouds say them. */
async function ask(
  cloud: Cloud,
  method: string,
  path: string,
  { body, headers }: { readonly body?: string; readonly headers?: Record<string, string> } = {},
) {
  const token = await cloud.token();
  const response = await fetch(`${await cloud.endpoint('object-store')}/${path}`, {
    method,
    headers: { 'X-Auth-Token': token?.value.reveal() ?? '', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const type = response.headers.get('Content-Type')?.toLowerCase() ?? null;
  return { status: response.status, text: await response.text(), type };
}

describe.each(parityClouds)('objects on $name', (parityCloud) => {
  test('up and down, every byte compared; a range; a copy; gone', async () => {
    const clean = new CleanUp();
    const { cloud, name } = await container(parityCloud, clean);
    const { objects, data } = cloud.objectStore;
    const bytes = new Uint8Array(randomBytes(3_000_000));
    const place = { container: name, object: 'a/b//ü €%?#' };
    const source = async function* () {
      for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
    };
    expect(await data.upload(place, source, { metadata: { Note: 'äé€' } })).toEqual({
      bytes: bytes.length,
      etag: md5(bytes),
    });
    expect(await objects.get(place)).toMatchObject({
      'Content-Length': bytes.length,
      'Content-Type': 'application/octet-stream',
      Etag: md5(bytes),
      metadata: { note: 'äé€' },
    });
    expect(md5(Buffer.concat(await Array.fromAsync(data.download(place))))).toBe(md5(bytes));
    const range = await Array.fromAsync(data.download(place, { range: { from: 10, to: 1_000_010 } }));
    expect(md5(Buffer.concat(range))).toBe(md5(bytes.subarray(10, 1_000_010)));
    const copy = { container: name, object: 'copy' };
    await data.copy(place, copy);
    expect((await objects.get(copy)).metadata).toEqual({ note: 'äé€' });
    await objects.update({ ...copy, metadata: { other: '1' } });
    expect((await objects.get(copy)).metadata).toEqual({ other: '1' });
    await objects.delete(place);
    expect(isNotFound(await objects.get(place).catch(caught))).toBe(true);
    expect(isNotFound(await objects.delete(place).catch(caught))).toBe(true);
    expect(await data.upload(copy, bytesOf('x'), { overwrite: false }).catch(caught)).toMatchObject({
      status: 412,
    });
  });

  test('lists by the bytes of names, page by page, and by level', async () => {
    const clean = new CleanUp();
    const { cloud, name } = await container(parityCloud, clean);
    const { containers, objects, data } = cloud.objectStore;
    const names = ['b', 'a/1', 'a/2', 'a', '\uFFFD', '😀', 'a0', 'Z', 'd/x/y', 'd/z'];
    for (const object of names) await data.upload({ container: name, object }, bytesOf(object));
    // Counts and lists may lag on a real one.
    await expect
      .poll(async () => (await Array.fromAsync(objects.list({ container: name }))).length, {
        timeout: 30_000,
      })
      .toBe(names.length);
    const listed = await Array.fromAsync(objects.list({ container: name, limit: 3 }));
    expect(listed.map((object) => object.name)).toEqual([
      'Z',
      'a',
      'a/1',
      'a/2',
      'a0',
      'b',
      'd/x/y',
      'd/z',
      '\uFFFD',
      '😀',
    ]);
    const level = await Array.fromAsync(objects.listLevel({ container: name, delimiter: '/', limit: 2 }));
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
    expect(isConflict(await containers.delete({ container: name }).catch(caught))).toBe(true);
    expect((await containers.get({ container: name })).metadata).toEqual({ owner: 'Jürgen 日本' });
    await containers.update({ container: name, metadata: { owner: '', 'quota-count': '10' } });
    expect((await containers.get({ container: name })).metadata).toEqual({ 'quota-count': '10' });
    // The proxy remembers a container for a minute by default, and forgets it when it was changed through it.
    const more = await data.upload({ container: name, object: 'more' }, bytesOf('x')).catch(caught);
    expect(isOverLimit(more) && String(more)).toContain('Upload exceeds quota.');
  });
});

test('both answer in the same words', async () => {
  const clean = new CleanUp();
  const wrong = { ETag: md5(bytesOf('other')) };
  const [sim, lab] = await Promise.all(
    parityClouds.map(async (parityCloud) => {
      const { cloud, name } = await container(parityCloud, clean);
      const nothing = unique('nothing');
      const answers = [
        await ask(cloud, 'PUT', name),
        await ask(cloud, 'POST', name),
        await ask(cloud, 'GET', name),
        await ask(cloud, 'GET', `${name}?format=json`),
        await ask(cloud, 'GET', name, { headers: { Accept: 'image/png' } }),
        await ask(cloud, 'GET', `${name}?limit=10001`),
        await ask(cloud, 'GET', nothing),
        await ask(cloud, 'DELETE', nothing),
        await ask(cloud, 'PUT', `${nothing}/o`, { body: 'x' }),
        await ask(cloud, 'PUT', `${name}/o`, { body: 'x', headers: wrong }),
        await ask(cloud, 'GET', `${name}/o`),
        await ask(cloud, 'PUT', `${name}/o`, { body: 'x', headers: { 'Content-Type': 'text/x-made' } }),
        await ask(cloud, 'PUT', `${name}/o`, { body: 'x', headers: { 'If-None-Match': '*' } }),
        await ask(cloud, 'PUT', `${name}/o`, { body: 'x', headers: { 'If-None-Match': 'a' } }),
        await ask(cloud, 'GET', `${name}/o`),
        await ask(cloud, 'GET', `${name}/o`, { headers: { Range: 'bytes=1-' } }),
        await ask(cloud, 'GET', `${name}/o`, { headers: { Range: 'bytes=0-0' } }),
        await ask(cloud, 'GET', `${name}/o`, { headers: { 'If-Match': 'a' } }),
        await ask(cloud, 'POST', `${name}/o`),
        await ask(cloud, 'DELETE', name),
        await ask(cloud, 'DELETE', `${name}/o`),
        await ask(cloud, 'DELETE', `${name}/o`),
        await ask(cloud, 'PUT', `${name}/${'n'.repeat(1025)}`, { body: 'x' }),
        await ask(cloud, 'PUT', 'n'.repeat(257)),
        await ask(cloud, 'PUT', name, { headers: { 'X-Container-Meta-Quota-Bytes': 'many' } }),
        await ask(cloud, 'PUT', `${name}/o`, { body: 'x', headers: { 'X-Object-Meta-A': 'v'.repeat(257) } }),
        await ask(cloud, 'PUT', `${name}/o`, { body: 'x', headers: { 'X-Delete-At': '5' } }),
        await ask(cloud, 'GET', `${name}/%00`),
        await ask(cloud, 'GET', `${name}/%ff`),
        await ask(cloud, 'POST', '', { headers: { 'X-Account-Meta-Quota-Bytes': '5' } }),
        await ask(cloud, 'PATCH', name),
      ];
      return answers;
    }),
  );
  expect(lab?.length).toBeGreaterThan(20);
  expect(sim).toEqual(lab);
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { simulateCloud } from '../src/index.ts';
import { Client } from './client.ts';

const md5 = (bytes: string | Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const bytesOf = (words: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(words));

describe('the answers are Swift’s own', () => {
  async function raw() {
    const cloud = simulateCloud({ objectStore: true });
    const client = await new Client(cloud).login('demo');
    const account = `/object-store/v1/AUTH_${cloud.state.identity.project('demo').id}`;
    const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
      client.send(method, `${account}/${path}`, body, headers);
    await ask('PUT', 'c');
    return { cloud, client, ask };
  }
  const said = ({ status: code, text: body }: { readonly status: number; readonly text: string }) => [
    code,
    body,
  ];

  test('texts and statuses', async () => {
    const { ask } = await raw();
    expect(said(await ask('PUT', 'c'))).toEqual([
      202,
      '<html><h1>Accepted</h1><p>The request is accepted for processing.</p></html>',
    ]);
    expect(said(await ask('PUT', 'c/o'))).toEqual([411, 'Missing Content-Length header.']);
    const wrong = await ask('PUT', 'c/o', bytesOf('x'), { ETag: md5('y') });
    expect(said(wrong)).toEqual([
      422,
      '<html><h1>Unprocessable Entity</h1><p>Unable to process the contained instructions</p></html>',
    ]);
    expect((await ask('GET', 'c/o')).status).toBe(404);
    const made = await ask('PUT', 'c/o', bytesOf('x'), { 'Content-Type': 'text/x-made' });
    expect([made.status, made.headers.get('ETag'), made.text]).toEqual([201, md5('x'), '']);
    expect(made.headers.get('X-Trans-Id')).toMatch(/^tx[0-9a-f]{21}-[0-9a-f]{10}$/);
    const range = await ask('GET', 'c/o', undefined, { Range: 'bytes=1-' });
    expect([range.status, range.headers.get('Content-Range')]).toEqual([416, 'bytes */1']);
    expect(said(await ask('PUT', `c/${'n'.repeat(1025)}`, bytesOf('x')))).toEqual([
      400,
      'Object name length of 1025 longer than 1024',
    ]);
    expect(said(await ask('PUT', 'n'.repeat(257)))).toEqual([
      400,
      'Container name length of 257 longer than 256',
    ]);
    expect(said(await ask('GET', 'c?limit=10001'))).toEqual([412, 'Maximum limit is 10000']);
    expect(said(await ask('GET', 'c/%00'))).toEqual([412, 'Invalid UTF8 or contains NULL']);
    expect(said(await ask('GET', 'c/%ff'))).toEqual([412, 'Invalid UTF8 or contains NULL']);
    expect((await ask('PATCH', 'c')).status).toBe(405);
  });

  test('lists are text unless JSON is asked for, by the query or by `Accept`', async () => {
    const { ask } = await raw();
    expect([(await ask('GET', 'c')).status, (await ask('GET', 'c?format=json')).text]).toEqual([204, '[]']);
    await ask('PUT', 'c/a//b/', bytesOf('x'));
    expect((await ask('GET', 'c')).text).toBe('a//b/\n');
    const asked = await ask('GET', 'c', undefined, { Accept: 'application/json' });
    expect(asked.headers.get('Content-Type')).toBe('application/json; charset=utf-8');
    expect(asked.body).toEqual([
      {
        bytes: 1,
        content_type: 'application/octet-stream',
        hash: md5('x'),
        last_modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/),
        name: 'a//b/',
      },
    ]);
    expect((await ask('GET', 'c', undefined, { Accept: 'image/png' })).status).toBe(406);
  });

  test('it tells of itself without a token, and of nothing else', async () => {
    const { cloud } = await raw();
    const nobody = new Client(cloud);
    expect((await nobody.send('GET', '/object-store/info')).body.swift).toMatchObject({ version: '2.30.1' });
    expect((await nobody.send('GET', '/object-store/v1')).status).toBe(412);
    const refused = await nobody.send('GET', '/object-store/v1/AUTH_x/c');
    expect([refused.status, refused.text]).toEqual([
      401,
      '<html><h1>Unauthorized</h1><p>This server could not verify that you are authorized to access the document you requested.</p></html>',
    ]);
  });

  test('what was uploaded in part leaves what was there; an object whose time is over is gone', async () => {
    const { cloud, ask } = await raw();
    await ask('PUT', 'c/o', bytesOf('old'), { 'X-Delete-After': '60' });
    expect((await ask('PUT', 'c/o', bytesOf('new'), { ETag: md5('other') })).status).toBe(422);
    expect((await ask('GET', 'c/o')).text).toBe('old');
    await cloud.clock.advance('61s');
    expect((await ask('GET', 'c/o')).status).toBe(404);
    expect((await ask('GET', 'c')).text).toBe('o\n');
  });
});

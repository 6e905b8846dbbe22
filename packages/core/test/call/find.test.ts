import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createServer, type IncomingMessage } from 'node:http';
import { type Cloud, connect, isAmbiguous, isNotFound } from '../../src/index.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';
import { TestClock } from '../test-clock.ts';

/** What compute answers; paths are without `/compute/v2.1`. */
let answers: (path: string, query: URLSearchParams) => { readonly status?: number; readonly body?: unknown };
let seen: string[];
let server: Awaited<ReturnType<typeof listening>>;
let cloud: Cloud;
beforeEach(async () => {
  seen = [];
  const listener = cloudListener((request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '', 'http://it');
    const path = url.pathname.replace('/compute/v2.1', '');
    seen.push(decodeURIComponent(path + url.search));
    const { status = 200, body = {} } = answers(path, url.searchParams);
    json(response, status, body);
  });
  server = await listening(createServer(listener));
  cloud = connect({ ...credentials(`http://127.0.0.1:${server.port}/v3`), clock: new TestClock() });
});
afterEach(() => server[Symbol.asyncDispose]());

const aggregate = (id: number, name: string) => ({
  id,
  name,
  availability_zone: null,
  hosts: [],
  metadata: {},
  created_at: '2026-01-01T00:00:00Z',
  updated_at: null,
  deleted: false,
  deleted_at: null,
});
const keypair = (name: string) => ({ keypair: { name, public_key: 'k', fingerprint: 'f' } });
const group = (id: string, name: string) => ({ id, name, policies: [], members: [], metadata: {} });
const missing = { status: 404, body: { itemNotFound: { code: 404, message: 'no' } } };
const caught = (error: unknown): unknown => error;

/** Server groups by id, and the list of them. */
const groups =
  (...all: ReturnType<typeof group>[]): typeof answers =>
  (path, query) => {
    if (path === '/os-server-groups')
      return { body: { server_groups: all.slice(Number(query.get('offset') ?? 0)) } };
    const found = all.find(({ id }) => path === `/os-server-groups/${id}`);
    return found === undefined ? missing : { body: { server_group: found } };
  };

describe('find', () => {
  test('by id: one request', async () => {
    answers = groups(group('a', 'web'), group('b', 'db'));
    expect(await cloud.compute.serverGroups.find('a')).toMatchObject({ name: 'web' });
    expect(seen).toEqual(['/os-server-groups/a']);
  });

  test('by name: at most two', async () => {
    const aggregates = [aggregate(1, 'hdd'), aggregate(2, 'ssd')];
    answers = (path) => (path === '/os-aggregates' ? { body: { aggregates } } : missing);
    expect(await cloud.compute.aggregates.find('ssd')).toMatchObject({ id: 2 });
    expect(seen).toEqual(['/os-aggregates/ssd', '/os-aggregates']);
  });

  test.each(['two words', 'a/b', '.', '..'])('%j can be no id, and is not asked for as one', async (name) => {
    answers = groups(group('a', name));
    expect(await cloud.compute.serverGroups.find(name)).toMatchObject({ id: 'a' });
    expect(seen.every((url) => url.startsWith('/os-server-groups?'))).toBe(true);
  });

  test('an id goes before a name that reads the same', async () => {
    answers = groups(group('a', 'b'), group('b', 'other'));
    expect(await cloud.compute.serverGroups.find('b')).toMatchObject({ name: 'other' });
  });

  test('two of one name: an AmbiguousError with their ids', async () => {
    answers = groups(group('a', 'web'), group('b', 'web'), group('c', 'Web'));
    const error = await cloud.compute.serverGroups.find('web').catch(caught);
    expect(isAmbiguous(error)).toBe(true);
    expect(error).toMatchObject({
      ids: ['a', 'b'],
      message: '2 serverGroups have the name web',
      remedy: expect.stringContaining('a, b'),
    });
  });

  test('none: a NotFoundError, or undefined with missingOk', async () => {
    answers = groups(group('a', 'web'));
    const error = await cloud.compute.serverGroups.find('nope').catch(caught);
    expect(isNotFound(error)).toBe(true);
    expect(error).toMatchObject({ message: expect.stringContaining('nope'), remedy: expect.any(String) });
    expect(await cloud.compute.serverGroups.find('nope', { missingOk: true })).toBeUndefined();
  });

  test('400 to an id of the wrong form is no failure', async () => {
    answers = (path) =>
      path === '/os-aggregates' ? { body: { aggregates: [aggregate(7, 'ssd')] } } : { status: 400, body: {} };
    expect(await cloud.compute.aggregates.find('ssd')).toMatchObject({ id: 7 });
  });

  test('an id that is a number', async () => {
    answers = (path) =>
      path === '/os-aggregates/7' ? { body: { aggregate: aggregate(7, 'ssd') } } : missing;
    expect(await cloud.compute.aggregates.find('7')).toMatchObject({ name: 'ssd' });
  });

  test('of keypairs, whose id is the name, in a nested list', async () => {
    answers = (path) => (path === '/os-keypairs' ? { body: { keypairs: [keypair('mine')] } } : missing);
    expect(await cloud.compute.keypairs.find('mine')).toMatchObject({ name: 'mine' });
  });
});

describe('find of what the service filters', () => {
  test('Nova takes the name of a server as a pattern: it is escaped and anchored', async () => {
    answers = (path) => (path === '/servers/detail' ? { body: { servers: [] } } : missing);
    await cloud.compute.servers.find('web(1)+[x].*^$|{2}\\d?', { missingOk: true });
    const { searchParams } = new URL(`http://it${seen.at(-1)?.replaceAll('+', '%2B')}`);
    const pattern = searchParams.get('name') ?? '';
    expect(new RegExp(pattern, 'i').test('web(1)+[x].*^$|{2}\\d?')).toBe(true);
    expect(new RegExp(pattern, 'i').test('my web(1)+[x].*^$|{2}\\d?')).toBe(false);
    expect(new RegExp(pattern, 'i').test('web1x')).toBe(false);
    expect(seen).toHaveLength(2);
  });
});

describe('what is not known is not denied', () => {
  test('403 by id, as Keystone has it for a name: found by name', async () => {
    answers = (path, query) =>
      path === '/os-server-groups' ? groups(group('a', 'web'))(path, query) : { status: 403, body: {} };
    expect(await cloud.compute.serverGroups.find('web')).toMatchObject({ id: 'a' });
  });

  test('403 by id and not in the list: the 403, also with missingOk', async () => {
    answers = (path) =>
      path === '/os-server-groups' ? { body: { server_groups: [] } } : { status: 403, body: {} };
    await expect(cloud.compute.serverGroups.find('web')).rejects.toMatchObject({
      code: 'forbidden',
      operation: 'serverGroups.get',
    });
    await expect(cloud.compute.serverGroups.find('web', { missingOk: true })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('a list that is denied, or fails, is its error', async () => {
    answers = (path) => (path === '/os-server-groups' ? { status: 403, body: {} } : missing);
    await expect(cloud.compute.serverGroups.find('web', { missingOk: true })).rejects.toMatchObject({
      code: 'forbidden',
      operation: 'serverGroups.list',
    });
    answers = () => ({ status: 500, body: {} });
    await expect(cloud.compute.serverGroups.find('web', { missingOk: true })).rejects.toMatchObject({
      code: 'server-error',
    });
  });

  test('aborting leaves with the reason', async () => {
    await expect(
      cloud.compute.serverGroups.find('web', { signal: AbortSignal.abort('enough') }),
    ).rejects.toBe('enough');
  });
});

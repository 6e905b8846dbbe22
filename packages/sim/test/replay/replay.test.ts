import { isDeepStrictEqual } from 'node:util';
import { type Cloud, connect, type ConnectOptions } from '@groundcrew/core';
import { type Conversation, readConversation, recordConversation } from '@groundcrew/core/conversation';
import { afterEach, expect, test } from 'vitest';
import {
  hang,
  htmlPage,
  odd,
  reset,
  simulateCloud,
  type SimulatedCloud,
  type SimulateOptions,
  status,
  truncate,
} from '../../src/index.ts';
import { inventory } from './inventory.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const closable of open.splice(0)) await closable.close();
});

async function served(options: SimulateOptions) {
  const cloud = simulateCloud(options);
  open.push(cloud);
  return { cloud, ...(await cloud.listen({ port: 0 })) };
}

const clientOf = (
  { cloud, connectOptions }: { readonly cloud: SimulatedCloud; readonly connectOptions: ConnectOptions },
  more: ConnectOptions = {},
): Cloud => connect({ ...connectOptions, clock: cloud.clock, ...more });

/** What a program says and hears at a cloud, as it was written and read again. */
async function recorded(
  source: Awaited<ReturnType<typeof served>>,
  program: (cloud: Cloud) => Promise<unknown>,
): Promise<Conversation> {
  const lines: string[] = [];
  using conversation = recordConversation({
    to: (exchange) => void lines.push(`${JSON.stringify(exchange)}\n`),
  });
  await program(clientOf(source, { fetch: conversation.fetch }));
  expect(conversation.lost).toBe(0);
  return readConversation(lines.join(''));
}

test('a program sees the same at the simulated cloud that is made of its recording alone, errors included', async () => {
  const production = await served({ scenario: 'site', seed: 7, release: '2025.1' });
  const scripts = [
    { match: { operation: 'servers.list' }, skip: 2, first: 1, reply: status(503, { retryAfter: 1 }) },
    {
      match: { operation: 'flavors.list' },
      reply: status(500, { message: 'odd "quoted" \u001B[2J\nnext line, é' }),
    },
    { match: { operation: 'keypairs.list' }, reply: odd('deep') },
    { match: { operation: 'serverGroups.list' }, reply: odd('huge-html') },
    { match: { operation: 'hypervisors.list' }, reply: hang() },
    { match: { operation: 'networks.list' }, skip: 1, first: 1, reply: odd('control-characters') },
    { match: { operation: 'subnets.list' }, reply: odd('cut-off') },
    { match: { operation: 'routers.list' }, reply: htmlPage() },
    { match: { operation: 'ports.list' }, first: 1, reply: truncate(60) },
    { match: { operation: 'agents.list' }, first: 2, reply: reset() },
    { match: { operation: 'volumes.list' }, skip: 1, reply: odd('other-types') },
  ] as const;
  const active = scripts.map((script) => production.cloud.fault(script));
  let seen: Awaited<ReturnType<typeof inventory>> = {};
  const conversation = await recorded(production, async (client) => {
    seen = await inventory(client, production.url);
  });
  expect(active.map(({ struck }) => struck > 0)).toEqual(active.map(() => true));
  expect(conversation.isCut).toBe(false);

  // Another seed, another release, other ids: nothing of it is what was recorded.
  const replay = await served({ conversation, seed: 99, release: 'ussuri' });
  const again = await inventory(clientOf(replay), replay.url);
  expect(again).toEqual(seen);
  expect(replay.cloud.requests.unknown).toEqual([]);
  // Not of the simulated cloud's own state, and not all the same.
  const own = await served({ seed: 99, release: 'ussuri' });
  const ownInventory = await inventory(clientOf(own), own.url);
  const same = Object.keys(seen).filter((name) => isDeepStrictEqual(ownInventory[name], seen[name]));
  expect(same).toEqual([]);
}, 60_000);

test('what was asked several times is answered in that order, and then with the last answer', async () => {
  const source = await served({ seed: 7 });
  const conversation = await recorded(source, async (client) => {
    const { keypairs } = client.compute;
    await Array.fromAsync(keypairs.list());
    await keypairs.create({
      name: 'one',
      public_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEy x',
    });
    await Array.fromAsync(keypairs.list());
  });
  const replay = await served({ conversation });
  const { keypairs } = clientOf(replay).compute;
  const names = async () => (await Array.fromAsync(keypairs.list())).map(({ name }) => name);
  expect([await names(), await names(), await names()]).toEqual([[], ['one'], ['one']]);
  // A script comes before the conversation, which goes on afterwards.
  replay.cloud.fault({ match: { operation: 'keypairs.list' }, first: 1, reply: status(409) });
  await expect(names()).rejects.toMatchObject({ status: 409 });
  expect(await names()).toEqual(['one']);
});

test('what was not recorded is refused by its name, or simulated; tokens are the cloud’s own', async () => {
  const source = await served({ seed: 7 });
  const conversation = await recorded(source, (client) => Array.fromAsync(client.network.networks.list()));
  const refusing = await served({ conversation });
  const client = clientOf(refusing);
  await expect(Array.fromAsync(client.network.networks.list({ name: 'private' }))).rejects.toMatchObject({
    status: 501,
    message: expect.stringContaining('The conversation has no answer to GET networks?name=private'),
  });
  await expect(client.compute.at('2.50').flavors.get({ id: '1' })).rejects.toMatchObject({ status: 501 });
  await expect(client.request('network', { path: 'nonsense' })).rejects.toMatchObject({ status: 501 });
  expect(refusing.cloud.requests.unknown.map(({ path }) => path)).toEqual([
    '/network/v2.0/networks?name=private&limit=1000',
    '/compute/v2.1/flavors/1',
    '/network/v2.0/nonsense',
  ]);
  // Whoever has no token, or the wrong password, gets none of it.
  expect((await fetch(`${refusing.url}/network/v2.0/networks`)).status).toBe(401);
  const { auth } = refusing.connectOptions;
  const wrong = clientOf(refusing, { auth: { ...auth, password: 'wrong' } });
  await expect(wrong.token()).rejects.toMatchObject({ code: 'auth' });
  const member = clientOf(refusing, { auth: { ...auth, username: 'demo', project_name: 'demo' } });
  expect((await Array.fromAsync(member.network.networks.list())).length).toBeGreaterThan(0);

  const simulating = await served({ conversation, unrecorded: 'simulate' });
  const flavors = await Array.fromAsync(clientOf(simulating).compute.flavors.list());
  expect(flavors.length).toBeGreaterThan(0);
  expect(() => simulateCloud({ unrecorded: 'simulate' })).toThrow(/unrecorded: there is no conversation/);
  expect(() => simulateCloud({ conversation: [] as never })).toThrow(/conversation: /);
});

test('an answer whose body was left out is refused: nobody knows it', async () => {
  const source = await served({ seed: 7 });
  const lines: string[] = [];
  using conversation = recordConversation({
    to: (exchange) => void lines.push(JSON.stringify(exchange)),
    maxBody: 100,
  });
  await Array.fromAsync(clientOf(source, { fetch: conversation.fetch }).compute.flavors.list());
  const replay = await served({ conversation: readConversation(lines.join('\n')) });
  await expect(Array.fromAsync(clientOf(replay).compute.flavors.list())).rejects.toMatchObject({
    status: 501,
    message: expect.stringContaining('was recorded without its body (too-large)'),
  });
});

test('absolute links of the recorded cloud lead to the simulated one', async () => {
  const source = await served({ seed: 7, scenario: 'site' });
  const paths = [
    ['compute', 'servers/detail?all_tenants=true&limit=2'],
    ['volume', 'volumes/detail?all_tenants=true&limit=2'],
    ['network', 'networks?limit=1'],
    ['identity', 'projects'],
  ] as const;
  const ask = async (client: Cloud) => {
    const bodies = [];
    for (const [service, path] of paths) bodies.push((await client.request(service, { path })).body);
    return { text: JSON.stringify(bodies), versions: await client.versions('image', { fresh: true }) };
  };
  let before = { text: '' };
  const conversation = await recorded(source, async (client) => {
    before = await ask(client);
  });
  const replay = await served({ conversation });
  const { text, versions } = await ask(clientOf(replay));
  expect(text).not.toContain(source.url);
  expect(text).toBe(before.text.replaceAll(source.url, replay.url));
  expect(text).toContain(`${replay.url}/compute/v2.1/servers/detail?`);
  expect(versions.map(({ url }) => url)).toContain(`${replay.url}/image/v2`);
});

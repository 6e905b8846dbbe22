import { type Cloud, connect, isForbidden, isGroundcrewError, loadCloud, Secret } from '@groundcrew/core';
import { readConversation, recordConversation } from '@groundcrew/core/conversation';
import { simulateCloud } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';

/** Lists with pages, one thing that is not there, and what a member may not do. */
async function program(cloud: Cloud, origins: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { compute, network, image, blockStorage, identity } = cloud;
  const outcome = async (work: Promise<unknown>): Promise<unknown> => {
    try {
      return await work;
    } catch (error) {
      if (!isGroundcrewError(error)) throw error;
      const seen = ['code', 'status', 'fault', 'body', 'requestIds', 'isConfirmed'].map((name) => [
        name,
        Reflect.get(error, name) as unknown,
      ]);
      return { message: error.message, ...(Object.fromEntries(seen) as object) };
    }
  };
  const seen = {
    servers: await outcome(Array.fromAsync(compute.servers.list({ limit: 1 }))),
    flavors: await outcome(Array.fromAsync(compute.flavors.list({ limit: 2 }))),
    quota: await outcome(compute.limits.get()),
    range: await outcome(cloud.versions('compute')),
    networks: await outcome(Array.fromAsync(network.networks.list({ limit: 1 }))),
    images: await outcome(Array.fromAsync(image.images.list({ limit: 1 }))),
    volumes: await outcome(Array.fromAsync(blockStorage.volumes.list({ limit: 1 }))),
    nothing: await outcome(compute.servers.get({ id: '00000000-0000-4000-8000-000000000000' })),
    refused: await outcome(Array.fromAsync(compute.services.list())),
    users: await outcome(Array.fromAsync(identity.users.list())),
  };
  let text = JSON.stringify(seen);
  for (const origin of origins) text = text.replaceAll(origin, 'ORIGIN');
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

test('what the lab answered is answered again by the simulated cloud, and the recording has no secret of it', async () => {
  const { auth, region_name } = loadCloud({ cloud: 'lab-member' });
  const lines: string[] = [];
  using conversation = recordConversation({
    to: (exchange) => void lines.push(`${JSON.stringify(exchange)}\n`),
  });
  await using lab = connect({ auth, region_name, fetch: conversation.fetch });
  // Something to list, and a second page of it.
  const names = ['one', 'two'].map((name) => `conversation-${process.pid}-${name}`);
  for (const name of names) {
    const { id } = await lab.network.networks.create({ name });
    onTestFinished(async () => {
      await using undo = connect({ auth, region_name });
      await undo.network.networks.delete({ id });
    });
  }
  const endpoints = await Promise.all(
    ['compute', 'network', 'image', 'block-storage', 'identity'].map((service) => lab.endpoint(service)),
  );
  const origins = endpoints.map((url) => url.replace(/\/v\d[\d.]*(?:\/[0-9a-f]{32})?$/, ''));
  const seen = await program(lab, origins);
  expect(JSON.stringify(seen['networks'])).toContain(names[1]);
  const refused = await Array.fromAsync(lab.compute.services.list()).catch((error: unknown) => error);
  expect(isForbidden(refused)).toBe(true);

  const text = lines.join('');
  const token = (await lab.token())?.value.reveal() ?? '';
  const passwords = Object.values(auth).flatMap((value) => (value instanceof Secret ? [value.reveal()] : []));
  expect(passwords.length).toBeGreaterThan(0);
  expect(token.length).toBeGreaterThan(20);
  for (const secret of [token, ...passwords]) expect(text.includes(secret)).toBe(false);
  expect(text).not.toContain('gAAAA');
  expect(lines.length).toBeGreaterThan(15);
  expect(conversation.lost).toBe(0);

  await using simulated = simulateCloud({ conversation: readConversation(text) });
  const { connectOptions, url } = await simulated.listen({ port: 0 });
  await using client = connect({ ...connectOptions, clock: simulated.clock });
  // The answers to the creations come first, as they were asked for.
  for (const name of names) expect((await client.network.networks.create({ name })).name).toBe(name);
  const roots = (
    await Promise.all(
      ['compute', 'network', 'image', 'block-storage', 'identity'].map((service) => client.endpoint(service)),
    )
  ).map((endpoint) => endpoint.replace(/\/v\d[\d.]*(?:\/[0-9a-f]{32})?$/, ''));
  expect(await program(client, roots)).toEqual(seen);
  expect(roots.every((root) => root.startsWith(url))).toBe(true);
  expect(simulated.requests.unknown).toEqual([]);
}, 120_000);

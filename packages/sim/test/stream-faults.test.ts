import { connect, isConnectionError, isIntegrityError } from '@groundcrew/core';
import { expect, onTestFinished, test } from 'vitest';
import { corrupt, simulateCloud, slow, truncate } from '../src/index.ts';

async function site() {
  const cloud = simulateCloud();
  const { connectOptions } = await cloud.listen();
  const os = connect({ ...connectOptions, clock: cloud.clock });
  onTestFinished(async () => {
    await os.close();
    await cloud.close();
  });
  const { id } = await os.image.images.create({ disk_format: 'raw', container_format: 'bare' });
  const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251);
  await os.image.data.upload({ id }, bytes);
  const read = async (options = {}): Promise<Buffer> =>
    Buffer.concat(await Array.fromAsync(os.image.data.download({ id }, options)));
  return { cloud, bytes: Buffer.from(bytes), read };
}

const OF_FILES = { service: 'image', path: '/file', method: 'GET' } as const;
const caught = (error: unknown): unknown => error;

test('a download that breaks off is resumed where it broke; without resumes it is an error', async () => {
  const { cloud, bytes, read } = await site();
  const fault = cloud.fault({ match: OF_FILES, first: 2, reply: truncate(100_000) });
  expect((await read()).equals(bytes)).toBe(true);
  expect(fault.struck).toBe(2);
  expect(cloud.requests.count(OF_FILES)).toBe(3);
  cloud.fault({ match: OF_FILES, reply: truncate(100_000) });
  expect(isConnectionError(await read({ retries: 0 }).catch(caught))).toBe(true);
});

test('one wrong byte is found by the hash', async () => {
  const { cloud, bytes, read } = await site();
  const fault = cloud.fault({ match: OF_FILES, reply: corrupt(250_000) });
  const error = await read().catch(caught);
  expect(isIntegrityError(error)).toBe(true);
  fault.stop();
  // The store has what it had.
  expect((await read()).equals(bytes)).toBe(true);
});

test('a slow one takes time of the cloud, for each 64 KiB of it', async () => {
  const { cloud, bytes, read } = await site();
  cloud.fault({ match: OF_FILES, reply: slow('2s') });
  const before = cloud.clock.now();
  expect((await read()).equals(bytes)).toBe(true);
  expect(cloud.clock.now() - before).toBeGreaterThanOrEqual(10_000);
});

test('JSON is neither slow nor wrong', async () => {
  const { cloud, read } = await site();
  cloud.fault({ match: { service: 'image', path: /\/images\/[^/]+$/ }, reply: corrupt(0) });
  expect((await read()).length).toBe(300_000);
  expect(() => corrupt(-1)).toThrow(/offset/);
});

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { isRestoreProof, verifyPoint } from '../../src/prove.ts';
import { openRepository } from '../../src/repository.ts';
import { bytesOf } from '../repository/bytes.ts';
import { FolderEngine } from '../repository/folder-engine.ts';

/** A point with a small, a middle and a large stream. */
async function scene() {
  const parent = await mkdtemp(path.join(tmpdir(), 'verify-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const folder = path.join(parent, 'r');
  const repository = await openRepository({ engine: new FolderEngine(folder), create: true });
  onTestFinished(() => repository[Symbol.asyncDispose]());
  const point = await repository.write({}, async (writer) => {
    for (const [name, size] of [
      ['large', 700],
      ['small', 100],
      ['middle', 200],
    ] as const)
      await writer.put(name, bytesOf(size, size));
    return { completeness: 'complete' };
  });
  return { repository, point, folder };
}

test('all of it: a proof, and a word of all', async () => {
  const { repository, point } = await scene();
  const found = await verifyPoint(repository, point);
  expect(found).toMatchObject({ unread: [], bad: [], readBytes: 1000, totalBytes: 1000 });
  expect(found.summary).toBe('all of 3 streams, 1000 bytes, were read back: they are what was stored');
  expect(isRestoreProof(found.proof)).toBe(true);
});

test('a share of it: no proof, and no word of all', async () => {
  const { repository, point } = await scene();
  const found = await verifyPoint(repository, point, { share: 0.3 });
  expect(found).toMatchObject({
    good: ['small', 'middle'],
    unread: ['large'],
    readBytes: 300,
    totalBytes: 1000,
    proof: undefined,
    summary:
      '2 of 3 streams, 300 of 1000 bytes, were read back, and of the others nothing is known: those that were read are what was stored',
  });
  expect(await verifyPoint(repository, point, { share: 0 })).toMatchObject({
    good: [],
    readBytes: 0,
    proof: undefined,
    summary: 'nothing was read',
  });
});

test('what is not what was stored is told, of the share too', async () => {
  const { repository, point, folder } = await scene();
  const { id = '' } = point.streams.find(({ name }) => name === 'small') ?? {};
  const [file = ''] = (await readdir(folder)).filter((name) => name === `${id}.data`);
  await writeFile(path.join(folder, file), Buffer.alloc(100, 7));
  const part = await verifyPoint(repository, point, { share: 0.1 });
  expect(part).toMatchObject({ good: [], bad: [{ stream: 'small' }], unread: ['large', 'middle'] });
  expect(part.summary).toMatch(/^1 of 3 streams, 100 of 1000 bytes.*1 stream of those that were read cannot/);
  const whole = await verifyPoint(repository, point);
  expect(whole).toMatchObject({ good: ['large', 'middle'], proof: undefined });
});

test('law: whatever the share, only what was read is spoken of, at least that share is, and a proof is of all', async () => {
  const { repository, point } = await scene();
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (share) => {
      const found = await verifyPoint(repository, point, { share });
      expect([...found.good, ...found.unread].toSorted()).toEqual(['large', 'middle', 'small']);
      expect(found.readBytes).toBeGreaterThanOrEqual(share * found.totalBytes);
      expect(found.proof !== undefined).toBe(found.unread.length === 0);
      expect(found.summary.startsWith('all of')).toBe(found.unread.length === 0);
    }),
  );
});

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { memoryJournal, type Outcome, type Plan, run, type RunOptions } from '@groundcrew/runbook';
import { simulateCloud, type SimulatedCloud } from '@groundcrew/sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import { backupImplementations, planBackup, protect, tenantPointOf } from '../../src/backup.ts';
import { verifyPoint } from '../../src/prove.ts';
import { type BackupRepository, openRepository } from '../../src/repository.ts';
import { imageReader, sweepTemporaries, type VolumeReader } from '../../src/volume-bytes.ts';
import { FolderEngine } from '../repository/folder-engine.ts';

const MEBIBYTE = 2 ** 20;

interface Shop {
  readonly simulated: SimulatedCloud;
  readonly cloud: Cloud;
  readonly repository: BackupRepository;
  readonly engine: FolderEngine;
  /** One that is read, and one in error. */
  readonly data: string;
  readonly broken: string;
  readonly plan: () => Promise<Plan>;
  readonly execute: (plan: Plan, more?: Partial<RunOptions>) => Promise<Outcome>;
  /** How many volumes, snapshots and images there are. */
  readonly count: () => Promise<readonly number[]>;
}

async function sha256Of(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of content) hash.update(piece);
  return hash.digest('hex');
}

/** A project with a volume of 1 GiB, and one in error. */
async function shop(): Promise<Shop> {
  const folder = await mkdtemp(path.join(tmpdir(), 'back-up-'));
  const simulated = simulateCloud({ scenario: 'small' });
  const { connectOptions } = await simulated.listen();
  const cloud = connect({
    ...connectOptions,
    auth: { ...connectOptions.auth, username: 'demo', project_name: 'demo' },
    clock: simulated.clock,
  });
  const engine = new FolderEngine(path.join(folder, 'repository'));
  const repository = await openRepository({ engine, create: true });
  onTestFinished(async () => {
    await repository[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
    await simulated.close();
    await rm(folder, { recursive: true });
  });
  const { volumes, snapshots } = cloud.blockStorage;
  const volume = async (name: string): Promise<string> => {
    const { id } = await volumes.create({ name, size: 1 });
    await volumes.waitFor(id, 'available');
    return id;
  };
  const data = await volume('data');
  simulated.volumes.fill(data, { seed: 7 });
  simulated.volumes.fail('create');
  const { id: broken } = await volumes.create({ name: 'broken', size: 1 });
  await volumes.waitFor(broken, 'error');
  // Of each volume a mebibyte: the smallest one has a thousand, and each byte would be copied three times.
  const reader: VolumeReader = {
    way: 'image',
    needs: () => ({ snapshots: 0, volumes: 0, images: 0 }),
    open: async ({ id }) => ({
      size: MEBIBYTE,
      at: new Date(cloud.clock.now()).toISOString(),
      content: simulated.volumes.read(id, 0, MEBIBYTE),
      [Symbol.asyncDispose]: async () => {},
    }),
  };
  return {
    simulated,
    cloud,
    repository,
    engine,
    data,
    broken,
    async plan() {
      const planned = await planBackup(protect({ project: 'demo', rpo: '4h' }), { cloud, reader });
      if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
      return planned.plan;
    },
    execute: (plan, more = {}) =>
      run(plan, {
        approved: plan.digest,
        implementations: backupImplementations({ cloud, repository, reader }),
        journal: memoryJournal(),
        ...more,
      }).outcome,
    count: async () =>
      Promise.all(
        [volumes.list(), snapshots.list(), cloud.image.images.list()].map(
          async (list) => (await Array.fromAsync(list as AsyncIterable<unknown>)).length,
        ),
      ),
  };
}

describe('a recovery point of a project', () => {
  test('its bytes are those of the volume, what could not be read is a gap, and nothing is left in the cloud', async () => {
    const { simulated, repository, data, plan, execute, count } = await shop();
    const before = await count();
    const planned = await plan();
    expect(planned.warnings.join('\n')).toContain('The bytes of volume broken are not kept: it is error.');
    expect(await execute(planned)).toMatchObject({ status: 'succeeded' });
    expect(await count()).toEqual(before);
    const kept = await repository.latest({ kind: 'tenant', project: 'demo' });
    if (kept === undefined) throw new TypeError('there is no point');
    expect(kept.completeness).toBe('partial');
    expect(kept.gaps.map(({ what }) => what)).toContain('bytes of volume broken');
    const point = tenantPointOf(kept);
    const stored = point.resources.find(({ id }) => id === data);
    expect(stored?.bytes).toMatchObject({
      size: MEBIBYTE,
      sha256: await sha256Of(simulated.volumes.read(data, 0, MEBIBYTE)),
    });
    const { proof, bad } = await verifyPoint(repository, kept);
    expect(bad).toEqual([]);
    expect(proof).toMatchObject({ kind: 'read-back', streams: 1, bytes: MEBIBYTE });
  });

  test('a run that broke off before it was told of is the same point when it goes on', async () => {
    const { repository, engine, plan, execute, count } = await shop();
    const before = await count();
    const planned = await plan();
    const journal = memoryJournal();
    // The bytes are stored, and then the machine dies: of the manifest nothing is written.
    let puts = 0;
    engine.before = (method) => {
      if (method !== 'put') return;
      puts += 1;
      if (puts === 2) throw new RangeError('the repository is gone');
    };
    expect(await execute(planned, { journal })).toMatchObject({ status: 'failed' });
    expect((await repository.points()).points).toEqual([]);
    expect(await count()).toEqual(before);
    engine.before = () => undefined;
    expect(await execute(planned)).toMatchObject({ status: 'succeeded' });
    expect((await repository.points()).points).toHaveLength(1);
  });
});

test('what a reading left that was killed is taken away, and nothing else', async () => {
  const { cloud, simulated, data, count } = await shop();
  const before = await count();
  // It is never disposed.
  const { size, content } = await imageReader(cloud).open({ id: data }, { run: 'killed' });
  expect(size).toBe(2 ** 30);
  const [first] = await Array.fromAsync(firstOf(content));
  const wanted = await Array.fromAsync(simulated.volumes.read(data, 0, first?.length ?? 0));
  expect(Buffer.concat(wanted).equals(first ?? Buffer.alloc(0))).toBe(true);
  expect(await count()).not.toEqual(before);
  expect(await sweepTemporaries(cloud, { olderThan: '1h' })).toMatchObject({
    images: 0,
    volumes: 0,
    snapshots: 0,
  });
  await simulated.clock.advance('2h');
  expect(await sweepTemporaries(cloud, { olderThan: '1h', keep: ['killed'] })).toMatchObject({ volumes: 0 });
  expect(await sweepTemporaries(cloud, { olderThan: '1h' })).toEqual({
    images: 1,
    volumes: 1,
    snapshots: 1,
    groupSnapshots: 0,
    failed: [],
  });
  expect(await count()).toEqual(before);
});

/** The first piece; the rest is not asked for. */
async function* firstOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    yield piece;
    return;
  }
}

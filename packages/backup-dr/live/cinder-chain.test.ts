import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cloud } from '@groundcrew/core';
import { ensurePackages } from '@groundcrew/lab';
import { memoryJournal, type Outcome, type Plan, type Planned, run } from '@groundcrew/runbook';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  backupRecordsOf,
  cinderBackupImplementations,
  planCinderBackups,
  planCinderRestore,
  planCinderRetention,
  planRecordImport,
} from '../src/cinder-backups.ts';
import { type BackupRepository, openRepository, restic } from '../src/repository.ts';
import { imageReader } from '../src/volume-bytes.ts';
import { labProject, type LabProject, pattern } from './lab-project.ts';

// Chains of the lab's real cinder-backup: made, restored, pruned, and known again after Cinder has forgotten them.
let shop: LabProject;
let repository: BackupRepository;
let volume = '';
const images: string[] = [];

beforeAll(async () => {
  await ensurePackages(['restic']);
  shop = await labProject(`groundcrew-chain-${process.pid}`);
  for (const seed of [1, 2]) images.push(await shop.image(`${shop.name}-${seed}`, pattern(seed, 4)));
  const { volumes } = shop.cloud.blockStorage;
  ({ id: volume } = await volumes.create({ name: 'db', size: 1, imageRef: images[0] ?? '' }));
  await volumes.waitFor(volume, 'available');
  const folder = await mkdtemp(path.join(tmpdir(), 'chain-'));
  repository = await openRepository({
    engine: restic({ repository: path.join(folder, 'repository'), password: 'of a test' }),
    create: true,
  });
  return async () => {
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
    await emptied(shop.cloud);
    await shop[Symbol.asyncDispose]();
  };
}, 900_000);

async function emptied(cloud: Cloud): Promise<void> {
  const { backups } = cloud.blockStorage;
  const all = await Array.fromAsync(backups.list({}));
  // The newest first: nothing builds on it.
  for (const { id } of all.toSorted((a, b) => b.created_at.localeCompare(a.created_at))) {
    await backups.delete({ id }, { missingOk: true });
    await backups.waitGone(id);
  }
}

function planOf(planned: Planned<string>): Plan {
  if (planned.ok) return planned.plan;
  throw new Error(planned.refusals.map(({ code, reason }) => `${code}: ${reason}`).join('\n'));
}

const carriedOut = (plan: Plan): Promise<Outcome> =>
  run(plan, {
    approved: plan.digest,
    implementations: cinderBackupImplementations({ cloud: shop.cloud, repository }),
    journal: memoryJournal(),
  }).outcome;

async function digestOf(id: string): Promise<string> {
  const hash = createHash('sha256');
  await using open = await imageReader(shop.cloud).open({ id }, { run: 'digest' });
  for await (const piece of open.content) hash.update(piece);
  return hash.digest('hex');
}

test(
  'five incremental backups, a forced full one, pruned; forgotten by Cinder, and restored from the records',
  { timeout: 1_800_000 },
  async () => {
    const { cloud } = shop;
    const { backups, volumes } = cloud.blockStorage;
    const digests: string[] = [];
    for (let round = 1; round <= 7; round += 1) {
      const plan = planOf(
        await planCinderBackups(
          { project: shop.id },
          { cloud, ...(round === 7 ? { full: 'all' as const } : {}) },
        ),
      );
      expect(await carriedOut(plan)).toMatchObject({ status: 'succeeded' });
      digests.push(round === 4 || round === 7 ? await digestOf(volume) : '');
      // Other bytes for the next one, by what a user has for it.
      if (round === 3) {
        await volumes.reimage({ id: volume, image_id: images[1] ?? '', reimage_reserved: false });
        await volumes.waitFor(volume, 'available');
      }
    }
    const made = (await Array.fromAsync(backups.list({}))).toSorted((a, b) =>
      (a.data_timestamp ?? '').localeCompare(b.data_timestamp ?? ''),
    );
    expect(made.map(({ is_incremental }) => is_incremental)).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
      false,
    ]);

    const prune = async (keep: object): Promise<Plan> =>
      planOf(
        planCinderRetention({
          backups: await Array.fromAsync(backups.list({})),
          volumes: [{ id: volume }],
          keep,
          now: Date.now(),
        }),
      );
    const point = await repository.latest({ kind: 'cinder-records', 'project-id': shop.id });
    if (point === undefined) throw new TypeError('there is no point');
    expect(point).toMatchObject({ completeness: 'complete' });
    const records = backupRecordsOf(point);
    expect(records.map(({ parent }) => parent === null).filter(Boolean)).toHaveLength(2);

    // The newest three: the last of the old chain keeps all that it builds on.
    expect((await prune({ last: 3 })).steps).toEqual([]);
    void readdir;
    void onTestFinished;
    void planCinderRestore;
    void planRecordImport;
    void digests;
  },
);

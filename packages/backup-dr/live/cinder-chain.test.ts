import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cloud } from '@groundcrew/core';
import { ensureLab, ensurePackages } from '@groundcrew/lab';
import { memoryJournal, type Outcome, type Plan, type Planned, run } from '@groundcrew/runbook';
import { beforeAll, expect, test } from 'vitest';
import {
  backupRecordsOf,
  cinderBackupImplementations,
  planCinderBackups,
  planCinderRestore,
  planCinderRetention,
  planRecordImport,
} from '../src/cinder-backups.ts';
import { type BackupRepository, openRepository, restic } from '../src/repository.ts';
import type { RetentionRules } from '../src/backup.ts';
import { imageReader } from '../src/volume-bytes.ts';
import { labProject, type LabProject, pattern } from './lab-project.ts';

// Chains of the lab's real cinder-backup: made, restored, pruned, and known again after Cinder has forgotten them.
const lab = fileURLToPath(new URL('../../lab/lab', import.meta.url));
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

function planOf(planned: Planned): Plan {
  if (planned.ok) return planned.plan;
  throw new Error(planned.refusals.map(({ code, reason }) => `${code}: ${reason}`).join('\n'));
}

const carriedOut = (plan: Plan): Promise<Outcome> =>
  run(plan, {
    approved: plan.digest,
    implementations: cinderBackupImplementations({ cloud: shop.cloud, repository }),
    journal: memoryJournal(),
  }).outcome;

async function digestOf(id: string, cloud = shop.cloud): Promise<string> {
  const hash = createHash('sha256');
  await using open = await imageReader(cloud).open({ id }, { run: 'digest' });
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
        await volumes.reimage({ id: volume, image_id: images[1] ?? '' });
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

    const point = await repository.latest({ kind: 'cinder-records', 'project-id': shop.id });
    if (point === undefined) throw new TypeError('there is no point');
    expect(point).toMatchObject({ completeness: 'complete' });
    const records = backupRecordsOf(point);
    expect(records.filter(({ parent }) => parent === null)).toHaveLength(2);

    // The last three days: the old chain's last one keeps all that it builds on. The newest alone: the old chain goes.
    const prune = async (keep: RetentionRules) =>
      planCinderRetention({
        backups: await Array.fromAsync(backups.list({})),
        volumes: [{ id: volume }],
        keep,
        now: Date.now(),
      });
    expect(await prune({ last: 3 })).toMatchObject({
      ok: false,
      refusals: [{ code: 'cinder-backup.nothing-to-delete' }],
    });
    const [fourth, newest] = [made[3]?.id ?? '', made[6]?.id ?? ''];
    await restoredAs('as of the fourth', fourth, digests[3]);
    expect(await carriedOut(planOf(await prune({ last: 1 })))).toMatchObject({ status: 'succeeded' });
    expect((await Array.fromAsync(backups.list({}))).map(({ id }) => id)).toEqual([newest]);
    await restoredAs('as of the last', newest, digests[6]);
  },
);

test(
  'a backup that Cinder has forgotten is known again by its record, with all that it builds on',
  { timeout: 900_000 },
  async () => {
    const { cloud } = shop;
    const { backups } = cloud.blockStorage;
    // Cinder takes a volume that has a backup already: one more, on the full one that was kept.
    expect(await carriedOut(planOf(await planCinderBackups({ project: shop.id }, { cloud })))).toMatchObject({
      status: 'succeeded',
    });
    const point = await repository.latest({ kind: 'cinder-records', 'project-id': shop.id });
    if (point === undefined) throw new TypeError('there is no point');
    const records = backupRecordsOf(point);
    const [last] = records.toSorted((a, b) => b.at.localeCompare(a.at));
    const wanted = last?.backup ?? '';
    expect(records.find(({ backup }) => backup === wanted)?.parent).toEqual(expect.any(String));
    const digest = await digestOf(volume);
    // As after the loss of Cinder's database: the rows are gone, the bytes are not.
    const forget = `UPDATE backups SET deleted = 1, status = 'deleted', deleted_at = NOW() WHERE project_id = '${shop.id}'`;
    execFileSync(lab, ['mysql', '-e', forget, 'lab_cinder']);
    expect(await Array.fromAsync(backups.list({}))).toEqual([]);
    const imports = planOf(await planRecordImport(records, { cloud, only: [wanted] }));
    expect(imports.steps).toHaveLength(2);
    expect(await carriedOut(imports)).toMatchObject({ status: 'succeeded' });
    await restoredAs('as it was known again', wanted, digest);
  },
);

test(
  'a record whose driver is not here is refused by Cinder, and nothing of it is left',
  { timeout: 300_000 },
  async () => {
    const { cloud } = shop;
    const point = await repository.latest({ kind: 'cinder-records', 'project-id': shop.id });
    const [record] = backupRecordsOf(point ?? { id: '', contents: undefined });
    if (record === undefined) throw new TypeError('there is no record');
    const id = randomUUID();
    const decoded = JSON.parse(Buffer.from(record.backup_url, 'base64').toString('utf8')) as object;
    const foreign = {
      ...record,
      backup: id,
      parent: null,
      backup_service: 'cinder.backup.drivers.ceph.CephBackupDriver',
      backup_url: Buffer.from(JSON.stringify({ ...decoded, id, parent_id: null })).toString('base64'),
    };
    const outcome = await carriedOut(planOf(await planRecordImport([foreign], { cloud })));
    expect(JSON.stringify(outcome)).toContain('cannot find backup service to perform the import');
    await expect(cloud.blockStorage.backups.get({ id })).rejects.toMatchObject({ status: 404 });
  },
);

// Where `LAB_SUITES` names the other cloud, the set-up of the live tests has brought it up.
test.skipIf(process.env['LAB_SUITES']?.split(',').includes('trixie') !== true)(
  'the cinder-backup of another cloud, of another release, restores from the records',
  { timeout: 1_200_000 },
  async () => {
    const point = await repository.latest({ kind: 'cinder-records', 'project-id': shop.id });
    const records = backupRecordsOf(point ?? { id: '', contents: undefined });
    const [last] = records.toSorted((a, b) => b.at.localeCompare(a.at));
    const wanted = last?.backup ?? '';
    const digest = await digestOf(volume);
    await using there = await labProject(`${shop.name}-dr`, { suite: 'trixie' });
    // Storage that both see: here a copy of the folder.
    const { cloudsYaml } = await ensureLab();
    const folderOf = (plane: string): string =>
      path.join(path.dirname(cloudsYaml), plane, 'data', 'cinder', 'backup');
    await cp(folderOf('lab'), folderOf('lab-trixie'), { recursive: true });
    const execute = (plan: Plan): Promise<Outcome> =>
      run(plan, {
        approved: plan.digest,
        implementations: cinderBackupImplementations({ cloud: there.cloud }),
        journal: memoryJournal(),
      }).outcome;
    const imports = planOf(await planRecordImport(records, { cloud: there.cloud, only: [wanted] }));
    expect(await execute(imports)).toMatchObject({ status: 'succeeded' });
    const restore = planOf(
      await planCinderRestore({
        cloud: there.cloud,
        restore: [{ backup: wanted, name: 'db', type: 'lab-b' }],
      }),
    );
    expect(await execute(restore)).toMatchObject({ status: 'succeeded' });
    const { id, volume_type: type } = await there.cloud.blockStorage.volumes.find('db');
    expect(type).toBe('lab-b');
    expect(await digestOf(id, there.cloud)).toBe(digest);
    await emptied(there.cloud);
  },
);

/** Restores a backup, and compares every byte. */
async function restoredAs(name: string, backup: string, digest: string | undefined): Promise<void> {
  const { cloud } = shop;
  expect(
    await carriedOut(planOf(await planCinderRestore({ cloud, restore: [{ backup, name }] }))),
  ).toMatchObject({ status: 'succeeded' });
  const { id } = await cloud.blockStorage.volumes.find(name);
  expect(await digestOf(id)).toBe(digest);
  await cloud.blockStorage.volumes.delete({ id });
  await cloud.blockStorage.volumes.waitGone(id);
}

import { connect } from '@groundcrew/core';
import { memoryJournal, run } from '@groundcrew/runbook';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  backupRecordsOf,
  cinderBackupImplementations,
  planCinderBackups,
  planCinderRestore,
  planCinderRetention,
  planRecordImport,
} from '../../src/cinder-backups.ts';
import { siteOf } from '../recovery/site.ts';
import { chainSite, planOf } from './chain-site.ts';

const DAY = '24h';
/** What is looked at of a volume: its first mebibyte. */
const LOOKED_AT = 2 ** 20;

describe('chains of Cinder’s backups', () => {
  test('full, incremental five times, a forced full one, and all that no rule keeps goes', async () => {
    const { site, cloud, volume, plan, execute, backups } = await chainSite();
    const id = await volume('db');
    const contents: Buffer[] = [];
    const write = async (seed: number): Promise<void> => {
      await site.simulated.volumes.write(id, 1000 * seed, Buffer.alloc(500, seed));
      contents.push(Buffer.concat(await Array.fromAsync(site.simulated.volumes.read(id, 0, LOOKED_AT))));
    };
    for (let day = 1; day <= 7; day += 1) {
      await write(day);
      const full = day === 7 ? 'all' : undefined;
      expect(await execute(await plan({ fullEvery: '30d', full }))).toMatchObject({ status: 'succeeded' });
      await site.simulated.clock.advance(DAY);
    }
    const made = (await backups()).toReversed();
    expect(made.map(({ is_incremental }) => is_incremental)).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
      false,
    ]);

    const restore = await planCinderRestore({
      cloud,
      restore: [
        { backup: made[3]?.id ?? '', name: 'the fourth' },
        { backup: made[6]?.id ?? '', name: 'the last' },
      ],
    });
    expect(await execute(planOf(restore))).toMatchObject({ status: 'succeeded' });
    for (const [name, content] of [
      ['the fourth', contents[3]],
      ['the last', contents[6]],
    ] as const) {
      const found = await cloud.blockStorage.volumes.find(name);
      const bytes = Buffer.concat(await Array.fromAsync(site.simulated.volumes.read(found.id, 0, LOOKED_AT)));
      expect(content !== undefined && bytes.equals(content)).toBe(true);
      await cloud.blockStorage.volumes.delete({ id: found.id });
      await cloud.blockStorage.volumes.waitGone(found.id);
    }

    const prune = async (keep: object) =>
      planOf(
        planCinderRetention({
          backups: await backups(),
          volumes: await Array.fromAsync(cloud.blockStorage.volumes.list()),
          keep,
          now: cloud.clock.now(),
        }),
      );
    await expect(prune({ last: 3 })).rejects.toThrow('cinder-backup.nothing-to-delete');
    const old = await prune({ last: 1 });
    // The last of a chain goes first.
    expect(old.steps.map(({ id: step }) => step)).toEqual(
      made
        .slice(0, 6)
        .map((backup) => `delete-${backup.id}`)
        .toReversed(),
    );
    expect(await execute(old)).toMatchObject({ status: 'succeeded' });
    expect((await backups()).map((backup) => backup.id)).toEqual([made[6]?.id]);
  });

  test('why the next one is full, and when there is none', async () => {
    const { site, cloud, volume, plan, execute } = await chainSite();
    const id = await volume('db');
    const why = async (options = {}) => {
      const { steps, warnings } = await plan(options);
      return steps[1] === undefined ? warnings[0] : steps[0]?.why;
    };
    expect(await why()).toBe('It has no backup.');
    await execute(await plan());
    await site.simulated.clock.advance('1h');
    expect(await why()).toMatch(/^Its full backup is 60 minutes old|^Its full backup is 1 hour old/);
    expect(await why({ longestChain: 1 })).toBe('Its chain has 1 backup.');
    expect(await why({ full: ['db'] })).toBe('A full one is wanted.');
    await cloud.blockStorage.volumes.extend({ id, new_size: 2 });
    await cloud.blockStorage.volumes.waitFor(id, 'available');
    expect(await why()).toBe('It has grown from 1 to 2 GiB since its newest backup.');
    await site.simulated.clock.advance('40d');
    await execute(await plan());
    await site.simulated.clock.advance('31d');
    expect(await why()).toBe('Its full backup is 31 days old.');
    site.simulated.volumes.fail('backup', { reason: 'the store is full' });
    const failed = await execute(await plan({ records: false }));
    expect(failed).toMatchObject({ status: 'failed' });
    expect(JSON.stringify(failed)).toContain('the store is full');
    // The one that failed is gone: Cinder would have refused to build on it.
    const { backups } = cloud.blockStorage;
    expect((await Array.fromAsync(backups.list())).map(({ status }) => status)).toEqual([
      'available',
      'available',
    ]);
    await backups.create({ volume_id: id });
    expect(await why()).toBe('Volume db is not backed up: it is backing-up.');
    await expect(plan({ records: false })).rejects.toThrow('cinder-backup.nothing-to-do');
  });

  test('a quota that is too small is said before the first call that would fail', async () => {
    const { cloud, project, volume, plan } = await chainSite();
    await volume('db', 3);
    await cloud.blockStorage.quotaSets.update({ id: project, backup_gigabytes: 2 });
    await expect(plan()).rejects.toThrow('1 backup of 3 GiB are needed, and 2 GiB are left of the quota');
  });

  test('a volume is named that there is not, and a project that is another’s', async () => {
    const { cloud, site, plan } = await chainSite();
    await expect(plan({ full: ['nobody'] })).rejects.toThrow('cinder-backup.no-volume');
    await expect(plan({ cloud: site.admin })).rejects.toThrow('cinder-backup.other-project');
    await expect(plan({ cloud, misspelt: 1 } as never)).rejects.toMatchObject({ field: 'misspelt' });
  });
});

describe('records', () => {
  test('another cloud that reads the same store restores from them', async () => {
    const here = await chainSite();
    const id = await here.volume('db');
    for (const seed of [1, 2, 3]) {
      await here.site.simulated.volumes.write(id, seed * 700, Buffer.alloc(300, seed));
      expect(await here.execute(await here.plan())).toMatchObject({ status: 'succeeded' });
      await here.site.simulated.clock.advance(DAY);
    }
    const bytes = Buffer.concat(await Array.fromAsync(here.site.simulated.volumes.read(id, 0, LOOKED_AT)));
    const point = await here.repository.latest({ kind: 'cinder-records', project: 'shop' });
    if (point === undefined) throw new Error('there is no point');
    const records = backupRecordsOf(point);
    expect(records).toHaveLength(3);
    expect(records.filter(({ parent }) => parent === null)).toHaveLength(1);

    const there = siteOf({ seed: 2, backupStore: here.site.simulated.volumes.backupStore });
    const { cloud } = await there.project('shop-dr');
    const execute = async (plan: Parameters<typeof run>[0]) =>
      run(plan, {
        approved: plan.digest,
        implementations: cinderBackupImplementations({ cloud }),
        journal: memoryJournal(),
      }).outcome;
    const [newest] = records.toSorted((a, b) => b.at.localeCompare(a.at));
    const wanted = newest?.backup ?? '';
    const lone = records.filter(({ backup }) => backup === wanted);
    expect(await planRecordImport(lone, { cloud })).toMatchObject({
      ok: false,
      refusals: [{ code: 'cinder-backup.parent-missing' }],
    });
    const imports = planOf(await planRecordImport(records, { cloud, only: [wanted] }));
    expect(imports.steps).toHaveLength(3);
    expect(await execute(imports)).toMatchObject({ status: 'succeeded' });
    // What is known is not imported again.
    expect(await planRecordImport(records, { cloud })).toMatchObject({
      ok: false,
      refusals: [{ code: 'cinder-backup.nothing-to-import' }],
    });
    const restore = planOf(
      await planCinderRestore({ cloud, restore: [{ backup: wanted, name: 'db as it was' }] }),
    );
    expect(await execute(restore)).toMatchObject({ status: 'succeeded' });
    const restored = await cloud.blockStorage.volumes.find('db as it was');
    const read = await Array.fromAsync(there.simulated.volumes.read(restored.id, 0, LOOKED_AT));
    expect(Buffer.concat(read).equals(bytes)).toBe(true);
    // Backups of a volume that is not here are nobody's to prune: the other cloud has the same bytes.
    const retention = planCinderRetention({
      backups: await Array.fromAsync(cloud.blockStorage.backups.list()),
      volumes: await Array.fromAsync(cloud.blockStorage.volumes.list()),
      keep: { last: 1 },
      now: cloud.clock.now(),
    });
    expect(retention).toMatchObject({
      ok: false,
      refusals: [{ reason: expect.stringContaining('3 backups of volumes that are not here stay') }],
    });
  });

  test('a project’s own user gets backups, and of the records gaps', async () => {
    const { repository } = await chainSite();
    const cloud = asDemo();
    const { id } = await cloud.blockStorage.volumes.create({ name: 'db', size: 1 });
    await cloud.blockStorage.volumes.waitFor(id, 'available');
    const plan = planOf(await planCinderBackups({ project: 'demo' }, { cloud }));
    const { outcome } = run(plan, {
      approved: plan.digest,
      implementations: cinderBackupImplementations({ cloud, repository }),
      journal: memoryJournal(),
    });
    expect(await outcome).toMatchObject({ status: 'succeeded' });
    const point = await repository.latest({ kind: 'cinder-records' });
    expect(point).toMatchObject({
      completeness: 'partial',
      gaps: [{ why: expect.stringMatching(/403|polic/i) }],
    });
  });

  test('a point of something else is refused by its field', async () => {
    expect(() => backupRecordsOf({ id: 'p', contents: { format: 'groundcrew.tenant-point' } })).toThrow(
      expect.objectContaining({ field: 'contents.format' }),
    );
    const newer = { format: 'groundcrew.cinder-records', formatVersion: '2.0', records: [] };
    expect(() => backupRecordsOf({ id: 'p', contents: newer })).toThrow(
      expect.objectContaining({ field: 'contents.formatVersion' }),
    );
  });
});

/** A user who is no administrator. */
function asDemo() {
  const { simulated } = siteOf();
  const cloud = connect({
    auth: {
      auth_url: 'http://sim.test/identity/v3',
      username: 'demo',
      password: 'secret-of-sim',
      project_name: 'demo',
      user_domain_name: 'Default',
      project_domain_name: 'Default',
    },
    region_name: 'RegionOne',
    clock: simulated.clock,
    fetch: async (input, init) => simulated.handle(new Request(input, init)),
  });
  onTestFinished(() => cloud.close());
  return cloud;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cloud } from '@groundcrew/core';
import { memoryJournal, type Outcome, type Plan, run } from '@groundcrew/runbook';
import { expect, onTestFinished, test } from 'vitest';
import { backupImplementations, planBackup, protect, tenantPointOf } from '../../src/backup.ts';
import type { TenantPoint } from '../../src/point.ts';
import { type BackupRepository, openRepository, type RecoveryPoint } from '../../src/repository.ts';
import { type KeptBytes, restoreImplementations } from '../../src/restore.ts';
import { crashesAt, Life, Records } from '../life.ts';
import { readers } from '../backup/readers.ts';
import { FolderEngine } from '../repository/folder-engine.ts';
import { plannedInto, refusalsOf } from './restoring.ts';
import { siteOf } from './site.ts';

const text = (words: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(words);

interface Kept {
  readonly repository: BackupRepository;
  readonly kept: RecoveryPoint;
  readonly point: TenantPoint;
  readonly read: KeptBytes;
}

/** A project with three images of its own, stored: one that a server was made from, one that none was, and one without bytes. */
async function stored(): Promise<Kept> {
  const site = siteOf();
  const { cloud } = await site.project('shop');
  const folder = await mkdtemp(path.join(tmpdir(), 'images-'));
  const engine = new FolderEngine(path.join(folder, 'repository'));
  const repository = await openRepository({ engine, create: true });
  onTestFinished(async () => {
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const image = async (name: string, more: object = {}): Promise<string> => {
    const { id } = await cloud.image.images.create({
      name,
      disk_format: 'raw',
      container_format: 'bare',
      ...more,
    });
    return id;
  };
  const web = await image('web', {
    min_disk: 1,
    hw_disk_bus: 'virtio',
    tags: ['blue'],
    visibility: 'private',
  });
  await cloud.image.data.upload({ id: web }, text('bytes of web'));
  const spare = await image('spare', { protected: true });
  await cloud.image.data.upload({ id: spare }, text('bytes of spare'));
  await image('empty');
  const nova = cloud.compute.at('2.74');
  const { id: flavor } = await nova.flavors.find('m1.nano');
  const { id } = await nova.servers.create({
    name: 'web-1',
    imageRef: web,
    flavorRef: flavor,
    networks: 'none',
  });
  await nova.servers.waitFor(id, 'ACTIVE');
  const reader = readers.attachment(cloud);
  const planned = await planBackup(protect({ project: 'shop', rpo: '4h' }), { cloud, reader });
  if (!planned.ok) throw new Error(planned.refusals[0].reason);
  expect(planned.plan.warnings.join('\n')).toContain('The bytes of image empty are not kept: it is queued.');
  const { outcome } = run(planned.plan, {
    approved: planned.plan.digest,
    implementations: backupImplementations({ cloud, repository, reader }),
    journal: memoryJournal(),
  });
  expect(await outcome).toMatchObject({ status: 'succeeded' });
  const kept = await repository.latest();
  if (kept === undefined) throw new Error('there is no point');
  return {
    repository,
    kept,
    point: tenantPointOf(kept),
    read: (bytes) => repository.read(kept, bytes.stream),
  };
}

const execute = (plan: Plan, cloud: Cloud, read?: KeptBytes): Promise<Outcome> =>
  run(plan, {
    approved: plan.digest,
    implementations: restoreImplementations({ cloud, ...(read === undefined ? {} : { read }) }),
    journal: memoryJournal(),
  }).outcome;

/** Name, state and bytes of the images that a project has. */
const imagesOf = async (cloud: Cloud, owner: string): Promise<readonly string[]> => {
  const all = await Array.fromAsync(cloud.image.images.list({ owner }));
  return Promise.all(
    all.map(async ({ id, name, status }) => {
      const pieces =
        status === 'active' ? await Array.fromAsync(cloud.image.data.download({ id })) : [text('none')];
      return `${name} ${status} ${Buffer.concat(pieces).toString()}`;
    }),
  ).then((lines) => lines.toSorted());
};

test('on another cloud the images of a project are made again, with their bytes and what is written on them', async () => {
  const { point, read } = await stored();
  const there = siteOf({ seed: 2 });
  const target = await there.project('shop-dr');
  const plan = await plannedInto(target, point);
  expect(plan.warnings.join('\n')).toMatch(/image empty is not restored[^]*image spare was protected/);
  expect(JSON.stringify(await execute(plan, target.cloud))).toContain('restore.no-bytes');
  expect(await execute(plan, target.cloud, read)).toMatchObject({ status: 'succeeded' });
  expect(await imagesOf(target.cloud, target.id)).toEqual([
    'spare active bytes of spare',
    'web active bytes of web',
  ]);
  const web = await target.cloud.image.images.find('web');
  expect(web).toMatchObject({ min_disk: 1, hw_disk_bus: 'virtio', visibility: 'private' });
  const server = await target.cloud.compute.servers.find('web-1');
  expect(server.image).toMatchObject({ id: web.id });
});

test('what the target has is not made a second time: the same bytes, or what the mapping says', async () => {
  const { point } = await stored();
  const there = siteOf({ seed: 2 });
  const target = await there.project('shop-dr');
  const { id } = await target.cloud.image.images.create({
    name: 'another name',
    disk_format: 'raw',
    container_format: 'bare',
  });
  await target.cloud.image.data.upload({ id }, text('bytes of web'));
  const plan = await plannedInto(target, point, { images: { spare: 'cirros' } });
  expect(plan.steps.filter(({ title }) => title.startsWith('Create image'))).toEqual([]);
  expect(JSON.stringify(plan.steps.find(({ title }) => title.startsWith('Create server'))?.input)).toContain(
    id,
  );
});

test('of a point without its bytes an image that a server needs is refused', async () => {
  const { point } = await stored();
  const without: TenantPoint = {
    ...point,
    resources: point.resources.map(({ bytes: _bytes, ...resource }) => resource),
  };
  const target = await siteOf({ seed: 2 }).project('shop-dr');
  expect((await refusalsOf(target, without)).map(({ code }) => code)).toEqual(['image-missing']);
});

test('bytes that are others are found, and leave no image', async () => {
  const { point } = await stored();
  const target = await siteOf({ seed: 2 }).project('shop-dr');
  async function* others(): AsyncGenerator<Uint8Array> {
    yield text('bytes of WEB');
  }
  const outcome = await execute(await plannedInto(target, point), target.cloud, others);
  expect(outcome.status).toBe('failed');
  expect(JSON.stringify(outcome)).toContain('are not the bytes of the point');
  expect(await imagesOf(target.cloud, target.id)).toEqual([]);
});

test('killed behind every act, the next one leaves one image of each', async () => {
  const { point, read } = await stored();
  const wrong: unknown[] = [];
  let traces = Infinity;
  for (const crash of [undefined, ...crashesAt(40)]) {
    if (crash !== undefined && crash.after >= traces) break;
    const there = siteOf({ seed: 2 });
    const target = await there.project('shop-dr');
    const plan = await plannedInto(target, point);
    const records = new Records();
    const live = (life: Life): Promise<Outcome> => {
      const cloud = there.client(target.id, async (input, init) => {
        const request = new Request(input, init);
        const send = (): Promise<Response> => there.simulated.handle(request);
        const changes = request.method !== 'GET' && !request.url.endsWith('/auth/tokens');
        try {
          life.mustLive();
          return await (changes ? life.leave(send) : send());
        } catch (cause) {
          throw new TypeError('fetch failed', { cause });
        }
      });
      return run(plan, {
        approved: plan.digest,
        implementations: restoreImplementations({ cloud, read }),
        journal: records.journal(life),
      }).outcome;
    };
    const life = new Life(crash);
    let outcome = await live(life);
    if (crash === undefined) traces = life.traces;
    if (life.isDead) outcome = await live(new Life());
    const found = await imagesOf(target.cloud, target.id);
    if (outcome.status !== 'succeeded' || found.length !== 2)
      wrong.push({ crash, status: outcome.status, found });
  }
  expect(wrong).toEqual([]);
}, 120_000);

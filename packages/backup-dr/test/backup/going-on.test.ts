import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cloud } from '@groundcrew/core';
import { type Outcome, type Plan, run } from '@groundcrew/runbook';
import { expect, onTestFinished, test } from 'vitest';
import { backupImplementations, planBackup, protect, tenantPointOf } from '../../src/backup.ts';
import { verifyPoint } from '../../src/prove.ts';
import { type BackupRepository, openRepository } from '../../src/repository.ts';
import type { VolumeReader } from '../../src/volume-bytes.ts';
import { crashesAt, Life, Records } from '../life.ts';
import { type Site, siteOf } from '../recovery/site.ts';
import { FolderEngine } from '../repository/folder-engine.ts';
import { readers } from './readers.ts';

// A backup that was killed, and goes on: what was stored whole is not read again.

interface Shop {
  readonly site: Site;
  readonly project: string;
  readonly repository: BackupRepository;
  readonly engine: FolderEngine;
  readonly plan: Plan;
}

/** A server with two volumes, a volume of none, an image, and a container; the repository's minute passes with each look at the clock. */
async function shop(): Promise<Shop> {
  const site = siteOf({ objectStore: true });
  const { id: project, cloud } = await site.project('shop');
  const folder = await mkdtemp(path.join(tmpdir(), 'going-on-'));
  const engine = new FolderEngine(path.join(folder, 'repository'));
  let now = Date.now();
  const clock = { now: () => (now += 61_000), sleep: async () => undefined };
  const repository = await openRepository({ engine, create: true, clock });
  onTestFinished(async () => {
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const { volumes } = cloud.blockStorage;
  const volume = async (name: string): Promise<string> => {
    const { id } = await volumes.create({ name, size: 1 });
    await volumes.waitFor(id, 'available');
    return id;
  };
  const disks = [await volume('data'), await volume('log')];
  await volume('lone');
  const nova = cloud.compute.at('2.74');
  const { id: flavorRef } = await nova.flavors.find('m1.nano');
  const { id: imageRef } = await cloud.image.images.find('cirros');
  const { id: server } = await nova.servers.create({ name: 'db', flavorRef, imageRef, networks: 'none' });
  await nova.servers.waitFor(server, 'ACTIVE');
  for (const id of disks) {
    await nova.volumeAttachments.create({ server_id: server, volumeId: id });
    await volumes.waitFor(id, 'in-use');
  }
  const image = { name: 'own', disk_format: 'raw', container_format: 'bare' } as const;
  const { id: own } = await cloud.image.images.create(image);
  await cloud.image.data.upload({ id: own }, new Uint8Array(100).fill(1));
  await cloud.objectStore.containers.create({ container: 'c' });
  await cloud.objectStore.data.upload({ container: 'c', object: 'o' }, new Uint8Array(10).fill(2));
  const reader = readers.attachment(cloud);
  const planned = await planBackup(protect({ project: 'shop', rpo: '4h' }), { cloud, reader });
  if (!planned.ok) throw new Error(planned.refusals[0].reason);
  return { site, project, repository, engine, plan: planned.plan };
}

/** One process after another on one journal; answers what each read of the cloud. */
function livesOf({ site, project, repository, engine, plan }: Shop) {
  const records = new Records();
  return async (life: Life): Promise<{ readonly outcome: Outcome; readonly read: readonly string[] }> => {
    const read: string[] = [];
    engine.before = async (method) => {
      if (method === 'put') await life.leave(async () => undefined);
      else life.mustLive();
    };
    const cloud: Cloud = site.client(project, async (input, init) => {
      const request = new Request(input, init);
      const send = (): Promise<Response> => site.simulated.handle(request);
      const changes = !['GET', 'HEAD'].includes(request.method) && !request.url.endsWith('/auth/tokens');
      const { pathname } = new URL(request.url);
      try {
        life.mustLive();
        if (/\/images\/[^/]+\/file$/.test(pathname)) read.push('image');
        if (request.method === 'GET' && pathname.endsWith('/c/o')) read.push('object');
        return await (changes ? life.leave(send) : send());
      } catch (cause) {
        throw new TypeError('fetch failed', { cause });
      }
    });
    const attachment = readers.attachment(cloud);
    const reader: VolumeReader = {
      ...attachment,
      open: (volume, options) => {
        read.push('volume');
        return attachment.open(volume, options);
      },
    };
    const { outcome } = run(plan, {
      approved: plan.digest,
      implementations: backupImplementations({ cloud, repository, reader }),
      journal: records.journal(life),
    });
    return { outcome: await outcome, read };
  };
}

const STREAMS = ['image', 'object', 'volume', 'volume', 'volume'];

test('killed behind every act: what was stored whole is not read again, and the point is the same as of one life', async () => {
  const undisturbed = await shop();
  const calm = await livesOf(undisturbed)(new Life());
  expect(calm.outcome).toMatchObject({ status: 'succeeded' });
  expect(calm.read.toSorted()).toEqual(STREAMS);
  const wrong: unknown[] = [];
  const again = new Set<number>();
  let traces = Infinity;
  for (const crash of [undefined, ...crashesAt(80)]) {
    if (crash !== undefined && crash.after >= traces) break;
    const one = await shop();
    const live = livesOf(one);
    const life = new Life(crash);
    let { outcome } = await live(life);
    const ended = Date.now();
    let isTakenOver = false;
    if (crash === undefined) traces = life.traces;
    if (life.isDead) {
      one.engine.before = () => undefined;
      const wasWritten = (await one.repository.points()).points.length > 0;
      const next = await live(new Life());
      ({ outcome } = next);
      again.add(next.read.length);
      isTakenOver = !wasWritten && next.read.length < STREAMS.length;
    }
    one.engine.before = () => undefined;
    const { points } = await one.repository.points();
    const [kept] = points;
    const good = kept === undefined ? undefined : await verifyPoint(one.repository, kept);
    const bytes = kept === undefined ? [] : tenantPointOf(kept).resources.flatMap((each) => each.bytes ?? []);
    const together = bytes.filter((each) => each.together !== undefined);
    // The repository's clock is ahead of the machine's by a minute for each look at it.
    const isOfFirst = Date.parse(kept?.at ?? '') <= ended;
    if (
      outcome.status !== 'succeeded' ||
      points.length !== 1 ||
      good?.good.length !== STREAMS.length ||
      bytes.length !== STREAMS.length ||
      together.length !== 2 ||
      isOfFirst !== isTakenOver
    )
      wrong.push({ crash, outcome, good: good?.summary, bytes, at: kept?.at });
  }
  expect(wrong).toEqual([]);
  // From a kill before anything was stored to one before the manifest was written.
  expect([...again].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 5]);
}, 240_000);

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensurePackages } from '@groundcrew/lab';
import { memoryJournal, run } from '@groundcrew/runbook';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { backupImplementations, planBackup, protect, tenantPointOf } from '../src/backup.ts';
import { drill, verifyPoint } from '../src/prove.ts';
import { openRepository, restic } from '../src/repository.ts';
import { imageReader, imageVolumeWriter } from '../src/volume-bytes.ts';
import { labProject, type LabProject, pattern } from './lab-project.ts';

// A project on the lab's real Nova, Neutron, Cinder and Glance: stored in restic, and restored beside itself.
const GIBIBYTE = 2 ** 30;
let shop: LabProject;
let volume = '';
let sha256 = '';

/** 8 MiB that are not zeros, at the beginning of a volume of zeros. */
const beginning = pattern(0, 8);

beforeAll(async () => {
  await ensurePackages(['restic']);
  shop = await labProject(`groundcrew-tenant-${process.pid}`);
  const hash = createHash('sha256').update(beginning);
  const zeros = Buffer.alloc(2 ** 20);
  for (let left = GIBIBYTE - beginning.length; left > 0; left -= zeros.length) hash.update(zeros);
  sha256 = hash.digest('hex');
  const { blockStorage, network } = shop.cloud;
  const imageRef = await shop.publicImage(shop.name, beginning);
  ({ id: volume } = await blockStorage.volumes.create({ name: 'data', size: 1, imageRef }));
  await blockStorage.volumes.waitFor(volume, 'available');
  const { id: network_id } = await network.networks.create({ name: 'inner' });
  await network.subnets.create({ network_id, ip_version: 4, cidr: '10.99.0.0/24', name: 'inner' });
  const { id: group } = await network.securityGroups.create({ name: 'web' });
  await network.securityGroupRules.create({
    security_group_id: group,
    direction: 'ingress',
    remote_group_id: group,
  });
  return () => shop[Symbol.asyncDispose]();
}, 900_000);

test(
  'stored, read back, and restored into another project: every byte, and every network',
  { timeout: 900_000 },
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tenant-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const engine = restic({ repository: path.join(folder, 'repository'), password: 'of a test' });
    await using repository = await openRepository({ engine, create: true });
    const { admin, cloud, id: project } = shop;
    const reader = imageReader(cloud);
    const planned = await planBackup(protect({ project, rpo: '4h' }), { cloud, reader });
    if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
    const { outcome } = run(planned.plan, {
      approved: planned.plan.digest,
      implementations: backupImplementations({ cloud, repository, reader }),
      journal: memoryJournal(),
    });
    expect(await outcome).toMatchObject({ status: 'succeeded' });
    const kept = await repository.latest({ kind: 'tenant', 'project-id': project });
    if (kept === undefined) throw new TypeError('there is no point');
    const point = tenantPointOf(kept);
    expect(point.resources.find(({ id }) => id === volume)?.bytes).toMatchObject({ size: GIBIBYTE, sha256 });
    expect((await verifyPoint(repository, kept)).bad).toEqual([]);

    let restored = '';
    const report = await drill(point, {
      on: admin,
      id: kept.id,
      volumes: (target) =>
        imageVolumeWriter({ cloud: target, read: (bytes) => repository.read(kept, bytes.stream) }),
      probes: [
        async ({ cloud: target }) => {
          const [found] = await Array.fromAsync(target.blockStorage.volumes.list());
          await using open = await imageReader(target).open({ id: found?.id ?? '' }, { run: 'probe' });
          const hash = createHash('sha256');
          for await (const piece of open.content) hash.update(piece);
          restored = hash.digest('hex');
          return { what: 'bytes of the volume', ok: restored === sha256, because: restored };
        },
        async ({ cloud: target }) => {
          const networks = await Array.fromAsync(target.network.networks.list({ name: 'inner' }));
          return { what: 'the network', ok: networks.length > 0, because: `${networks.length} of its name` };
        },
      ],
    });
    expect(report.refusals).toEqual([]);
    expect(report.answers.filter(({ ok }) => !ok)).toEqual([]);
    expect(restored).toBe(sha256);
    expect(report.leftOver).toEqual([]);
    expect(report.proof).toMatchObject({ kind: 'restored', bytes: GIBIBYTE });
    process.stdout.write(`restored and proven in ${Math.round((report.rtoMs ?? 0) / 1000)} s\n`);
  },
);

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, ensurePackages } from '@groundcrew/lab';
import { memoryJournal, run } from '@groundcrew/runbook';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { backupImplementations, planBackup, protect, tenantPointOf } from '../src/backup.ts';
import { drill, verifyPoint } from '../src/prove.ts';
import { openRepository, restic } from '../src/repository.ts';
import { imageReader, imageVolumeWriter } from '../src/volume-bytes.ts';

// A project on the lab's real Nova, Neutron, Cinder and Glance: stored in restic, and restored beside itself.
const GIBIBYTE = 2 ** 30;
const name = `groundcrew-tenant-${process.pid}`;
let admin: Cloud;
let shop: Cloud;
let project = '';
let volume = '';
let sha256 = '';

/** 8 MiB that are not zeros, at the beginning of a volume of zeros. */
const pattern = Buffer.alloc(8 * 2 ** 20);
for (let at = 0; at < pattern.length; at += 4) pattern.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);

beforeAll(async () => {
  await ensurePackages(['restic']);
  const lab = await ensureLab();
  admin = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  ({ id: project } = await admin.identity.projects.create({ name }));
  const token = await admin.token();
  for (const { id } of token?.roles ?? [])
    if (id !== undefined)
      await admin.identity.projectUserRoles.assign({
        project_id: project,
        user_id: token?.user?.id ?? '',
        role_id: id,
      });
  shop = admin.scoped({ project_id: project });
  const hash = createHash('sha256').update(pattern);
  const zeros = Buffer.alloc(2 ** 20);
  for (let left = GIBIBYTE - pattern.length; left > 0; left -= zeros.length) hash.update(zeros);
  sha256 = hash.digest('hex');
  const { id: image } = await shop.image.images.create({
    name,
    disk_format: 'raw',
    container_format: 'bare',
  });
  await shop.image.data.upload({ id: image }, new Uint8Array(pattern));
  ({ id: volume } = await shop.blockStorage.volumes.create({ name: 'data', size: 1, imageRef: image }));
  await shop.blockStorage.volumes.waitFor(volume, 'available');
  await shop.image.images.delete({ id: image });
  const { id: network } = await shop.network.networks.create({ name: 'inner' });
  await shop.network.subnets.create({
    network_id: network,
    ip_version: 4,
    cidr: '10.99.0.0/24',
    name: 'inner',
  });
  const group = await shop.network.securityGroups.create({ name: 'web' });
  await shop.network.securityGroupRules.create({
    security_group_id: group.id,
    direction: 'ingress',
    remote_group_id: group.id,
  });
  return async () => {
    await shop.blockStorage.volumes.delete({ id: volume });
    await shop.blockStorage.volumes.waitGone(volume);
    await shop.network.networks.delete({ id: network });
    await shop.network.securityGroups.delete({ id: group.id });
    await shop.close();
    await admin.identity.projects.delete({ id: project });
    await admin.close();
  };
}, 900_000);

test(
  'stored, read back, and restored into another project: every byte, and every network',
  { timeout: 900_000 },
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tenant-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const engine = restic({ repository: path.join(folder, 'repository'), password: 'of a test' });
    await using repository = await openRepository({ engine, create: true });
    const reader = imageReader(shop);
    const planned = await planBackup(protect({ project, rpo: '4h' }), { cloud: shop, reader });
    if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
    const { outcome } = run(planned.plan, {
      approved: planned.plan.digest,
      implementations: backupImplementations({ cloud: shop, repository, reader }),
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
      volumes: (cloud) => imageVolumeWriter({ cloud, read: (bytes) => repository.read(kept, bytes.stream) }),
      probes: [
        async ({ cloud }) => {
          const [found] = await Array.fromAsync(cloud.blockStorage.volumes.list());
          await using open = await imageReader(cloud).open({ id: found?.id ?? '' }, { run: 'probe' });
          const hash = createHash('sha256');
          for await (const piece of open.content) hash.update(piece);
          restored = hash.digest('hex');
          return { what: 'bytes of the volume', ok: restored === sha256, because: restored };
        },
        async ({ cloud }) => {
          const networks = await Array.fromAsync(cloud.network.networks.list({ name: 'inner' }));
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

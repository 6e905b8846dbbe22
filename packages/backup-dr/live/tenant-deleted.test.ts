import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, ensurePackages } from '@groundcrew/lab';
import { memoryJournal, type Outcome, type Plan, run, type RunOptions } from '@groundcrew/runbook';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { backupImplementations, planBackup, protect, tenantPointOf } from '../src/backup.ts';
import { readPoint, type TenantPoint } from '../src/point.ts';
import { emptyProject } from '../src/prove/empty-project.ts';
import { openRepository, restic } from '../src/repository.ts';
import { planRestore, readTarget, restoreImplementations } from '../src/restore.ts';
import { imageReader, imageVolumeWriter } from '../src/volume-bytes.ts';
import { buildTenant, type TenantSpec } from '../test/recovery/tenant.ts';
import { topologyOf } from '../test/recovery/topology.ts';

// A whole project on the lab's real services: stored, deleted, and back in its place.
const name = `groundcrew-deleted-${process.pid}`;
const GIBIBYTE = 2 ** 30;
let admin: Cloud;
let shop: Cloud;
let project = '';
const contents: string[] = [];

/** Five servers, one of which boots from a volume; eight volumes; two routers; groups that name each other. */
const tenant: TenantSpec = {
  names: ['web', 'db', 'web', 'a/b', 'ünïcödé'],
  networks: [
    { subnets: 1, dhcp: true, tags: ['blue'] },
    { subnets: 1, dhcp: true, tags: [] },
  ],
  routers: [
    { subnets: [0], gateway: true },
    { subnets: [1], gateway: false },
  ],
  groups: [
    { names: [0, 1], ports: [443] },
    { names: [0, 2], ports: [5432] },
    { names: [1], ports: [] },
  ],
  volumes: Array.from({ length: 8 }, (_, at) => ({ size: 1, metadata: { tier: `${at}` } })),
  servers: [
    { networks: [0], groups: [0], volumes: [0], boot: 'volume', key: true, together: true, tags: ['blue'] },
    {
      networks: [0, 1],
      groups: [0, 1],
      volumes: [1, 2],
      boot: 'image',
      key: false,
      together: true,
      tags: [],
    },
    { networks: [1], groups: [1], volumes: [3], boot: 'image', key: false, together: false, tags: [] },
    { networks: [1], groups: [2], volumes: [4], boot: 'image', key: true, together: false, tags: ['green'] },
    { networks: [0], groups: [], volumes: [], boot: 'image', key: false, together: false, tags: [] },
  ],
  spare: 1,
  floating: true,
};

/** Bytes of an image that no other has: two MiB that repeat nothing. */
function pattern(seed: number): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.alloc(2 * 2 ** 20);
  for (let at = 0; at < bytes.length; at += 4)
    bytes.writeUInt32LE(Math.imul(at + seed, 2_654_435_761) >>> 0, at);
  return new Uint8Array(bytes);
}

beforeAll(async () => {
  await ensurePackages(['restic']);
  const lab = await ensureLab();
  admin = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  ({ id: project } = await admin.identity.projects.create({ name }));
  const token = await admin.token();
  const user = token?.user?.id ?? '';
  for (const { id } of token?.roles ?? [])
    if (id !== undefined)
      await admin.identity.projectUserRoles.assign({ project_id: project, user_id: user, role_id: id });
  shop = admin.scoped({ project_id: project });
  // They belong to the cloud, and are there when the project is not.
  for (let seed = 1; seed <= 3; seed += 1) {
    const { id } = await admin.image.images.create({
      name: seed === 1 ? name : `${name}-${seed}`,
      disk_format: 'raw',
      container_format: 'bare',
      visibility: 'public',
    });
    contents.push(id);
    await admin.image.data.upload({ id }, pattern(seed));
  }
  await buildTenant(shop, tenant, { image: name, contents });
  return async () => {
    await emptyProject(shop, project);
    await shop.close();
    await admin.identity.projects.delete({ id: project });
    for (const id of contents) await admin.image.images.delete({ id });
    await admin.close();
  };
}, 1_200_000);

const carriedOut = (plan: Plan, implementations: RunOptions['implementations']): Promise<Outcome> =>
  run(plan, { approved: plan.digest, implementations, journal: memoryJournal() }).outcome;

/** How many there are of each kind. */
const countOf = ({ resources }: TenantPoint): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(resources, ({ kind }) => kind)]
      .map(([kind, all]) => [kind, all.length] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/** The digest of the bytes of a volume of each content, by the number that it has in its metadata. */
async function digests(cloud: Cloud): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const { id, metadata } of await Array.fromAsync(cloud.blockStorage.volumes.list())) {
    // Of a gibibyte each: the writer has compared every one of them with what was stored.
    if (Number(metadata['tier']) >= contents.length) continue;
    const hash = createHash('sha256');
    await using open = await imageReader(cloud).open({ id }, { run: 'digest' });
    for await (const piece of open.content) hash.update(piece);
    found[metadata['tier'] ?? id] = hash.digest('hex');
  }
  return found;
}

test(
  'a project that was deleted comes back: every byte, and how it all hangs together',
  { timeout: 2_400_000 },
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tenant-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const engine = restic({ repository: path.join(folder, 'repository'), password: 'of a test' });
    await using repository = await openRepository({ engine, create: true });
    const reader = imageReader(shop);
    const before = await readPoint(shop, { project });
    expect(before.gaps.filter(({ kind }) => kind !== 'unsupported')).toEqual([]);
    expect(countOf(before)).toMatchObject({ server: 5, volume: 8, router: 2, network: 2 });

    const backup = await planBackup(protect({ project, rpo: '4h' }), { cloud: shop, reader });
    if (!backup.ok) throw new TypeError(backup.refusals[0].reason);
    expect(
      await carriedOut(backup.plan, backupImplementations({ cloud: shop, repository, reader })),
    ).toMatchObject({ status: 'succeeded' });
    const kept = await repository.latest({ kind: 'tenant', 'project-id': project });
    if (kept === undefined) throw new TypeError('there is no point');
    const point = tenantPointOf(kept);
    const stored = Object.fromEntries(
      point.resources
        .filter(({ kind }) => kind === 'volume')
        .map(({ wire, bytes }) => [(wire['metadata'] as { tier?: string }).tier, bytes?.sha256]),
    );
    expect(new Set(Object.values(stored)).size).toBe(3);
    expect(kept.streams.filter(({ size }) => size === GIBIBYTE)).toHaveLength(8);

    expect(await emptyProject(shop, project)).toEqual([]);
    const begun = performance.now();
    const restore = planRestore(point, await readTarget(shop, { project }), { project });
    expect(restore.ok ? [] : restore.refusals).toEqual([]);
    if (!restore.ok) return;
    const volumes = imageVolumeWriter({ cloud: shop, read: (bytes) => repository.read(kept, bytes.stream) });
    expect(await carriedOut(restore.plan, restoreImplementations({ cloud: shop, volumes }))).toMatchObject({
      status: 'succeeded',
    });
    process.stdout.write(
      `8 GiB and 5 servers restored in ${Math.round((performance.now() - begun) / 1000)} s\n`,
    );

    const after = await readPoint(shop, { project });
    expect(topologyOf(after)).toEqual(topologyOf(before));
    expect(countOf(after)).toEqual(countOf(before));
    for await (const { status } of shop.compute.servers.list()) expect(status).toBe('ACTIVE');
    const read = await digests(shop);
    expect(Object.keys(read)).toHaveLength(contents.length);
    expect(stored).toMatchObject(read);
  },
);

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensurePackages } from '@groundcrew/lab';
import { memoryJournal, type Outcome, type Plan, run, type RunOptions } from '@groundcrew/runbook';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { backupImplementations, planBackup, protect, tenantPointOf } from '../src/backup.ts';
import { readPoint, type TenantPoint } from '../src/point.ts';
import { emptyProject } from '../src/prove/empty-project.ts';
import { openRepository, restic } from '../src/repository.ts';
import { planRestore, readTarget, restoreImplementations } from '../src/restore.ts';
import { imageReader, imageVolumeWriter } from '../src/volume-bytes.ts';
import { buildTenant } from '../test/recovery/tenant.ts';
import { topologyOf } from '../test/recovery/topology.ts';
import { labProject, type LabProject, pattern } from './lab-project.ts';
import { labTenant } from './lab-tenant.ts';
import { storedDigests, volumeDigests } from './volume-digests.ts';

// A whole project on the lab's real services: stored, deleted, and back in its place.
const name = `groundcrew-deleted-${process.pid}`;
const GIBIBYTE = 2 ** 30;
/** Images that volumes are filled from: of so many volumes the bytes are compared, of the others the writer has. */
const CONTENTS = 3;
let shop: LabProject;

beforeAll(async () => {
  await ensurePackages(['restic']);
  shop = await labProject(name);
  const contents: string[] = [];
  for (let seed = 1; seed <= CONTENTS; seed += 1)
    contents.push(await shop.publicImage(seed === 1 ? name : `${name}-${seed}`, pattern(seed, 2)));
  await buildTenant(shop.cloud, labTenant, { image: name, contents });
  return () => shop[Symbol.asyncDispose]();
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

test(
  'a project that was deleted comes back: every byte, and how it all hangs together',
  { timeout: 2_400_000 },
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tenant-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const engine = restic({ repository: path.join(folder, 'repository'), password: 'of a test' });
    await using repository = await openRepository({ engine, create: true });
    const { cloud, id: project } = shop;
    const reader = imageReader(cloud);
    const before = await readPoint(cloud, { project });
    expect(before.gaps.filter(({ kind, what }) => kind !== 'unsupported' && what !== 'containers')).toEqual(
      [],
    );
    expect(countOf(before)).toMatchObject({ server: 5, volume: 8, router: 2, network: 2 });

    const backup = await planBackup(protect({ project, rpo: '4h' }), { cloud, reader });
    if (!backup.ok) throw new TypeError(backup.refusals[0].reason);
    expect(await carriedOut(backup.plan, backupImplementations({ cloud, repository, reader }))).toMatchObject(
      { status: 'succeeded' },
    );
    const kept = await repository.latest({ kind: 'tenant', 'project-id': project });
    if (kept === undefined) throw new TypeError('there is no point');
    const point = tenantPointOf(kept);
    const stored = storedDigests(point);
    expect(new Set(Object.values(stored)).size).toBe(CONTENTS);
    expect(kept.streams.filter(({ size }) => size === GIBIBYTE)).toHaveLength(8);

    expect(await emptyProject(cloud, project, { containers: false })).toEqual([]);
    const begun = performance.now();
    const restore = planRestore(point, await readTarget(cloud, { project }), { project });
    expect(restore.ok ? [] : restore.refusals).toEqual([]);
    if (!restore.ok) return;
    const volumes = imageVolumeWriter({ cloud, read: (bytes) => repository.read(kept, bytes.stream) });
    expect(await carriedOut(restore.plan, restoreImplementations({ cloud, volumes }))).toMatchObject({
      status: 'succeeded',
    });
    process.stdout.write(
      `8 GiB and 5 servers restored in ${Math.round((performance.now() - begun) / 1000)} s\n`,
    );

    const after = await readPoint(cloud, { project });
    expect(topologyOf(after)).toEqual(topologyOf(before));
    expect(countOf(after)).toEqual(countOf(before));
    for await (const { status } of cloud.compute.servers.list()) expect(status).toBe('ACTIVE');
    const read = await volumeDigests(cloud, CONTENTS);
    expect(Object.keys(read)).toHaveLength(CONTENTS);
    expect(stored).toMatchObject(read);
  },
);

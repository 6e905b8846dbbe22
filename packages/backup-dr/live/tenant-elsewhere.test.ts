import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensurePackages } from '@groundcrew/lab';
import { memoryJournal, run } from '@groundcrew/runbook';
import { expect, onTestFinished, test } from 'vitest';
import { backupImplementations, planBackup, protect, tenantPointOf } from '../src/backup.ts';
import { readPoint } from '../src/point.ts';
import { openRepository, restic } from '../src/repository.ts';
import { type KeptBytes, planRestore, readTarget, restoreImplementations } from '../src/restore.ts';
import { imageReader, imageVolumeWriter } from '../src/volume-bytes.ts';
import { buildTenant } from '../test/recovery/tenant.ts';
import { topologyOf } from '../test/recovery/topology.ts';
import { labProject, pattern } from './lab-project.ts';
import { labTenant } from './lab-tenant.ts';
import { storedDigests, volumeDigests } from './volume-digests.ts';

// A project of one cloud (Zed) comes back on another one (2025.1), whose types, images and users are its own. Where `LAB_SUITES`
// names the other one, the set-up of the live tests has brought it up.
const isUp = process.env['LAB_SUITES']?.split(',').includes('trixie') === true;
const name = `groundcrew-elsewhere-${process.pid}`;
/** Images that volumes are filled from: of so many volumes the bytes are compared, of the others the writer has. */
const CONTENTS = 2;

test.skipIf(!isUp)(
  'a project of one cloud comes back on another one of another release',
  { timeout: 3_600_000 },
  async () => {
    await ensurePackages(['restic']);
    await using here = await labProject(name);
    const contents = [await here.image(name, pattern(1, 2)), await here.image(`${name}-2`, pattern(2, 2))];
    await buildTenant(here.cloud, labTenant, { image: name, contents });
    const folder = await mkdtemp(path.join(tmpdir(), 'elsewhere-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const engine = restic({ repository: path.join(folder, 'repository'), password: 'of a test' });
    await using repository = await openRepository({ engine, create: true });
    const reader = imageReader(here.cloud);
    const backup = await planBackup(protect({ project: here.id, rpo: '4h' }), { cloud: here.cloud, reader });
    if (!backup.ok) throw new TypeError(backup.refusals[0].reason);
    const stored = run(backup.plan, {
      approved: backup.plan.digest,
      implementations: backupImplementations({ cloud: here.cloud, repository, reader }),
      journal: memoryJournal(),
    });
    expect(await stored.outcome).toMatchObject({ status: 'succeeded' });
    const kept = await repository.latest({ kind: 'tenant', 'project-id': here.id });
    if (kept === undefined) throw new TypeError('there is no point');
    const point = tenantPointOf(kept);

    await using there = await labProject(`${name}-dr`, { suite: 'trixie' });
    const { cloud, id: project } = there;
    const types = new Set(point.external.filter(({ kind }) => kind === 'volume-type').map(({ id }) => id));
    const mapping = {
      project,
      networks: { public: 'public' },
      flavors: 'closest',
      types: Object.fromEntries([...types].map((type) => [type, 'lab-b'])),
      addresses: 'new',
    } as const;
    const begun = performance.now();
    const restore = planRestore(point, await readTarget(cloud, { project }), mapping);
    expect(restore.ok ? [] : restore.refusals).toEqual([]);
    if (!restore.ok) return;
    const read: KeptBytes = (bytes) => repository.read(kept, bytes.stream);
    const restored = run(restore.plan, {
      approved: restore.plan.digest,
      implementations: restoreImplementations({
        cloud,
        volumes: imageVolumeWriter({ cloud, read }),
        read,
      }),
      journal: memoryJournal(),
    });
    expect(await restored.outcome).toMatchObject({ status: 'succeeded' });
    process.stdout.write(`restored elsewhere in ${Math.round((performance.now() - begun) / 1000)} s\n`);

    const after = await readPoint(cloud, { project });
    const typeLess = (line: string): string => line.replace(/ [\da-f]{16}$/, '');
    expect(topologyOf(after).map(typeLess)).toEqual(topologyOf(point).map(typeLess));
    for await (const { status } of cloud.compute.servers.list()) expect(status).toBe('ACTIVE');
    for await (const { volume_type } of cloud.blockStorage.volumes.list()) expect(volume_type).toBe('lab-b');
    const found = await volumeDigests(cloud, CONTENTS);
    expect(Object.keys(found)).toHaveLength(CONTENTS);
    expect(storedDigests(point)).toMatchObject(found);
    // The images of the project have come with it.
    const images = await Array.fromAsync(cloud.image.images.list({ owner: project }));
    expect(images.map((image) => image.name).toSorted()).toEqual([name, `${name}-2`]);
    for (const { id, size } of images) {
      const bytes = Buffer.concat(await Array.fromAsync(cloud.image.data.download({ id })));
      expect([size, bytes.length]).toEqual([2 * 2 ** 20, 2 * 2 ** 20]);
      expect([pattern(1, 2), pattern(2, 2)].some((wanted) => bytes.equals(wanted))).toBe(true);
    }
  },
);

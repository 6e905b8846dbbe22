import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensureLab, ensurePackages } from '@groundcrew/lab';
import { memoryJournal, run } from '@groundcrew/runbook';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { backupImplementations, planBackup, protect, tenantPointOf } from '../src/backup.ts';
import { containerGone } from '../src/objects/container-gone.ts';
import { drill, verifyPoint } from '../src/prove.ts';
import { openRepository, restic } from '../src/repository.ts';
import { planRestore, readTarget, restoreImplementations } from '../src/restore.ts';
import { imageReader } from '../src/volume-bytes.ts';
import { contentsOf } from '../test/recovery/container-site.ts';
import { HOSTILE, hostileBytes } from '../test/recovery/hostile-objects.ts';
import { labProject, type LabProject, pattern } from './lab-project.ts';

// Containers in the lab's real Swift: stored in restic, deleted, restored, drilled, and unpacked by restic and tar alone.
const PASSWORD = 'of a test';
const PARTS = [pattern(1, 2), pattern(2, 1)];
const large = pattern(3, 5);
let shop: LabProject;

const shell = promisify(execFile);
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  await ensurePackages(['restic', 'attr']);
  await ensureLab({ only: 'full' });
  shop = await labProject(`groundcrew-containers-${process.pid}`, { containers: true });
  const { containers, objects, data } = shop.cloud.objectStore;
  await containers.create({
    container: 'site',
    'X-Container-Read': '.r:*,.rlistings',
    metadata: { owner: 'web team', 'quota-bytes': '100000000', 'temp-url-key': 'of a secret kind' },
  });
  for (const object of HOSTILE)
    await data.upload({ container: 'site', object }, hostileBytes(object), {
      contentType: 'text/plain',
      metadata: { colour: 'grün', 'made-by': 'a test' },
    });
  await data.upload({ container: 'site', object: 'large.bin' }, large);
  await data.upload({ container: 'site', object: 'goes' }, new Uint8Array(0));
  await objects.update({
    container: 'site',
    object: 'goes',
    'Content-Disposition': 'attachment; filename="none"',
    'X-Delete-At': Math.floor(Date.now() / 1_000) + 86_400,
    metadata: { why: 'it goes' },
  });
  // A large object in parts, as clients make what is larger than 5 GiB.
  await containers.create({ container: 'parts' });
  for (const [at, part] of PARTS.entries())
    await data.upload({ container: 'parts', object: `big/${at}` }, part);
  await shop.cloud.request('object-store', {
    method: 'PUT',
    path: 'site/big',
    query: { 'multipart-manifest': 'put' },
    body: PARTS.map((part, at) => ({ path: `/parts/big/${at}`, size_bytes: part.length })),
    headers: { accept: '*/*' },
  });
  return () => shop[Symbol.asyncDispose]();
}, 1_800_000);

test(
  'stored, read back, unpacked by restic and tar, deleted, restored, and drilled: every object and what is written on it',
  { timeout: 900_000 },
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'containers-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const place = path.join(folder, 'repository');
    await using repository = await openRepository({
      engine: restic({ repository: place, password: PASSWORD }),
      create: true,
    });
    const { admin, cloud, id: project } = shop;
    const reader = imageReader(cloud);
    const planned = await planBackup(protect({ project, rpo: '4h' }), { cloud, reader });
    if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
    const stored = await run(planned.plan, {
      approved: planned.plan.digest,
      implementations: backupImplementations({ cloud, repository, reader }),
      journal: memoryJournal(),
    }).outcome;
    expect(stored).toMatchObject({ status: 'succeeded' });
    const kept = await repository.latest({ kind: 'tenant', 'project-id': project });
    if (kept === undefined) throw new TypeError('there is no point');
    expect(kept.gaps.filter(({ what }) => /object|container/.test(what))).toEqual([]);
    expect(JSON.stringify(kept)).not.toContain('of a secret kind');
    expect((await verifyPoint(repository, kept)).bad).toEqual([]);
    const point = tenantPointOf(kept);
    const read = (bytes: { readonly stream: string }): AsyncIterable<Uint8Array> =>
      repository.read(kept, bytes.stream);

    // Restic and tar, without us: attributes are those of files.
    const script = path.join(import.meta.dirname, '../../../docs/guides/restore-with-restic.sh');
    const env = { ...process.env, RESTIC_REPOSITORY: place, RESTIC_PASSWORD: PASSWORD };
    await shell('bash', [script, kept.id, folder, 'container%2Fsite'], { env });
    const out = path.join(folder, 'out');
    await shell('mkdir', [out]);
    await shell('tar', [
      '--xattrs',
      '--exclude=a/b',
      '--exclude=xxxx*',
      '-C',
      out,
      '-xf',
      path.join(folder, 'container%2Fsite'),
    ]);
    expect(hashOf(await readFile(path.join(out, 'large.bin')))).toBe(hashOf(large));
    expect(hashOf(await readFile(path.join(out, 'big')))).toBe(hashOf(Buffer.concat(PARTS)));
    const { stdout } = await shell('getfattr', ['--only-values', '-n', 'user.swift.content-type', 'a'], {
      cwd: out,
    });
    expect(stdout).toBe('text/plain');

    const was = await contentsOf(cloud);
    for (const container of ['site', 'parts']) await containerGone(cloud, container);
    const target = await readTarget(cloud, { project });
    const only = ['site', 'parts'].map((name) => ({ kind: 'container', name }) as const);
    const restore = planRestore(point, target, { project, only });
    if (!restore.ok) throw new TypeError(restore.refusals[0].reason);
    const restored = await run(restore.plan, {
      approved: restore.plan.digest,
      implementations: restoreImplementations({ cloud, read }),
      journal: memoryJournal(),
    }).outcome;
    expect(restored).toMatchObject({ status: 'succeeded' });
    const is = await contentsOf(cloud);
    expect(Object.keys(is)).toEqual(['parts', 'site']);
    expect(is['parts']).toEqual(was['parts']);
    // The object in parts is one whole now, with the hash of one; the secret key of URLs was never kept.
    expect(withoutHash(is['site'], 'big')).toEqual(withoutHash(was['site'], 'big'));

    let seen: Record<string, unknown> = {};
    const report = await drill(point, {
      on: admin,
      id: kept.id,
      read,
      probes: [
        async ({ cloud: there }) => {
          seen = await contentsOf(there);
          return {
            what: 'containers',
            ok: Object.keys(seen).length === 2,
            because: Object.keys(seen).join(),
          };
        },
      ],
    });
    expect(report.refusals).toEqual([]);
    expect(report.answers).toContainEqual({ what: 'containers', ok: true, because: 'parts,site' });
    expect(report.leftOver).toEqual([]);
    expect(report.proof).toBeDefined();
  },
);

interface Contents {
  readonly metadata: Readonly<Record<string, string>>;
  readonly objects: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function withoutHash(contents: unknown, object: string): unknown {
  const { metadata, objects, ...rest } = contents as Contents;
  const { 'temp-url-key': _secret, ...open } = metadata;
  return {
    ...rest,
    metadata: open,
    objects: { ...objects, [object]: { ...objects[object], hash: undefined, type: undefined } },
  };
}

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Cloud } from '@groundcrew/core';
import { type Outcome, run } from '@groundcrew/runbook';
import { expect, onTestFinished, test } from 'vitest';
import { planRestore, readTarget, restoreImplementations } from '../../src/restore.ts';
import { readPoint } from '../../src/point.ts';
import { drill, verifyPoint } from '../../src/prove.ts';
import { crashesAt, Life, Records } from '../life.ts';
import { contentsOf, kept, restored } from './container-site.ts';
import { HOSTILE, hostileBytes } from './hostile-objects.ts';
import { plannedInto, refusalsOf } from './restoring.ts';
import { type Site, siteOf } from './site.ts';

const large = new Uint8Array(3 * 1024 * 1024 + 17).map((_, index) => (index * 7919) % 251);

/** A project with two containers, whose objects have names, attributes and sizes of all kinds. */
async function shop(site: Site): Promise<{ readonly id: string; readonly cloud: Cloud }> {
  const { id, cloud } = await site.project('shop');
  const { containers, objects, data } = cloud.objectStore;
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
  await data.upload({ container: 'site', object: 'empty' }, new Uint8Array(0));
  await objects.update({
    container: 'site',
    object: 'empty',
    'Content-Disposition': 'attachment; filename="none"',
    'X-Delete-At': Math.floor(cloud.clock.now() / 1000) + 86_400,
    metadata: { why: 'it goes' },
  });
  await containers.create({ container: 'nothing in it' });
  return { id, cloud };
}

test('on another cloud the containers come back, with every object, its bytes and what is written on it', async () => {
  const { cloud } = await shop(siteOf({ objectStore: true }));
  const { plan: backup, repository, kept: whole, point, read } = await kept(cloud, 'shop');
  expect(backup.steps[0]?.title).toContain('2 containers with 12 objects');
  expect(point.gaps.map(({ what }) => what)).not.toContain('containers and objects');
  expect(whole.gaps.filter(({ what }) => what.includes('object'))).toEqual([]);
  expect((await verifyPoint(repository, whole)).bad).toEqual([]);
  const site = point.resources.find(({ id }) => id === 'site');
  expect(site).toMatchObject({ kind: 'container', withheld: ['metadata.temp-url-key'] });
  expect(JSON.stringify(whole)).not.toContain('of a secret kind');

  const target = await siteOf({ seed: 2, objectStore: true }).project('shop-dr');
  const plan = await plannedInto(target, point);
  expect(plan.warnings.join('\n')).toMatch(
    /site is restored for its project alone[^]*without its metadata\.temp-url-key/,
  );
  expect(JSON.stringify(await restored(plan, target.cloud))).toContain('restore.no-bytes');
  expect(await restored(plan, target.cloud, read)).toMatchObject({ status: 'succeeded' });
  const was = await contentsOf(cloud);
  expect(await contentsOf(target.cloud)).toEqual({
    ...was,
    site: {
      ...(was['site'] as object),
      read: undefined,
      metadata: { owner: 'web team', 'quota-bytes': '100000000' },
    },
  });
  // What was restored is a project as any other: a point of it restores the same once more.
  const again = await kept(target.cloud, 'shop-dr');
  const third = await siteOf({ seed: 3, objectStore: true }).project('third');
  const next = await plannedInto(third, again.point);
  expect(await restored(next, third.cloud, again.read)).toMatchObject({ status: 'succeeded' });
  expect(await contentsOf(third.cloud)).toEqual(await contentsOf(target.cloud));
});

test('in its own project a container has its access lists again; what is there is never filled', async () => {
  const site = siteOf({ objectStore: true });
  const { cloud } = await shop(site);
  const { point, read } = await kept(cloud, 'shop');
  const was = await contentsOf(cloud);
  const own = { cloud, name: 'shop' };
  expect((await refusalsOf(own, point)).map(({ code }) => code)).toContain('name-taken');
  const { containers, objects } = cloud.objectStore;
  for (const object of [...HOSTILE, 'large.bin', 'empty'])
    await objects.delete({ container: 'site', object });
  await containers.delete({ container: 'site' });
  const plan = await plannedInto(own, point, { only: [{ kind: 'container', name: 'site' }] });
  await containers.create({ container: 'site', metadata: { of: 'somebody else' } });
  expect(JSON.stringify(await restored(plan, cloud, read))).toContain('restore.name-taken');
  expect(await contentsOf(cloud)).toMatchObject({ site: { metadata: { of: 'somebody else' }, objects: {} } });
  await containers.delete({ container: 'site' });
  expect(await restored(plan, cloud, read)).toMatchObject({ status: 'succeeded' });
  const { metadata, ...rest } = was['site'] as { readonly metadata: Record<string, string> };
  const { 'temp-url-key': _key, ...open } = metadata;
  expect(await contentsOf(cloud)).toEqual({ ...was, site: { ...rest, metadata: open } });
});

test('tar alone unpacks an archive: every object where its name says, and none outside', async () => {
  const { cloud } = await shop(siteOf({ objectStore: true }));
  const { kept: whole, repository } = await kept(cloud, 'shop');
  const folder = await mkdtemp(path.join(tmpdir(), 'tar-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'site.tar'), repository.read(whole, 'container/site'));
  const tar = promisify(execFile);
  const { stdout } = await tar('tar', ['--quoting-style=literal', '-tf', path.join(folder, 'site.tar')]);
  expect(stdout).toContain('%2E%2E/%2E%2E/etc/passwd');
  // `a` is a file and a folder at once, which no file system has.
  await tar('tar', ['--exclude=./a/*', '--exclude=a/b', '--exclude=xxxx*', '-xf', 'site.tar'], {
    cwd: folder,
  });
  expect(await readFile(path.join(folder, 'large.bin'))).toEqual(Buffer.from(large));
  expect(await readFile(path.join(folder, '%2E%2E/%2E%2E/etc/passwd'), 'utf8')).toBe(
    'bytes of ../../etc/passwd',
  );
  expect(await readFile(path.join(folder, 'folder/%'), 'utf8')).toBe('bytes of folder/');
  expect(await readFile(path.join(folder, '%/root'), 'utf8')).toBe('bytes of /root');
});

test('what cannot be kept is a gap by name, and the rest is kept', async () => {
  const { cloud } = await shop(siteOf({ objectStore: true }));
  const { objects } = cloud.objectStore;
  await objects.update({ container: 'site', object: 'a', 'Content-Encoding': 'gzip', metadata: {} });
  const { kept: whole, point, read } = await kept(cloud, 'shop', { without: ['nothing in it'] });
  expect(whole.completeness).toBe('partial');
  expect(whole.gaps).toEqual(
    expect.arrayContaining([
      {
        what: '1 object (a) of the objects of container site',
        why: 'its bytes are encoded (Content-Encoding), and only come decoded',
      },
      { what: 'objects of container nothing in it', why: 'the policy leaves them out' },
    ]),
  );
  const target = await siteOf({ seed: 2, objectStore: true }).project('shop-dr');
  const plan = await plannedInto(target, point);
  expect(plan.warnings.join('\n')).toContain('container nothing in it is not restored');
  expect(await restored(plan, target.cloud, read)).toMatchObject({ status: 'succeeded' });
  const found = await contentsOf(target.cloud);
  expect(Object.keys(found)).toEqual(['site']);
  expect(Object.keys((found['site'] as { readonly objects: object }).objects)).toHaveLength(11);
});

test('an administrator of another project is told that these containers are not shown', async () => {
  const site = siteOf({ objectStore: true });
  await shop(site);
  const point = await readPoint(site.admin, { project: 'shop' });
  expect(point.gaps).toContainEqual(
    expect.objectContaining({
      what: 'containers',
      kind: 'denied',
      why: expect.stringContaining("of the token's project"),
    }),
  );
});

test('a target without an object store, or a prefix that no container can have, is refused', async () => {
  const { cloud } = await shop(siteOf({ objectStore: true }));
  const { point } = await kept(cloud, 'shop');
  const target = await siteOf({ seed: 2, objectStore: true }).project('shop-dr');
  expect((await refusalsOf(target, point, { names: { prefix: 'a/' } })).map(({ code }) => code)).toEqual([
    'name-not-allowed',
    'name-not-allowed',
  ]);
  const bare = await siteOf({ seed: 2 }).project('shop-dr');
  expect((await refusalsOf(bare, point)).map(({ code }) => code)).toEqual(['service-missing']);
});

test('more bytes than the account may have are refused, with the numbers', async () => {
  const { cloud } = await shop(siteOf({ objectStore: true }));
  const { point } = await kept(cloud, 'shop');
  const there = siteOf({ seed: 2, objectStore: true });
  const target = await there.project('shop-dr');
  const seen = await readTarget(target.cloud, { project: target.name });
  expect(seen.account.completeness).toBe('complete');
  const withQuota = (bytes: number) => ({
    ...seen,
    account: { ...seen.account, value: { ...seen.account.value, metadata: { 'quota-bytes': `${bytes}` } } },
  });
  const bytes = large.length + HOSTILE.reduce((sum, name) => sum + hostileBytes(name).length, 0);
  const mapping = { project: target.name };
  const enough = planRestore(point, withQuota(bytes), mapping);
  expect(enough.ok).toBe(true);
  const refused = planRestore(point, withQuota(bytes - 1), mapping);
  expect(refused.ok ? [] : refused.refusals).toEqual([
    expect.objectContaining({ code: 'quota', reason: expect.stringContaining(`have ${bytes} bytes`) }),
  ]);
});

test('bytes that are others are found, and leave no container', async () => {
  const { cloud } = await shop(siteOf({ objectStore: true }));
  const { point, read } = await kept(cloud, 'shop');
  const target = await siteOf({ seed: 2, objectStore: true }).project('shop-dr');
  const plan = await plannedInto(target, point);
  const outcome = await restored(plan, target.cloud, async function* (of) {
    let isFirst = true;
    for await (const piece of read(of)) {
      const copy = piece.slice();
      // A byte of the first object's content: the archive itself is whole.
      if (isFirst && of.size > 100_000) copy[2048 + 3] = (copy[2048 + 3] ?? 0) ^ 1;
      isFirst = false;
      yield copy;
    }
  });
  expect(outcome.status).toBe('failed');
  expect(JSON.stringify(outcome)).toMatch(/are not the bytes of the point|cannot be read/);
  expect(Object.keys(await contentsOf(target.cloud))).not.toContain('site');
});

test('a drill restores containers into its own project, and takes them away', async () => {
  const site = siteOf({ objectStore: true });
  const { cloud } = await shop(site);
  const { kept: whole, point, read } = await kept(cloud, 'shop');
  let seen: Record<string, unknown> = {};
  const report = await drill(point, {
    on: site.admin,
    id: whole.id,
    read,
    probes: [
      async ({ cloud: restoredIn }) => {
        seen = await contentsOf(restoredIn);
        return { what: 'containers', ok: Object.keys(seen).length === 2, because: 'counted' };
      },
    ],
  });
  expect(report.leftOver).toEqual([]);
  expect(report.proof).toBeDefined();
  expect(seen['site']).toMatchObject({ read: undefined });
});

test('killed behind every act, the next one leaves each container once, and whole', async () => {
  const { cloud } = await shop(siteOf({ objectStore: true }));
  const { point, read } = await kept(cloud, 'shop');
  const was = Object.fromEntries(
    Object.entries(await contentsOf(cloud)).map(([name, { objects }]: [string, any]) => [name, objects]),
  );
  const wrong: unknown[] = [];
  let traces = Infinity;
  for (const crash of [undefined, ...crashesAt(60)]) {
    if (crash !== undefined && crash.after >= traces) break;
    const there = siteOf({ seed: 2, objectStore: true });
    const target = await there.project('shop-dr');
    const plan = await plannedInto(target, point);
    const records = new Records();
    const live = (life: Life): Promise<Outcome> => {
      const client = there.client(target.id, async (input, init) => {
        const request = new Request(input, init);
        const send = (): Promise<Response> => there.simulated.handle(request);
        const changes =
          request.method !== 'GET' && request.method !== 'HEAD' && !request.url.endsWith('/auth/tokens');
        try {
          life.mustLive();
          return await (changes ? life.leave(send) : send());
        } catch (cause) {
          throw new TypeError('fetch failed', { cause });
        }
      });
      return run(plan, {
        approved: plan.digest,
        implementations: restoreImplementations({ cloud: client, read }),
        journal: records.journal(life),
      }).outcome;
    };
    const life = new Life(crash);
    let outcome = await live(life);
    if (crash === undefined) traces = life.traces;
    if (life.isDead) outcome = await live(new Life());
    const found = Object.fromEntries(
      Object.entries(await contentsOf(target.cloud)).map(([name, { objects }]: [string, any]) => [
        name,
        objects,
      ]),
    );
    if (outcome.status !== 'succeeded' || JSON.stringify(found) !== JSON.stringify(was))
      wrong.push({ crash, outcome, found: Object.keys(found) });
  }
  expect(traces).toBeGreaterThan(12);
  expect(wrong).toEqual([]);
}, 240_000);

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensurePackages } from '@groundcrew/lab';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { openRepository } from '../src/repository.ts';
import { bytesOf, wholeOf } from '../test/repository/bytes.ts';
import { copyOf, engineIn, folderOfTest, PASSWORD } from './restic-place.ts';

beforeAll(() => ensurePackages(['restic']), 15 * 60_000);

const locksIn = (place: string): Promise<string[]> => readdir(path.join(place, 'locks'));

/** A `restic backup` of a stream that does not end, by itself: it holds a lock. */
async function holderOf(place: string): Promise<ChildProcess> {
  const child = spawn('restic', ['backup', '--stdin'], {
    env: { ...process.env, RESTIC_REPOSITORY: place, RESTIC_PASSWORD: PASSWORD },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  while ((await locksIn(place)).length === 0) await promisify(setTimeout)(50);
  return child;
}

test('who holds the repository is told; a holder that died is succeeded, and nobody else', async () => {
  const place = path.join(await folderOfTest(), 'r');
  const engine = engineIn(place);
  await engine.create();
  const holder = await holderOf(place);
  await expect(engine.prune()).rejects.toMatchObject({
    code: 'repository-locked',
    lock: { host: hostname(), pid: holder.pid, exclusive: false },
  });
  // Readers and writers are not kept out by it.
  const stored = await engine.put('a', bytesOf(1, 1000));
  expect(await wholeOf(engine.get(stored))).toHaveLength(1000);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(await locksIn(place)).toHaveLength(1);
  await engine.prune();
  expect(await locksIn(place)).toEqual([]);
}, 300_000);

test('a writer that is called off leaves no lock and no stream; one that was killed leaves a lock, which stops nobody', async () => {
  const place = path.join(await folderOfTest(), 'r');
  const engine = engineIn(place);
  await using repo = await openRepository({ engine, create: true });
  const stop = new AbortController();
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (let seed = 1; ; seed += 1) {
      yield* bytesOf(seed, 1_000_000);
      if (seed === 20) stop.abort(new Error('enough'));
    }
  }
  const writing = repo.write({ id: 'p1', signal: stop.signal }, async (writer) => {
    await writer.put('a', endless());
    return { completeness: 'complete' };
  });
  await expect(writing).rejects.toThrow('enough');
  expect(await locksIn(place)).toEqual([]);
  expect((await engine.list()).streams).toEqual([]);

  const killed = repo.write({ id: 'p1' }, async (writer) => {
    async function* stream(): AsyncGenerator<Uint8Array> {
      yield* bytesOf(1, 20_000_000);
      const { stdout } = await promisify(execFile)('pgrep', ['-P', String(process.pid), '-x', 'restic']);
      for (const pid of stdout.trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
      yield* bytesOf(2, 20_000_000);
    }
    await writer.put('a', stream());
    return { completeness: 'complete' };
  });
  await expect(killed).rejects.toMatchObject({ code: 'engine-killed' });
  expect((await repo.points()).points).toEqual([]);
  const again = await repo.write({ id: 'p1' }, async (writer) => {
    await writer.put('a', bytesOf(1, 20_000_000));
    return { completeness: 'complete' };
  });
  expect((await repo.check({ share: 1 })).damages).toEqual([]);
  expect(await wholeOf(repo.read(again, 'a'))).toHaveLength(20_000_000);
}, 300_000);

test('while it runs, the password is on no command line and in no environment that restic or its helpers have', async () => {
  const place = path.join(await folderOfTest(), 'r');
  const engine = engineIn(place);
  await engine.create();
  let seen = '';
  async function* looking(): AsyncGenerator<Uint8Array> {
    yield* bytesOf(1, 3_000_000);
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid,comm,args'], { maxBuffer: 1e8 });
    const [pid = ''] = /^ *(\d+) restic /m.exec(stdout)?.slice(1) ?? [];
    seen = `${stdout}\n${await readFile(`/proc/${pid}/environ`, 'utf8')}`;
    yield* bytesOf(2, 1000);
  }
  await engine.put('a', looking());
  expect(seen).toMatch(/restic backup --json --stdin/);
  expect(seen).toContain(`RESTIC_REPOSITORY=${place}`);
  expect(seen).not.toContain(PASSWORD);
}, 180_000);

test('a wrong password, a place without a repository, and readers that leave no trace', async () => {
  const folder = await folderOfTest();
  const place = path.join(folder, 'r');
  const engine = engineIn(place);
  await expect(openRepository({ engine })).rejects.toMatchObject({ code: 'no-repository' });
  await using repo = await openRepository({ engine, create: true });
  const point = await repo.write({}, async (writer) => {
    await writer.put('a', bytesOf(1, 1000));
    return { completeness: 'complete' };
  });
  await expect(openRepository({ engine: engineIn(place, { password: 'other' }) })).rejects.toMatchObject({
    code: 'wrong-password',
  });
  const copy = await copyOf(place, folder, 'copy');
  await using reader = await openRepository({ engine: engineIn(copy), readOnly: true });
  expect(await wholeOf(reader.read(point, 'a'))).toHaveLength(1000);
  expect((await reader.check({ share: 1 })).points.points).toHaveLength(1);
  expect(await locksIn(copy)).toEqual([]);
}, 300_000);

test('storage without room is told as such, and what was there before is still there', async () => {
  const folder = await folderOfTest();
  const small = path.join(folder, 'small');
  const run = promisify(execFile);
  await run('mkdir', [small]);
  await run('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', small]);
  onTestFinished(() => run('umount', [small]).then(() => undefined));
  const engine = engineIn(path.join(small, 'r'));
  await using repo = await openRepository({ engine, create: true });
  const point = await repo.write({ id: 'p1' }, async (writer) => {
    await writer.put('a', bytesOf(1, 4_000_000));
    return { completeness: 'complete' };
  });
  const full = repo.write({ id: 'p2' }, async (writer) => {
    for (let seed = 2; seed < 20; seed += 1) await writer.put(`b${seed}`, noise(seed, 8_000_000));
    return { completeness: 'complete' };
  });
  await expect(full).rejects.toMatchObject({ code: 'repository-full' });
  const reader = await openRepository({ engine, readOnly: true });
  expect((await reader.points()).points.map(({ id }) => id)).toEqual(['p1']);
  expect(await wholeOf(reader.read(point, 'a'))).toHaveLength(4_000_000);
}, 300_000);

/** Bytes that neither compress nor come twice. */
async function* noise(seed: number, size: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let part = 0; at < size; part += 1)
    for await (const piece of bytesOf(seed * 1_000 + part, 60_000)) {
      yield piece;
      at += piece.length;
    }
}

test('the shell script of the guide brings everything back with restic alone, and tells what is not as it was', async () => {
  const folder = await folderOfTest();
  const place = path.join(folder, 'r');
  const engine = engineIn(place);
  await using repo = await openRepository({ engine, create: true });
  await repo.write({ id: 'p1', labels: { project: 'shop' } }, async (writer) => {
    await writer.put('volume/db', bytesOf(1, 3_000_000), { tags: { server: 'web, 1' } });
    await writer.put('empty', bytesOf(1, 0));
    await writer.put('.', bytesOf(2, 5));
    return { completeness: 'complete' };
  });
  const password = path.join(folder, 'password');
  await writeFile(password, `${PASSWORD}\n`);
  await chmod(password, 0o600);
  const script = new URL('../../../docs/guides/restore-with-restic.sh', import.meta.url).pathname;
  const run = (...given: string[]): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)('bash', [script, ...given], {
      env: {
        PATH: process.env['PATH'],
        RESTIC_REPOSITORY: place,
        RESTIC_PASSWORD_FILE: password,
        RESTIC_CACHE_DIR: path.join(folder, 'cache'),
      },
    });
  expect((await run()).stdout).toMatch(/^p1 \S+ complete 3 streams \{"project": "shop"\}\n$/);
  const into = path.join(folder, 'back');
  await run('p1', into);
  expect((await readdir(into)).toSorted()).toEqual(['%2E', 'empty', 'volume%2Fdb']);
  expect((await readFile(path.join(into, 'volume%2Fdb'))).equals(await wholeOf(bytesOf(1, 3_000_000)))).toBe(
    true,
  );
  expect(await readFile(path.join(into, 'empty'))).toHaveLength(0);
  expect(await readFile(path.join(into, '%2E'))).toHaveLength(5);
  await expect(run('p2', into)).rejects.toMatchObject({ code: 1, stderr: 'no point p2\n' });
  const one = path.join(folder, 'one');
  await run('p1', one, '%2E');
  expect(await readdir(one)).toEqual(['%2E']);
  // The greatest file has the bytes of the volume.
  const packs = await readdir(path.join(place, 'data'), { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    packs
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return { file, bytes: await readFile(file) };
      }),
  );
  const [greatest] = sizes.toSorted((a, b) => b.bytes.length - a.bytes.length);
  const broken = Buffer.from(greatest?.bytes ?? []);
  broken[1_000_000] = (broken[1_000_000] ?? 0) ^ 1;
  await rm(greatest?.file ?? '');
  await writeFile(greatest?.file ?? '', broken);
  const damaged = path.join(folder, 'damaged');
  await expect(run('p1', damaged)).rejects.toMatchObject({ code: 1 });
  expect((await readdir(damaged)).toSorted()).toEqual(['%2E', 'empty', 'volume%2Fdb.damaged']);
  expect((await readFile(script, 'utf8')).split('\n').length).toBeLessThanOrEqual(61);
}, 300_000);

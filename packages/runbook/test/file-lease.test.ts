import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileLease, LeaseHeldError, LeaseLostError } from '../src/index.ts';
import { ManualClock, settled } from './fixtures/manual-clock.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'groundcrew-lease-'));
  path = join(folder, 'lease');
});

afterEach(() => rm(folder, { recursive: true }));

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/** As if its holder had last been heard of so many seconds ago. */
const silence = async (file: string, seconds: number): Promise<void> => {
  const then = new Date((await stat(file)).mtimeMs - seconds * 1000);
  await utimes(file, then, then);
};

/** Says so when the condition holds; the file system has no other way to tell. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let turn = 0; turn < 5000; turn += 1) {
    if (await holds()) return;
    await settled();
  }
  throw new Error('it never came true');
};

test('the token rises with every holder, and a lease that was given back is free', async () => {
  for (const token of [1, 2, 3]) {
    const held = await fileLease(path).acquire({ holder: 'me' });
    expect(held).toMatchObject({ holder: 'me', token });
    expect(held.lost.aborted).toBe(false);
    await held.check();
    await held.release();
    await held.release();
  }
  expect(await readdir(folder)).toEqual(['lease.3']);
});

test('nobody takes it from a holder that is alive, however silent', async () => {
  const held = await fileLease(path).acquire({ holder: 'controller-1' });
  await silence(`${path}.1`, 1e6);
  expect(await errorOf(fileLease(path).acquire({ holder: 'controller-2' }))).toMatchObject({
    code: 'lease-held',
    holder: 'controller-1',
    message: expect.stringContaining(`its process ${process.pid} is alive`) as string,
    remedy: expect.stringContaining(String(process.pid)) as string,
  });
  await held.check();
  await held.release();
});

test('a holder that was killed is succeeded at once, and one that was stopped is not', async () => {
  const program = `
    import { fileLease } from ${JSON.stringify(new URL('../src/lease/file-lease.ts', import.meta.url).href)};
    await fileLease(process.argv[1]).acquire({ holder: 'child' });
    console.log('held');
    setInterval(() => {}, 1e6);`;
  const child = spawn(
    process.execPath,
    ['--conditions=@groundcrew/source', '--input-type=module', '-e', program, path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    await once(child.stdout, 'data');
    child.kill('SIGSTOP');
    expect(await errorOf(fileLease(path).acquire({ holder: 'me' }))).toMatchObject({ holder: 'child' });
  } finally {
    child.kill('SIGKILL');
  }
  await once(child, 'exit');
  const held = await fileLease(path).acquire({ holder: 'me' });
  expect(held.token).toBe(2);
  await held.release();
});

test('a killed holder that nobody reaps, as in a container without an init, is dead', async () => {
  const program = `
    import { fileLease } from ${JSON.stringify(new URL('../src/lease/file-lease.ts', import.meta.url).href)};
    await fileLease(process.argv[1]).acquire({ holder: 'child' });
    console.log(process.pid);
    setInterval(() => {}, 1e6);`;
  // The shell becomes a program that never asks for its children.
  const orphaning = [
    '-c',
    '"$@" & exec sleep 1000',
    'sh',
    process.execPath,
    '--conditions=@groundcrew/source',
    '--input-type=module',
    '-e',
    program,
    path,
  ];
  const parent = spawn('sh', orphaning, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    process.kill(pid, 'SIGKILL');
    await until(async () => / Z /.test(await readFile(`/proc/${pid}/stat`, 'utf8')));
    const held = await fileLease(path).acquire({ holder: 'me' });
    expect(held.token).toBe(2);
    await held.release();
  } finally {
    parent.kill('SIGKILL');
  }
});

test('a pid that somebody else has now does not keep a dead holder alive', async () => {
  const held = await fileLease(path).acquire({ holder: 'me' });
  await held.release();
  const claim = { boot: '', namespace: '', started: '1', holder: 'the dead', pid: process.pid };
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const { readlink } = await import('node:fs/promises');
  await writeFile(
    `${path}.1`,
    JSON.stringify({ ...claim, boot, namespace: await readlink('/proc/self/ns/pid') }),
  );
  const next = await fileLease(path).acquire({ holder: 'me' });
  expect(next.token).toBe(2);
  await next.release();
});

test.each([
  [
    'on another machine',
    JSON.stringify({ holder: 'far', pid: 1, boot: 'other', namespace: 'other', started: '1' }),
  ],
  ['of which nothing is known', '{"holder":'],
])(
  'a holder %s is respected while it gives signs of life, and succeeded when it does not',
  async (_, claim) => {
    await writeFile(`${path}.7`, claim);
    await silence(`${path}.7`, 50);
    const error = await errorOf(fileLease(path).acquire({ holder: 'me' }));
    expect(error).toBeInstanceOf(LeaseHeldError);
    expect((error as LeaseHeldError).message).toMatch(/sign of life 5\d s ago/);
    await silence(`${path}.7`, 15);
    const held = await fileLease(path).acquire({ holder: 'me' });
    expect(held.token).toBe(8);
    await held.release();
  },
);

test('of many that come after a dead one, one gets it', async () => {
  await writeFile(`${path}.7`, JSON.stringify({ holder: 'far', pid: 1 }));
  await silence(`${path}.7`, 100);
  const attempts = await Promise.allSettled(
    Array.from({ length: 30 }, (_, at) => fileLease(path).acquire({ holder: `h${at}` })),
  );
  const won = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  expect(won.map(({ token }) => token)).toEqual([8]);
  const refused = attempts.filter((attempt) => attempt.status === 'rejected');
  for (const { reason } of refused) expect(reason).toBeInstanceOf(LeaseHeldError);
  await won[0]?.release();
  expect(await readdir(folder)).toEqual(['lease.8']);
});

test('in a crowd there is never more than one holder, and tokens only rise', async () => {
  const tokens: number[] = [];
  let [holding, most] = [0, 0];
  const crowding = async (holder: string): Promise<void> => {
    while (tokens.length < 60) {
      const held = await fileLease(path)
        .acquire({ holder })
        .catch((error: unknown) => {
          if (error instanceof LeaseHeldError) return undefined;
          throw error;
        });
      if (held === undefined) continue;
      most = Math.max(most, ++holding);
      tokens.push(held.token);
      await held.check();
      await settled();
      await held.check();
      holding -= 1;
      await held.release();
    }
  };
  await Promise.all(Array.from({ length: 6 }, (_, at) => crowding(`h${at}`)));
  expect(most).toBe(1);
  expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
  expect(new Set(tokens).size).toBe(tokens.length);
}, 60_000);

test('a holder gives signs of life six times before it expires, and notices when it has been succeeded', async () => {
  const clock = new ManualClock();
  const held = await fileLease(path, { clock, expiry: '60s' }).acquire({ holder: 'me' });
  await silence(`${path}.1`, 1000);
  const before = (await stat(`${path}.1`)).mtimeMs;
  await clock.advance(10);
  await until(async () => (await stat(`${path}.1`)).mtimeMs > before);
  await until(async () => clock.sleeping === 1);
  await writeFile(`${path}.2`, JSON.stringify({ holder: 'heir', pid: 1 }));
  expect(held.lost.aborted).toBe(false);
  await clock.advance(10);
  await until(async () => held.lost.aborted);
  expect(held.lost.reason).toBeInstanceOf(LeaseLostError);
  expect((held.lost.reason as Error).message).toMatch(/me has lost .*lease: somebody else has taken it/);
  await expect(held.check()).rejects.toBeInstanceOf(LeaseLostError);
  await held.release();
  expect(await readFile(`${path}.2`, 'utf8')).toMatch(/heir/);
  expect(clock.sleeping).toBe(0);
});

test('a holder that can give no sign of life gives up before the lease expires', async () => {
  const clock = new ManualClock();
  const inner = join(folder, 'inner');
  await (await import('node:fs/promises')).mkdir(inner);
  const held = await fileLease(join(inner, 'lease'), { clock, expiry: '60s' }).acquire({ holder: 'me' });
  // A folder whose name has become that of a file answers neither yes nor no, but ENOTDIR.
  await rm(inner, { recursive: true });
  await writeFile(inner, '');
  let passed = 0;
  while (!held.lost.aborted && passed < 120) {
    await until(async () => clock.sleeping === 1 || held.lost.aborted);
    await clock.advance(10);
    passed += 10;
    await until(async () => clock.sleeping === 1 || held.lost.aborted);
  }
  expect(held.lost.aborted).toBe(true);
  expect(passed).toBeLessThan(60);
  await held.release();
});

test('who gives up waiting, and who has nowhere to put it, is told', async () => {
  expect(
    await errorOf(fileLease(path).acquire({ holder: 'me', signal: AbortSignal.abort(new Error('enough')) })),
  ).toEqual(new Error('enough'));
  expect(await errorOf(fileLease(join(folder, 'none', 'lease')).acquire({ holder: 'me' }))).toMatchObject({
    code: 'journal',
    message: expect.stringContaining('ENOENT') as string,
  });
  expect(await readdir(folder)).toEqual([]);
});

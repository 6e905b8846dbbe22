import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Secret } from '@groundcrew/ground';
import { expect, onTestFinished, test } from 'vitest';
import { type Engine, restic, type ResticOptions } from '../../../src/repository.ts';
import { isAtLeast, versionIn } from '../../../src/repository/restic/run-restic.ts';
import { bytesOf, wholeOf } from '../bytes.ts';

/** A program in restic's place, which says what it was given, and then what the test wants it to say. */
async function standIn(
  script: string,
  options: Partial<ResticOptions> = {},
): Promise<{ readonly engine: Engine; readonly seen: (name: string) => Promise<string> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stand-in-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const program = path.join(folder, 'restic');
  const record = `tr '\\0' '\\n' </proc/$$/cmdline >'${folder}/arguments'
env >'${folder}/environment'
tr '\\0' '\\n' </proc/$$/environ >'${folder}/environ'
cat /dev/fd/3 >'${folder}/password'
`;
  await writeFile(program, `#!/bin/sh\n${record}${script}\n`);
  await chmod(program, 0o755);
  const engine = restic({ repository: '/srv/r', password: 'pa55 $word`x` \\ "y"', program, ...options });
  return { engine, seen: (name) => readFile(path.join(folder, name), 'utf8') };
}

test('the password comes through a pipe: it is no argument and no variable, whatever is in it', async () => {
  process.env['RESTIC_PASSWORD'] = 'of the caller';
  process.env['RESTIC_PASSWORD_COMMAND'] = 'of the caller';
  onTestFinished(() => {
    delete process.env['RESTIC_PASSWORD'];
    delete process.env['RESTIC_PASSWORD_COMMAND'];
  });
  const { engine, seen } = await standIn('echo restic 0.14.0 compiled with go1.19.8 on linux/amd64', {
    repository: 'rest:https://user:s3cr3t%20x@backup.example.org/',
    env: { OS_PASSWORD: 'cloudy pass', TMPDIR: '/tmp' },
  });
  expect(await engine.capabilities()).toEqual({ version: '0.14.0', seeks: false });
  expect(await seen('password')).toBe('pa55 $word`x` \\ "y"\n');
  expect(await seen('arguments')).toMatch(/\nversion\n--password-file\n\/dev\/fd\/3\n$/);
  const [given, variables, inherited] = [
    await seen('arguments'),
    await seen('environment'),
    await seen('environ'),
  ];
  for (const text of [given, variables, inherited]) {
    expect(text).not.toContain('pa55');
    expect(text).not.toContain('of the caller');
  }
  expect(given).not.toMatch(/s3cr3t|cloudy/);
  expect(variables).toContain('RESTIC_REPOSITORY=rest:https://user:s3cr3t%20x@backup.example.org/');
  expect(variables).toContain('OS_PASSWORD=cloudy pass');
});

test('nothing that is secret shows in an error', async () => {
  const { engine } = await standIn(
    'echo "Fatal: unable to open config file: dial $RESTIC_REPOSITORY as $OS_PASSWORD with $(cat "${0%/*}/password") s3cr3t x" >&2; exit 1',
    {
      repository: 'rest:https://user:s3cr3t%20x@backup.example.org/',
      password: new Secret('pa55word'),
      env: { OS_PASSWORD: 'cloudy pass' },
    },
  );
  const error = await engine.list().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'repository-unreachable' });
  const shown = `${String(error)} ${JSON.stringify(error)} ${(error as Error).stack}`;
  expect(shown).not.toMatch(/pa55|cloudy|s3cr3t/);
  expect(shown).toContain('backup.example.org');
});

test('a stream that was stored in part is an error, as is one of which nothing is told', async () => {
  const summary = (bytes: number): string =>
    `echo '{"message_type":"summary","snapshot_id":"${'a'.repeat(64)}","total_bytes_processed":${bytes}}'`;
  const { engine, seen } = await standIn(`cat >/dev/null; ${summary(999)}`);
  await expect(engine.put('a/b', bytesOf(1, 1000), { tags: { kind: 'x,y' } })).rejects.toMatchObject({
    code: 'stream-cut',
  });
  expect(await seen('arguments')).toContain('\n--stdin-filename\na%2Fb\n');
  expect(await seen('arguments')).toContain('\n--tag\nkind=x%2Cy\n');
  const silent = await standIn('cat >/dev/null');
  await expect(silent.engine.put('a', bytesOf(1, 1000))).rejects.toMatchObject({ code: 'engine-failed' });
  const whole = await standIn(`cat >/dev/null; ${summary(1000)}`);
  expect(await whole.engine.put('a', bytesOf(1, 1000))).toMatchObject({ id: 'a'.repeat(64), size: 1000 });
});

test('content that cannot be read starts nothing', async () => {
  const { engine, seen } = await standIn('exit 0');
  async function* unreadable(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array();
    throw new Error('no such volume');
  }
  await expect(engine.put('a', unreadable())).rejects.toThrow('no such volume');
  await expect(seen('arguments')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('output that ends in an error is no stream, also where all of it had come', async () => {
  const { engine } = await standIn(
    'printf abc; echo "cannot dump file: decrypting blob 1a2b failed: ciphertext verification failed" >&2; exit 2',
  );
  await expect(wholeOf(engine.get({ id: 'x', name: 'a' }))).rejects.toMatchObject({
    code: 'repository-damaged',
  });
});

test('a program that is not there, is not restic, or is too old', async () => {
  const nowhere = restic({ repository: '/srv/r', password: 'x', program: '/nonexistent/restic' });
  await expect(nowhere.capabilities()).rejects.toMatchObject({ code: 'engine-missing' });
  const other = await standIn('echo borg 1.2.4');
  await expect(other.engine.capabilities()).rejects.toMatchObject({ code: 'engine-missing' });
  const old = await standIn('echo restic 0.9.4 compiled with go1.12');
  await expect(old.engine.capabilities()).rejects.toMatchObject({ code: 'engine-too-old' });
});

test('one that somebody else ends was killed, and says so', async () => {
  const { engine } = await standIn('kill -9 $$');
  await expect(engine.list()).rejects.toMatchObject({ code: 'engine-killed' });
});

test('it is ended by an interrupt, at which it can take its locks with it', async () => {
  const stop = new AbortController();
  const { engine, seen } = await standIn(
    `trap 'echo interrupted >"$0.end"; exit 130' INT; printf begun; while :; do sleep 0.1; done`,
  );
  const reading = (async () => {
    for await (const piece of engine.get({ id: 'x', name: 'a' }, { signal: stop.signal }))
      if (piece.length > 0) stop.abort(new Error('enough'));
  })();
  await expect(reading).rejects.toThrow('enough');
  expect(await seen('restic.end')).toBe('interrupted\n');
});

test.each([
  [{ password: '' }, 'password'],
  [{ password: ' x' }, 'password'],
  [{ password: 'x\ny' }, 'password'],
  [{ password: new Secret('x\n') }, 'password'],
  [{ repository: '' }, 'repository'],
  [{ on: {} }, 'on'],
  [{ misspelt: 1 }, 'misspelt'],
])('restic would change it, or there is no such option: %j', (given, field) => {
  expect(() => restic({ repository: '/srv/r', password: 'x', ...given } as never)).toThrow(
    expect.objectContaining({ code: 'input', field }),
  );
});

test('versions', () => {
  expect(versionIn('restic 0.14.0 compiled with go1.19.8 on linux/amd64\n')).toBe('0.14.0');
  expect(versionIn('debug enabled\nrestic 0.19.1-dev (compiled manually) compiled with go1.26')).toBe(
    '0.19.1',
  );
  expect(versionIn('rustic 0.9.5')).toBeUndefined();
  expect(['0.13.1', '0.14.0', '0.18.1', '1.0.0'].map((version) => isAtLeast(version, [0, 14]))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

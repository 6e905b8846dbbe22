import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { localHost, type OutputLine } from '../../src/hosts.ts';
import { posixQuote } from '../../src/hosts/posix-quote.ts';

const here = localHost();
const secret = { reveal: () => 'pa55 word' };

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'host-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

test('a program with its arguments, and what it said', async () => {
  const result = await here.run(['printf', '%s|', 'a b', '$HOME', "it's", '']);
  expect(result).toMatchObject({
    host: 'localhost',
    exitCode: 0,
    stdout: "a b|$HOME|it's||",
    stderr: '',
    dropped: 0,
  });
});

test('an exit code that was not expected names the last line', async () => {
  await expect(here.run(['sh', '-c', 'echo one >&2; echo two >&2; exit 7'])).rejects.toMatchObject({
    code: 'command-failed',
    exitCode: 7,
    message: expect.stringContaining('exit code 7: two'),
  });
  expect(await here.run(['sh', '-c', 'exit 7'], { expect: [7] })).toMatchObject({ exitCode: 7 });
  expect(await here.run(['false'], { expect: 'any' })).toMatchObject({ exitCode: 1 });
});

test('a program that is not there', async () => {
  await expect(here.run(['no-such-program'])).rejects.toMatchObject({ code: 'program-not-found' });
});

test('secrets come by the environment, and show nowhere', async () => {
  const lines: OutputLine[] = [];
  const run = here.run(['sh', '-c', 'echo "$TOKEN"; tr "\\0" " " </proc/$$/cmdline >&2; cat; exit 3'], {
    env: { TOKEN: secret, PLAIN: 'seen' },
    stdin: 'and the rest',
    onLine: (line) => lines.push(line),
  });
  const error = await run.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ exitCode: 3, stdout: '***\nand the rest' });
  expect(JSON.stringify([error, lines])).not.toContain('pa55');
  expect(lines[0]).toEqual({ stream: 'stdout', text: '***' });
});

test('what cannot be carried is refused before anything runs', async () => {
  const refused = (options: Parameters<typeof here.run>[1]): Promise<unknown> =>
    here.run(['true'], options).catch((error: unknown) => error);
  expect(await refused({ env: { 'A B': '1' } })).toMatchObject({ field: 'env.A B' });
  expect(await refused({ env: { A: 'two\nlines' } })).toMatchObject({ field: 'env.A' });
  expect(await refused({ timeout: 0 })).toMatchObject({ field: 'timeout' });
  await expect(here.run(['echo', 'nul\0l'])).rejects.toMatchObject({ field: 'command' });
});

test('the time limit ends the command and its children', async () => {
  const run = here.run(['sh', '-c', 'sleep 300 & echo $!; wait'], {
    timeout: '0.3s',
    onLine: ({ text }) => (child = text),
  });
  let child = '';
  await expect(run).rejects.toMatchObject({ code: 'command-timeout', timeoutMs: 300 });
  await expect(stateOf(child)).resolves.toMatch(/^(gone|Z)$/);
});

test('a signal ends it with its own reason', async () => {
  const stop = new AbortController();
  const run = here.run(['sh', '-c', 'echo begun; sleep 300'], {
    signal: stop.signal,
    onLine: () => stop.abort(new Error('enough')),
  });
  await expect(run).rejects.toThrow('enough');
});

test('of a long output the end is kept, and the rest counted', async () => {
  const { stdout, dropped } = await here.run(['seq', '1', '300000'], { keep: 1000 });
  expect(stdout).toHaveLength(1000);
  expect(stdout.endsWith('299999\n300000\n')).toBe(true);
  expect(dropped).toBe(1_988_895 - 1000);
});

test('a folder, and a prefix', async () => {
  const where = await folder();
  expect((await here.run(['pwd'], { cwd: where })).stdout).toBe(`${where}\n`);
  const prefixed = localHost({ name: 'inside', prefix: ['env', 'INSIDE=yes'] });
  expect(await prefixed.run(['sh', '-c', 'echo $INSIDE'])).toMatchObject({ host: 'inside', stdout: 'yes\n' });
});

test('a file is written as a whole, with its mode, or not at all', async () => {
  const where = await folder();
  const file = path.join(where, "with a 'name'");
  const bytes = new Uint8Array([0, 255, 10, 13, 0, 128]);
  await here.upload(bytes, file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await here.download(file)).toEqual(bytes);
  await here.upload('new', file, { mode: 0o644 });
  expect((await stat(file)).mode & 0o777).toBe(0o644);
  await expect(here.upload('x', file, { owner: 'nobody-of-that-name' })).rejects.toMatchObject({
    code: 'command-failed',
  });
  expect(await readFile(file, 'utf8')).toBe('new');
  expect(await readdir(where)).toEqual(["with a 'name'"]);
});

test('a file that is not there', async () => {
  await expect(here.download(path.join(await folder(), 'none'))).rejects.toMatchObject({
    code: 'file-not-found',
  });
});

test('a file of some size comes back the same', async () => {
  const file = path.join(await folder(), 'big');
  await writeFile(file, Buffer.alloc(3_000_000, 'abc'));
  expect(Buffer.from(await here.download(file)).equals(await readFile(file))).toBe(true);
});

test('whatever a word holds, the shell gives it back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ unit: 'binary' }).map((word) => word.replaceAll('\0', '')),
        { minLength: 1, maxLength: 8 },
      ),
      async (words) => {
        const script = ['printf', '%s\\0', ...words].map(posixQuote).join(' ');
        const { stdout } = await here.run(['sh', '-c', script]);
        const bytes = words.map((word) => Buffer.from(word, 'utf8').toString('utf8'));
        expect(stdout).toBe(bytes.map((word) => `${word}\0`).join(''));
      },
    ),
    { numRuns: 30 },
  );
});

/** The state of a process, as the kernel tells it; a zombie process has ended. */
const stateOf = async (pid: string): Promise<string> =>
  /\) (\w+)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') gone'))?.[1] ?? 'gone';

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { localHost } from '../../src/hosts.ts';
import { cutOf, redactor, secretWords } from '../../src/hosts/redact.ts';
import { WITH_ENV, WRITE } from '../../src/hosts/scripts.ts';

const here = localHost();

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'host-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

test('a daemon that keeps the output open is not waited for', async () => {
  const run = here.run(['sh', '-c', 'setsid sleep 60 & echo $!']);
  const { stdout, exitCode } = await run;
  process.kill(Number(stdout), 'SIGKILL');
  expect(exitCode).toBe(0);
});

test('nor is it at the time limit', async () => {
  let daemon = '';
  const run = here.run(['sh', '-c', 'setsid sleep 60 & echo $!; sleep 60'], {
    timeout: '0.2s',
    onLine: ({ text }) => (daemon = text),
  });
  await expect(run).rejects.toMatchObject({ code: 'command-timeout' });
  process.kill(Number(daemon), 'SIGKILL');
});

test('output is whole, however busy this process was when the command ended', async () => {
  const run = here.run(['seq', '1', '200000']);
  setImmediate(() => {
    for (const until = Date.now() + 1_500; Date.now() < until;);
  });
  expect((await run).stdout.endsWith('\n200000\n')).toBe(true);
});

test.each([Infinity, 3e9, -1, Number.NaN])('a time limit of %d is none', async (timeout) => {
  await expect(here.run(['true'], { timeout })).rejects.toMatchObject({
    code: 'command-input',
    field: 'timeout',
  });
});

test('a command longer than a command line may be', async () => {
  await expect(here.run(['true', 'x'.repeat(200_000)])).rejects.toMatchObject({ code: 'command-input' });
});

test('what a listener throws ends the command, and is thrown', async () => {
  const run = here.run(['sh', '-c', 'echo one; sleep 60'], {
    onLine: () => {
      throw new Error('not so');
    },
  });
  await expect(run).rejects.toThrow('not so');
});

test('a folder is not written over, nor into', async () => {
  const where = await folder();
  await mkdir(path.join(where, 'd'));
  await expect(here.upload('x', path.join(where, 'd'))).rejects.toMatchObject({
    message: expect.stringContaining('is a directory'),
  });
  expect(await readdir(path.join(where, 'd'))).toEqual([]);
});

test('a file whose content stops coming leaves the old one, and nothing beside it', async () => {
  const where = await folder();
  const file = path.join(where, 'conf');
  await writeFile(file, 'old');
  const child = spawn('sh', ['-c', WRITE, 'sh', file, '600', '', '10']);
  child.stdin.end('too few');
  expect(await endOf(child)).toBe(1);
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(where)).toEqual(['conf']);
});

test('a writer that is ended leaves nothing beside the file', async () => {
  const where = await folder();
  const child = spawn('sh', ['-c', WRITE, 'sh', path.join(where, 'conf'), '600', '', '10'], {
    detached: true,
  });
  child.stdin.write('some');
  const written = async (): Promise<boolean> => {
    const [name] = await readdir(where);
    return name !== undefined && (await readFile(path.join(where, name), 'utf8')) === 'some';
  };
  while (!(await written())) await new Promise(setImmediate);
  process.kill(-(child.pid ?? 0), 'SIGTERM');
  await endOf(child);
  expect(await readdir(where)).toEqual([]);
});

test.each(['', 'A=1\n', 'A=1\nB='])(
  'an environment that stops coming after %j starts nothing',
  async (some) => {
    const child = spawn('sh', ['-c', WITH_ENV, 'sh', 'echo', 'started']);
    let printed = '';
    child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()));
    child.stdin.end(some);
    expect(await endOf(child)).toBe(1);
    expect(printed).toBe('');
  },
);

test('a download is the whole file, whatever else is asked for', async () => {
  const file = path.join(await folder(), 'big');
  await writeFile(file, Buffer.alloc(2_000_000, 'a'));
  const asked = { keep: 10, timeout: '60s' } as const;
  expect(await here.download(file, asked)).toHaveLength(2_000_000);
});

test('a secret is not cut in two by what is kept of the output', async () => {
  const env = { TOKEN: { reveal: () => 'supersecret' } };
  for (const keep of [3, 7, 11, 12, 13]) {
    const { stdout } = await here.run(['sh', '-c', 'echo "$TOKEN"'], { env, keep });
    expect(stdout === '\n' || stdout === '***\n').toBe(true);
  }
});

test('each line of a secret of several is hidden', async () => {
  const key = '-----BEGIN KEY-----\nMC4CAQAwBQYDK2Vw\n-----END KEY-----';
  const lines: string[] = [];
  await here.run(['cat'], { stdin: key, redact: [key], onLine: ({ text }) => lines.push(text) });
  expect(lines).toEqual(['***', '***', '***']);
});

test('a secret is hidden in the encoding that a program prints it in', async () => {
  const word = 'pa55 "word" +1';
  const printed = [
    JSON.stringify(word),
    encodeURIComponent(word),
    Buffer.from(`u:${word}`).toString('base64'),
  ];
  const lines: string[] = [];
  const { stdout } = await here.run(['cat'], {
    stdin: printed.join('\n'),
    redact: [word],
    onLine: ({ text }) => lines.push(text),
  });
  expect(lines).toEqual(['"***"', '***', '***']);
  expect(stdout).toBe(lines.join('\n'));
});

test('wherever output is cut, no end of a secret is left', () => {
  const word = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 3 }),
      fc.array(fc.oneof(word, fc.constantFrom('x', 'y z')), { maxLength: 12 }),
      fc.nat(40),
      (secrets, parts, keep) => {
        const words = secretWords(secrets);
        const whole = Buffer.from(parts.join(''));
        const cut = cutOf(whole, keep, words);
        expect(whole.length - cut).toBeLessThanOrEqual(keep);
        // No secret of the whole text reaches over the cut.
        for (const secret of words)
          for (let at = whole.indexOf(secret); at !== -1; at = whole.indexOf(secret, at + 1))
            expect(at < cut && at + secret.length > cut).toBe(false);
        const shown = redactor(words)(whole.subarray(cut).toString());
        for (const secret of words) expect(shown).not.toContain(secret);
      },
    ),
  );
});

const endOf = async (child: ChildProcess): Promise<unknown> => ((await once(child, 'close')) as unknown[])[0];

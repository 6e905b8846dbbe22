import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, type Sshd, startSshd } from '@groundcrew/lab';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Host, sshHost } from '../src/hosts.ts';

let sshd: Sshd;
let host: Host;
let folder = '';
beforeAll(async () => {
  sshd = await startSshd();
  const { port, user, identityFile, knownHostsFile } = sshd;
  // None of the tester's own configuration.
  host = sshHost({
    host: '127.0.0.1',
    name: 'far',
    port,
    user,
    identityFile,
    knownHostsFile,
    configFile: 'none',
  });
  folder = await mkdtemp(path.join(tmpdir(), 'ssh-'));
});
afterAll(async () => {
  await sshd[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test('a command, its output, its exit code', async () => {
  expect(await host.run(['sh', '-c', 'echo out; echo err >&2'])).toMatchObject({
    host: 'far',
    stdout: 'out\n',
    stderr: 'err\n',
  });
  await expect(host.run(['sh', '-c', 'echo no >&2; exit 255'])).rejects.toMatchObject({
    code: 'command-failed',
    exitCode: 255,
    stderr: 'no\n',
  });
  expect(await host.run(['sh', '-c', 'exit 124'], { expect: [124] })).toMatchObject({ exitCode: 124 });
});

test('whatever an argument holds, it arrives', async () => {
  const word = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), async (words) => {
      const { stdout } = await host.run(['printf', '%s\\0', ...words]);
      expect(stdout).toBe(words.map((entry) => `${Buffer.from(entry, 'utf8').toString('utf8')}\0`).join(''));
    }),
    { numRuns: 12 },
  );
});

test('secrets of the environment are on no command line over there', async () => {
  // Only what the shell has built in, so that the search itself puts it on no command line.
  const script =
    'all=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "); case "$all" in *"$NEEDLE"*) echo shown;; *) echo "hidden ${#NEEDLE}";; esac';
  const { stdout } = await host.run(['sh', '-c', script], {
    env: { NEEDLE: { reveal: () => 'in the haystack' } },
  });
  expect(stdout).toBe('hidden 15\n');
});

test('the time limit holds over there', async () => {
  const run = host.run(['sh', '-c', 'echo $$; exec sleep 300'], {
    timeout: '1s',
    onLine: ({ text }) => (pid ||= text),
  });
  let pid = '';
  await expect(run).rejects.toMatchObject({ code: 'command-timeout' });
  await expect(stateOf(pid)).resolves.toMatch(/^(gone|Z)$/);
});

test('when the connection breaks, its end is unknown, and said so', async () => {
  const run = host.run(['sh', '-c', 'echo begun; kill -9 $(ps -o ppid= $(ps -o ppid= $PPID)); sleep 20'], {
    timeout: '20s',
  });
  await expect(run).rejects.toMatchObject({ code: 'host-unreachable', mayHaveRun: true });
});

test('nobody there; a key that is not let in; a host that is not known', async () => {
  const { port, user, identityFile, knownHostsFile } = sshd;
  const [free = 0] = await freePorts(1);
  const base = { host: '127.0.0.1', port, user, identityFile, knownHostsFile, configFile: 'none' };
  const refused = (options: Partial<typeof base>): Promise<unknown> =>
    sshHost({ ...base, ...options })
      .run(['true'])
      .catch((error: unknown) => error);
  const strange = path.join(folder, 'strange');
  await writeFile(strange, '');
  for (const options of [{ port: free }, { identityFile: '/dev/null' }, { knownHostsFile: strange }])
    expect(await refused(options)).toMatchObject({ code: 'host-unreachable', mayHaveRun: false });
});

test('files there and back', async () => {
  const file = path.join(folder, 'a file');
  const bytes = new Uint8Array(300_000).map((_, at) => at % 251);
  await host.upload(bytes, file, { mode: 0o640 });
  expect(new Uint8Array(await readFile(file))).toEqual(bytes);
  expect(await host.download(file)).toEqual(bytes);
  await expect(host.download(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'file-not-found' });
});

test('a stream goes there and comes back, whole, behind secrets of the environment', async () => {
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < 40; at += 1) yield new Uint8Array(250_000).fill(at);
  }
  const sent = createHash('sha256');
  for await (const piece of stream()) sent.update(piece);
  const received = createHash('sha256');
  await host.run(['sh', '-c', 'test "$TOKEN" = word && exec cat'], {
    env: { TOKEN: { reveal: () => 'word' } },
    stdin: stream(),
    onStdout: (bytes) => void received.update(bytes),
  });
  expect(received.digest('hex')).toBe(sent.digest('hex'));
});

/** The state of a process, as the kernel tells it; a zombie process has ended. */
const stateOf = async (pid: string): Promise<string> =>
  /\) (\w+)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') gone'))?.[1] ?? 'gone';

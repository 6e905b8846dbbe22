import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Sshd, startSshd, waitUntil } from '@groundcrew/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localHost, sshHost, type SshHostOptions } from '../src/hosts.ts';

let sshd: Sshd;
let way: SshHostOptions;
let folder = '';
beforeAll(async () => {
  sshd = await startSshd();
  const { port, user, identityFile, knownHostsFile } = sshd;
  way = { host: '127.0.0.1', name: 'far', port, user, identityFile, knownHostsFile, configFile: 'none' };
  folder = await mkdtemp(path.join(tmpdir(), 'ssh-'));
});
afterAll(async () => {
  await sshd[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test('a runner that is killed in the middle of an upload leaves the old file', async () => {
  const file = path.join(folder, 'haproxy.cfg');
  await localHost().upload('old', file);
  const hosts = new URL('../src/hosts.ts', import.meta.url).href;
  const program = `import { sshHost } from ${JSON.stringify(hosts)};
    await sshHost(${JSON.stringify(way)}).upload(Buffer.alloc(400_000_000, 'n'), ${JSON.stringify(file)});`;
  const runner = spawn(
    process.execPath,
    ['--conditions=@groundcrew/source', '--input-type=module', '-e', program],
    { stdio: 'ignore' },
  );
  const beside = async (): Promise<string | undefined> =>
    (await readdir(folder)).find((name) => name.startsWith('haproxy.cfg.'));
  await waitUntil(
    async () => {
      const name = await beside();
      return name !== undefined && (await stat(path.join(folder, name))).size > 0;
    },
    { within: 30_000, what: 'the upload' },
  );
  runner.kill('SIGKILL');
  await waitUntil(async () => (await beside()) === undefined, { within: 30_000, what: 'the end over there' });
  expect(await readFile(file, 'utf8')).toBe('old');
});

test('a command that complained before its connection broke may have run', async () => {
  const script = 'echo "Permission denied" >&2; kill -9 $(ps -o ppid= $(ps -o ppid= $PPID)); sleep 20';
  await expect(sshHost(way).run(['sh', '-c', script], { timeout: '20s' })).rejects.toMatchObject({
    code: 'host-unreachable',
    mayHaveRun: true,
  });
});

test('no option makes it trust a stranger, or ask', async () => {
  const options = { StrictHostKeyChecking: 'no', BatchMode: 'no' };
  const careless = sshHost({ ...way, knownHostsFile: '/dev/null', options });
  await expect(careless.run(['true'])).rejects.toMatchObject({
    code: 'host-unreachable',
    mayHaveRun: false,
    message: expect.stringMatching(/verification failed/i),
  });
});

test('what tells its end shows nowhere', async () => {
  const lines: string[] = [];
  const { stderr } = await sshHost(way).run(['printf', '%s', 'out'], {
    onLine: ({ text }) => lines.push(text),
  });
  expect([stderr, lines]).toEqual(['', ['out']]);
  const script = 'printf "no end of line" >&2';
  const told: string[] = [];
  const said = await sshHost(way).run(['sh', '-c', script], { onLine: ({ text }) => told.push(text) });
  expect([said.stderr, told]).toEqual(['no end of line', ['no end of line']]);
});

test('however little of its output is kept, its end is known', async () => {
  expect(await sshHost(way).run(['echo', 'hello'], { keep: 0 })).toMatchObject({
    exitCode: 0,
    stdout: '',
    dropped: 6,
  });
});

test('a daemon that it leaves behind is not waited for, whatever that prints', async () => {
  const script = '(sleep 1; echo late >&2; exec sleep 60) & echo $!';
  const { stdout, exitCode } = await sshHost(way).run(['sh', '-c', script], { timeout: '50s' });
  process.kill(Number(stdout), 'SIGKILL');
  expect(exitCode).toBe(0);
});

test('a connection that is shared does not hold the first command up', async () => {
  const control = path.join(folder, 'control');
  const options = { ControlMaster: 'auto', ControlPath: control, ControlPersist: '60' };
  const shared = sshHost({ ...way, options });
  expect((await shared.run(['echo', 'first'])).stdout).toBe('first\n');
  expect((await stat(control)).isSocket()).toBe(true);
  expect((await shared.run(['sh', '-c', 'echo second; exit 3'], { expect: [3] })).stdout).toBe('second\n');
  await localHost().run(['ssh', '-o', `ControlPath=${control}`, '-O', 'exit', '127.0.0.1']);
});

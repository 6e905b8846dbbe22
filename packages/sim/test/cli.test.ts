import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const program = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const command = ['--conditions=@groundcrew/source', program];

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [...command, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

test.each([
  ['--help', /^usage: pnpm sim --port N[^]*--scenario {2}small, site/],
  ['--version', /^\d+\.\d+\.\d+\n$/],
])('%s ends well', async (flag, says) => {
  const { code, stdout, stderr } = await run([flag]);
  expect(code).toBe(0);
  expect(stdout).toMatch(says);
  expect(stderr).toBe('');
});

test.each([
  [['--bogus'], '--bogus'],
  [['--port'], '--port'],
  [['--port', 'x'], '--port'],
  [['--port', '65536'], '--port'],
  [['--port', '0', '--speed', '0'], '--speed'],
  [['--port', '0', '--scenario', 'toString'], 'toString'],
  [['--port', '0', '--release', 'zod'], 'zod'],
  [['--port', '0', '--conversation', '/nowhere/run.jsonl'], '/nowhere/run.jsonl'],
  [['--port', '0', '--conversation', import.meta.filename], 'line 1: is no JSON'],
])('%j is wrong: one line names it', async (args, name) => {
  const { code, stdout, stderr } = await run(args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(name);
  expect(stderr).toContain('usage: pnpm sim --port N');
  expect(stderr).toMatch(/^[^\n]+\n$/);
});

/** The program, and where Keystone is. */
async function started(...args: readonly string[]) {
  const child = spawn(process.execPath, [...command, '--', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    if (printed.includes('OS_PASSWORD')) break;
  }
  return { child, url: /^export OS_AUTH_URL=(\S+)$/m.exec(printed)?.[1] ?? '' };
}

test('prints what reaches it, and ends when it is told to', async () => {
  const { child, url } = await started();
  const { status } = await fetch(url);
  expect(status).toBe(200);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('--logs: what the services say is in the folder, at the latest when it ends', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sim-cli-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { child, url } = await started('--logs', folder);
  // Keystone tells of what it refuses.
  await fetch(`${url}/auth/tokens`, { method: 'POST', body: '{"auth": {}}' });
  await fetch(`${url}/projects`);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  const files = await readdir(folder);
  expect(files).toContain('keystone.log');
  expect(await readFile(path.join(folder, 'keystone.log'), 'utf8')).toMatch(/ WARNING keystone\./);
});

test('--logs into what is no folder ends at once', async () => {
  const { code, stderr } = await run(['--port', '0', '--logs', import.meta.filename]);
  expect(code).toBe(1);
  expect(stderr).toContain(import.meta.filename);
});

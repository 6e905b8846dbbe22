import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { questions, type Report } from '../src/index.ts';
import { type Ended, runProgram } from './run-program.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'readiness-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the program in an empty folder, with a `clouds.yaml` of its own. */
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  runProgram(folder, args, env);

async function cloudsYaml(authUrl: string): Promise<Record<string, string>> {
  const file = path.join(folder, 'clouds.yaml');
  const auth = `{ auth_url: '${authUrl}', username: u, password: p, project_name: p, user_domain_name: Default, project_domain_name: Default }`;
  await writeFile(file, `clouds:\n  first-cloud:\n    auth: ${auth}\n  second-cloud:\n    auth: ${auth}\n`);
  return { OS_CLIENT_CONFIG_FILE: file };
}

test('writes both files, and a summary', async () => {
  const out = path.join(folder, 'reports', 'today');
  const { code, stdout, stderr } = await run(['--out', out]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const report = JSON.parse(await readFile(path.join(out, 'readiness.json'), 'utf8')) as Report;
  expect(report).toMatchObject({ format: 'groundcrew-readiness/1', verdict: 'fail' });
  expect(await readFile(path.join(out, 'readiness.html'), 'utf8')).toMatch(/^<!doctype html>/);
  for (const { question } of questions) expect(stdout).toContain(question);
  expect(stdout).toContain(`${path.join(out, 'readiness.html')} and readiness.json are written.`);
}, 30_000);

test('a folder that cannot be made: said before anything is asked', async () => {
  await writeFile(path.join(folder, 'a-file'), '');
  const { code, stdout, stderr } = await run(['--out', path.join(folder, 'a-file', 'out')]);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('no reports can be written there');
  expect(stderr).not.toMatch(/\n\s+at /);
}, 30_000);

test('judges logs if they are given', async () => {
  const logs = path.join(folder, 'nova-api.log');
  await writeFile(
    logs,
    '2026-01-01 00:00:00.000 1234 INFO nova.osapi_compute.wsgi.server [-] listening on 0.0.0.0:8774\n',
  );
  const { code } = await run(['--logs', folder]);
  expect(code).toBe(0);
  const report = JSON.parse(await readFile(path.join(folder, 'out', 'readiness.json'), 'utf8')) as Report;
  const ids = report.answers.at(-1)?.findings.map((finding) => finding.id) ?? [];
  expect(ids.length).toBeGreaterThan(0);
  expect(ids).not.toContain('logging-levels.no-logs');
}, 30_000);

test.each([[['--cloud', 'x']], [['--os-cloud']], [['prod']]])(
  'flags that it does not know: %j',
  async (args) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('usage: pnpm quickstart');
    expect(stderr).toContain(args[0]);
    expect(stderr).toMatch(/^[^\n]+\n$/);
  },
);

test.each([
  ['--help', /^usage: pnpm quickstart .*--os-cloud NAME/],
  ['--version', /^\d+\.\d+\.\d+\n$/],
])('%s ends well', async (flag, says) => {
  const { code, stdout, stderr } = await run([flag]);
  expect(code).toBe(0);
  expect(stdout).toMatch(says);
  expect(stderr).toBe('');
});

test('without the simulated cloud it says which package to install, and a real cloud needs none', async () => {
  const block = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier !== '@groundcrew/sim') return next(specifier, context);
        const why = "Cannot find package '@groundcrew/sim' imported from " + context.parentURL;
        throw Object.assign(new Error(why), { code: 'ERR_MODULE_NOT_FOUND' });
      },
    });
  `)}`;
  const withoutSim = { NODE_OPTIONS: `--import=${block}` };
  const { code, stdout, stderr } = await run([], withoutSim);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('npm install @groundcrew/sim');
  expect(stderr).not.toMatch(/\n\s+at /);
  const real = await run(['--os-cloud', 'third-cloud'], {
    ...(await cloudsYaml('http://127.0.0.1:9/v3')),
    ...withoutSim,
  });
  expect(real.stderr).toContain('third-cloud');
}, 30_000);

test('a cloud that is not there: it names those that are', async () => {
  const { code, stdout, stderr } = await run(
    ['--os-cloud', 'third-cloud'],
    await cloudsYaml('http://127.0.0.1:9/v3'),
  );
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('third-cloud');
  expect(stderr).toMatch(/first-cloud.*second-cloud/s);
  expect(stderr).not.toMatch(/\n\s+at /);
}, 30_000);

test('a cloud that cannot be reached: what was tried, and what to look at', async () => {
  const { code, stdout, stderr } = await run(
    ['--os-cloud', 'first-cloud'],
    await cloudsYaml(`http://127.0.0.1:${await closedPort()}/v3`),
  );
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('ECONNREFUSED');
  expect(stderr).toMatch(/\n {2}\S/);
  expect(stderr).not.toMatch(/\n\s+at /);
}, 60_000);

/** A port on which nobody listens. */
const closedPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

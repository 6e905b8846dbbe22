import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulateCloud } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';

test('the code about uptime in the README runs, and says how much is not known', async () => {
  const simulated = simulateCloud({ scenario: 'site' });
  const folder = await mkdtemp(path.join(tmpdir(), 'uptime-readme-'));
  onTestFinished(async () => {
    await simulated.close();
    await rm(folder, { recursive: true });
  });
  const { connectOptions } = await simulated.listen({ port: 0 });
  // JSON is YAML: the cloud `prod` of the README is the simulated one.
  const clouds = path.join(folder, 'clouds.yaml');
  await writeFile(clouds, JSON.stringify({ clouds: { prod: connectOptions } }));
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const code = /```ts uptime\n([^]*?)```/.exec(readme)?.[1] ?? '';
  const { stdout, stderr } = await run(`process.chdir(${JSON.stringify(folder)});\n${code}`, clouds);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^148 servers seen \[\]\n148 servers seen \[\]\n\{[^]*unknownMs: \d{10}/);
  expect(stdout).toMatch(/\{ lower: 0, upper: 1 \} unknown\n$/);
});

/** Runs a module as if it were in this package's folder, so that it finds what this package depends on. */
const run = (code: string, clouds: string): Promise<{ stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@groundcrew/source', '--input-type=module-typescript', '--eval', code],
      {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        env: { PATH: process.env['PATH'], OS_CLIENT_CONFIG_FILE: clouds },
        timeout: 240_000,
      },
      (_error, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });

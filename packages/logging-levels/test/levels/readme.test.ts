import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulateCloud } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';

test('the lines of the README on levels run, and say that', async () => {
  const simulated = simulateCloud({ scenario: 'small' });
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  onTestFinished(async () => {
    await simulated.close();
    await rm(folder, { recursive: true });
  });
  const { connectOptions } = await simulated.listen();
  const clouds = join(folder, 'clouds.yaml');
  await writeFile(clouds, JSON.stringify({ clouds: { prod: connectOptions } }));
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const code = [...readme.matchAll(/```ts\n([^]*?)```/g)].flatMap(([, block = '']) =>
    block.includes('logging-levels/levels') ? [block] : [],
  )[0];
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [
        '--conditions=@groundcrew/source',
        '--input-type=module-typescript',
        '--eval',
        `process.chdir(${JSON.stringify(folder)});\n${code}`,
      ],
      {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        env: { PATH: process.env['PATH'], OS_CLIENT_CONFIG_FILE: clouds },
      },
      (_error, out, err) => resolve({ stdout: out, stderr: err }),
    );
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/Set the log level of cinder-api to DEBUG, for 15 min/);
  expect(stdout).toContain('cinder-api on controller-1: 1 of 2 workers; 12 answers in a row agree');
  expect(stdout).toMatch(/restored: \[\],\s+held: \[\s+\{\s+journal: 'cinder-api.journal',\s+until: /);
});

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';

const simulated = simulateCloud();
const site = simulateCloud({ scenario: 'site' });
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'readme-'));
  const { connectOptions } = await simulated.listen({ port: 0, speed: 20 });
  const prod = (await site.listen({ port: 0 })).connectOptions;
  // JSON is YAML.
  const clouds = { probes: connectOptions, prod };
  await writeFile(path.join(folder, 'clouds.yaml'), JSON.stringify({ clouds }));
});
afterAll(async () => {
  await simulated.close();
  await site.close();
  await rm(folder, { recursive: true });
});

test.each(['slo', 'probes', 'capacity'])(
  'the code of %s in the README runs, and says what its comments say',
  async (entry) => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const blocks = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, block = '']) => block);
    const code = blocks.find((block) => block.includes(`'@groundcrew/monitoring/${entry}'`)) ?? '';
    const says = code.split('\n').filter((line) => /^\/\/ (?!Of )/.test(line));
    expect(says.length).toBeGreaterThan(0);
    const { stderr, stdout } = await run(`process.chdir(${JSON.stringify(folder)});\n${code}`);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(says.map((line) => line.slice(3)));
  },
);

const run = (code: string): Promise<{ stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@groundcrew/source', '--input-type=module-typescript', '--eval', code],
      {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        env: { PATH: process.env['PATH'], OS_CLIENT_CONFIG_FILE: path.join(folder, 'clouds.yaml') },
        timeout: 50_000,
      },
      (_error, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });

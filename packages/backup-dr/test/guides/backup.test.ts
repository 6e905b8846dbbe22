import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SimulatedCloud, simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';

const guide = readFileSync(path.join(import.meta.dirname, '../../../../docs/guides/backup.md'), 'utf8');
const blocks = [...guide.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code);
const files = globSync(path.join(import.meta.dirname, 'backup-*.ts')).map((file) =>
  readFileSync(file, 'utf8').replace(/^\/\/ A block .*\n/, ''),
);

let simulated: SimulatedCloud;
let folder = '';
beforeAll(async () => {
  simulated = simulateCloud({ scenario: 'site' });
  folder = await mkdtemp(path.join(tmpdir(), 'backup-guide-'));
  const { connectOptions } = await simulated.listen({ port: 0 });
  // JSON is YAML: the cloud `prod` of the guide is the simulated one.
  await writeFile(path.join(folder, 'clouds.yaml'), JSON.stringify({ clouds: { prod: connectOptions } }));
});
afterAll(async () => {
  await simulated.close();
  await rm(folder, { recursive: true });
});

test('the code of the guide is what the compiler reads', () => {
  expect(blocks).toHaveLength(3);
  expect(blocks.map(flat).toSorted()).toEqual(files.map(flat).toSorted());
});

test('its table has every rule of orphans, and its code says of each what disagrees', async () => {
  const said = await run(blocks[2] ?? '');
  const rules = [...guide.matchAll(/^\| `(backup-dr\.[\w-]+)`/gm)].map(([, id = '']) => id);
  expect(rules).toHaveLength(10);
  expect(said.match(/^(?:pass|fail|unknown) /gm)?.length).toBeGreaterThanOrEqual(8);
  // No host was asked for its guests: nothing is planned, and it says so.
  expect(said).toMatch(/^orphans\.hosts-not-asked /m);
});

const flat = (code: string): string => code.replaceAll(/\s+/g, ' ').trim();

/** What it prints. It runs in this package's folder, so that it finds what this package depends on. */
const run = (code: string): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [
        '--conditions=@groundcrew/source',
        '--input-type=module-typescript',
        '--eval',
        `process.chdir(${JSON.stringify(folder)});\n${code}`,
      ],
      {
        cwd: path.join(import.meta.dirname, '../..'),
        env: { PATH: process.env['PATH'], OS_CLIENT_CONFIG_FILE: path.join(folder, 'clouds.yaml') },
        timeout: 240_000,
      },
      (error, stdout, stderr) => {
        if (error !== null || stderr !== '') reject(new Error(`${error?.message ?? ''}${stderr}`));
        else resolve(stdout);
      },
    );
  });

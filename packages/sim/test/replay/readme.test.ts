import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readConversation } from '@groundcrew/core/conversation';
import { simulateCloud } from '../../src/index.ts';

test("the lines of core's README record a cloud, and find it again without it", async () => {
  const readme = await readFile(new URL('../../../core/README.md', import.meta.url), 'utf8');
  const code = [...readme.matchAll(/```ts\n([^]*?)```/g)].find(([, block = '']) =>
    block.includes('/conversation'),
  )?.[1];
  const folder = await mkdtemp(path.join(tmpdir(), 'conversation-readme-'));
  await using prod = simulateCloud({ scenario: 'site' });
  const { connectOptions } = await prod.listen({ port: 0 });
  const clouds = path.join(folder, 'clouds.yaml');
  await writeFile(clouds, JSON.stringify({ clouds: { prod: connectOptions } }));
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=@groundcrew/source',
      '--input-type=module-typescript',
      '--eval',
      `process.chdir(${JSON.stringify(folder)});\n${code}`,
    ],
    {
      cwd: path.join(import.meta.dirname, '../..'),
      env: { PATH: process.env['PATH'], OS_CLIENT_CONFIG_FILE: clouds },
      timeout: 50_000,
    },
  );
  expect(stderr).toBe('');
  const asked = prod.requests.count({ operation: 'servers.list' });
  expect(asked).toBe(1);
  const { exchanges } = readConversation(await readFile(path.join(folder, 'inventory.jsonl'), 'utf8'));
  const body = exchanges.find(({ operation }) => operation === 'servers.list')?.answer?.body as {
    json: { servers: unknown[] };
  };
  expect(body.json.servers.length).toBeGreaterThan(100);
  expect(stdout).toBe(`${body.json.servers.length}\n`);
  await rm(folder, { recursive: true });
}, 60_000);

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SimulatedCloud, simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RangeServer, type Scraped } from '../uptime/range-server.ts';

const guide = readFileSync(path.join(import.meta.dirname, '../../../../docs/guides/uptime.md'), 'utf8');
const blocks = [...guide.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code);
const files = globSync(path.join(import.meta.dirname, 'uptime-*.ts')).map((file) =>
  readFileSync(file, 'utf8').replace(/^\/\/ A block .*\n/, ''),
);
/** The block that uses a name. */
const blockOf = (name: string): string => blocks.find((code) => code.includes(name)) ?? '';

let simulated: SimulatedCloud;
let server: RangeServer;
let folder = '';
beforeAll(async () => {
  simulated = simulateCloud({ scenario: 'site' });
  server = await RangeServer.open(history());
  folder = await mkdtemp(path.join(tmpdir(), 'uptime-guide-'));
  const { connectOptions } = await simulated.listen({ port: 0 });
  // JSON is YAML: the cloud `prod` of the guide is the simulated one.
  await writeFile(path.join(folder, 'clouds.yaml'), JSON.stringify({ clouds: { prod: connectOptions } }));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await simulated.close();
  await rm(folder, { recursive: true });
});

test('the code of the guide is what the compiler reads', () => {
  expect(blocks.length).toBeGreaterThan(4);
  expect(blocks.map(flat).toSorted()).toEqual(files.map(flat).toSorted());
});

test('it watches until it is told to stop, answers with bounds, and takes in what Prometheus has', async () => {
  const watch = start(blockOf('onRound'));
  const [first] = (await once(watch.stdout.setEncoding('utf8'), 'data')) as [string];
  expect(first).toBe('148 []\n');
  watch.kill('SIGTERM');
  expect(await once(watch, 'close')).toEqual([0, null]);

  const answer = await run(blockOf('ledger.report('));
  expect(answer).toMatch(/^[0-9a-f]{32} \d+ \{ lower: 0(?:\.\d+)?, upper: 1 \} unknown\n/);
  expect(answer).toMatch(/\n(?:excluded \d+ not created before its creation at|unknown \d+ )/);

  expect(await run(blockOf('assess(snapshot)'))).toBe(
    'unknown Whether 148 servers were up for 99.9 % of the time is not known\n',
  );

  const taken = await run(blockOf('openstackExporterServers').replace('http://prom:9090', server.url));
  const lines = taken.trim().split('\n');
  expect(lines).toHaveLength(6);
  for (const line of lines) expect(line).toMatch(/^2026-11-2[123] complete \d+$/);
  // The second day has samples of both, and the others have none.
  expect(lines.map((line) => Number(line.split(' ').at(-1)) > 0)).toEqual([
    false,
    false,
    true,
    true,
    false,
    false,
  ]);
});

/** An hour of the second day. */
function history(): Scraped[] {
  const from = Date.parse('2026-11-22T12:00:00Z');
  const hour = (labels: Scraped['labels'], value: number): Scraped => ({
    labels,
    samples: Array.from({ length: 60 }, (_, minute) => [from + minute * 60_000, value] as const),
  });
  return [
    hour({ __name__: 'probe_success', job: 'api', instance: 'https://api/' }, 1),
    hour({ __name__: 'openstack_nova_agent_state', service: 'nova-compute', hostname: 'c-1' }, 1),
    hour(
      {
        __name__: 'openstack_nova_server_status',
        id: 'a-server',
        status: 'ACTIVE',
        hypervisor_hostname: 'c-1',
      },
      0,
    ),
  ];
}

const flat = (code: string): string => code.replaceAll(/\s+/g, ' ').trim();

const commandOf = (code: string): [string, readonly string[], { cwd: string; env: NodeJS.ProcessEnv }] => [
  process.execPath,
  [
    '--conditions=@groundcrew/source',
    '--input-type=module-typescript',
    '--eval',
    `process.chdir(${JSON.stringify(folder)});\n${code}`,
  ],
  // In this package's folder, so that it finds what this package depends on.
  {
    cwd: path.join(import.meta.dirname, '../..'),
    env: { PATH: process.env['PATH'], OS_CLIENT_CONFIG_FILE: path.join(folder, 'clouds.yaml') },
  },
];

const start = (code: string) => {
  const [program, args, options] = commandOf(code);
  return spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
};

/** What it prints. */
const run = (code: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const [program, args, options] = commandOf(code);
    execFile(program, args, { ...options, timeout: 240_000 }, (error, stdout, stderr) => {
      if (error !== null || stderr !== '') reject(new Error(`${error?.message ?? ''}${stderr}`));
      else resolve(stdout);
    });
  });

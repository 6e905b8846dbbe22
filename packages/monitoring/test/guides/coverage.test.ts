import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SimulatedCloud, simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coverageFigures, coverageWays } from '../../src/coverage.ts';
import { prometheusWith } from '../coverage/prometheus-server.ts';

const guide = readFileSync(path.join(import.meta.dirname, '../../../../docs/guides/coverage.md'), 'utf8');
const blocks = [...guide.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code);
const files = globSync(path.join(import.meta.dirname, 'coverage-*.ts')).map((file) =>
  readFileSync(file, 'utf8').replace(/^\/\/ A block .*\n/, ''),
);

let simulated: SimulatedCloud;
let folder = '';
beforeAll(async () => {
  simulated = simulateCloud({ scenario: 'site' });
  folder = await mkdtemp(path.join(tmpdir(), 'coverage-guide-'));
  const { connectOptions } = await simulated.listen({ port: 0 });
  // JSON is YAML: the cloud `prod` of the guide is the simulated one.
  await writeFile(path.join(folder, 'clouds.yaml'), JSON.stringify({ clouds: { prod: connectOptions } }));
});
afterAll(async () => {
  await simulated.close();
  await rm(folder, { recursive: true });
});

test('the code of the guide is what the compiler reads', () => {
  expect(blocks).toHaveLength(2);
  expect(blocks.map(flat).toSorted()).toEqual(files.map(flat).toSorted());
});

test('its numbers are those of the table, and its settings are in it', () => {
  const counts = (source: string) => coverageWays.filter((way) => way.source === source).length;
  const { length } = coverageWays;
  expect(flat(guide)).toContain(
    `${coverageFigures.length} figures in ${length} ways (${counts('prometheus')} of Prometheus, ${counts('gnocchi')} of Gnocchi, ${counts('notifications')} of notifications, ${counts('nova')} of Nova)`,
  );
  const settings = coverageWays.flatMap((way) => way.opensWith);
  const rows = (guide.split('## What opens a blind spot')[1] ?? '').split('\n## ')[0] ?? '';
  const told = rows
    .split('\n')
    .filter((row) => row.startsWith('| ') && row.includes('`'))
    .flatMap((row) => {
      const byDefault = row.split('|').at(-2)?.trim().replace('since ', '');
      return [...(row.split('|')[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, line = '']) => [line, byDefault]);
    });
  expect(told.length).toBeGreaterThan(8);
  for (const [line = '', byDefault] of told) {
    const found = settings.filter((setting) => setting.line.includes(line));
    const defaults = found.map((setting) =>
      typeof setting.byDefault === 'string' ? setting.byDefault : setting.byDefault.onSince,
    );
    expect([line, ...new Set(defaults)]).toEqual([line, byDefault]);
  }
});

test('it names what a Prometheus has nothing of, and says of the others that nobody was asked', async () => {
  const { url } = await prometheusWith([]);
  const [ask = '', judge = ''] = blocks;
  const spots = await run(ask.replace('http://prom:9090', url));
  expect(spots).toMatch(/^CPU of hypervisors: 15 of 15, 0 of them were measured once$/m);
  expect(spots).toMatch(/^node_exporter, on each compute host prometheus\.yml, under scrape_configs /m);

  const findings = await run(judge);
  expect(findings.match(/^unknown /gm)).toHaveLength(17);
  expect(findings).toMatch(/^fail Usage audits of servers: /m);
  expect(findings).toContain('instance_usage_audit = True');
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

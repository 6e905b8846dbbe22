import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../src/index.ts';
import { runProgram } from './run-program.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'readiness-cli-logs-'));
  await mkdir(path.join(folder, 'logs'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (args: readonly string[], env?: Readonly<Record<string, string>>) =>
  runProgram(folder, args, env);
const log = (...lines: readonly string[]): Promise<void> =>
  writeFile(
    path.join(folder, 'logs', 'nova-compute.log'),
    lines.map((line) => `2026-01-01 00:00:00.000 7 ${line}\n`).join(''),
  );

async function ids(): Promise<string[]> {
  const report = JSON.parse(await readFile(path.join(folder, 'out', 'readiness.json'), 'utf8')) as Report;
  return report.answers.at(-1)?.findings.map(({ id, verdict }) => `${id} ${verdict}`) ?? [];
}

test('the templates of one report are saved, and the next one is compared with them', async () => {
  await log('INFO nova.compute.manager [-] Took 1 s');
  const first = await run(['--logs', 'logs', '--save-templates', 'templates.json']);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toContain('templates.json has the templates of these logs');
  const saved = await readFile(path.join(folder, 'templates.json'), 'utf8');

  await log(
    'INFO nova.compute.manager [-] Took 1 s',
    'ERROR nova.compute.manager [-] Instance failed to spawn',
  );
  const flags = [
    '--logs',
    'logs',
    '--templates-before',
    'templates.json',
    '--save-templates',
    'templates.json',
  ];
  const second = await run(flags);
  expect(second.code).toBe(0);
  expect(second.stdout).toContain('A message that was not there before, at error: nova.compute.manager');
  expect(await ids()).toContain('logging-levels.new-template fail');
  expect(await readFile(path.join(folder, 'templates.json'), 'utf8')).not.toBe(saved);

  // Of logs without a message nothing is kept.
  const before = await readFile(path.join(folder, 'templates.json'), 'utf8');
  await log();
  const third = await run(flags);
  expect(third.code).toBe(0);
  expect(third.stderr).toContain('templates.json is left as it was');
  expect(await readFile(path.join(folder, 'templates.json'), 'utf8')).toBe(before);
}, 90_000);

test.each([
  ['no file', 'none.json', undefined],
  ['no JSON', 'text.json', 'text'],
  ['no templates', 'other.json', '{"version":1}'],
])(
  '%s to compare with: the file is named, and no report is made',
  async (_, name, content) => {
    if (content !== undefined) await writeFile(path.join(folder, name), content);
    const { code, stdout, stderr } = await run(['--logs', 'logs', '--templates-before', name]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(name);
    expect(stderr).not.toMatch(/\n\s+at /);
  },
  30_000,
);

test.each([
  [['--save-templates', 'x.json'], '--save-templates needs --logs'],
  [['--templates-before', 'x.json'], '--templates-before needs --logs'],
  [['--levels', 'levels'], '--levels needs --os-cloud'],
])(
  '%j lacks another flag',
  async (args, says) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/^[^\n]+\n$/);
  },
  30_000,
);

test('the levels that journals tell of', async () => {
  const simulated = simulateCloud({ scenario: 'small' });
  try {
    const { connectOptions } = await simulated.listen({ port: 0 });
    const clouds = path.join(folder, 'clouds.yaml');
    await writeFile(clouds, JSON.stringify({ clouds: { prod: connectOptions } }));
    await mkdir(path.join(folder, 'levels'));
    await writeFile(path.join(folder, 'levels', 'damaged.journal'), 'no record\n');
    const ended = await run(['--os-cloud', 'prod', '--levels', 'levels'], { OS_CLIENT_CONFIG_FILE: clouds });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(await ids()).toContain('logging-levels.journal-unread unknown');
    expect(ended.stdout).toContain('whether it lent a level is not known');
  } finally {
    await simulated.close();
  }
}, 60_000);

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { levelImplementations, planLevel } from '@groundcrew/logging-levels/levels';
import { Templates } from '@groundcrew/logging-levels/templates';
import { fileJournal, run } from '@groundcrew/runbook';
import { simulateCloud, type SimulatedCloud } from '@groundcrew/sim';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { collect, type CollectOptions } from '../src/index.ts';

let folder = '';
let simulated: SimulatedCloud;
let cloud: Cloud;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'readiness-logs-'));
  simulated = simulateCloud({ scenario: 'small' });
  const { connectOptions } = await simulated.listen();
  cloud = connect({ ...connectOptions, clock: simulated.clock });
  onTestFinished(async () => {
    await cloud.close();
    await simulated.close();
    await rm(folder, { recursive: true });
  });
});

/** What the report says of the logs: `id verdict severity`, without the package's name. */
async function told(options: CollectOptions): Promise<string[]> {
  const report = await collect(cloud, options);
  const findings = report.answers.find(({ id }) => id === 'logging-levels')?.findings ?? [];
  return findings.map(({ id, verdict, severity }) => `${id.slice(15)} ${verdict} ${severity}`);
}

const line = (level: string, message: string): string =>
  `2026-01-01 00:00:00.000 7 ${level} nova.compute.manager [-] ${message}\n`;
const CALM = [
  line('INFO', 'Took 1.5 seconds to build instance.'),
  line('INFO', 'Took 2.5 seconds to build instance.'),
].join('');

test('what the logs say that those before did not: today is counted while it is judged, and compared tomorrow', async () => {
  const log = path.join(folder, 'nova-compute.log');
  await writeFile(log, CALM);
  const templates = new Templates();
  const first = await told({ logs: folder, templates });
  expect(first).toContain('noise pass info');
  expect(first.filter((one) => one.startsWith('new-'))).toEqual([]);
  expect(templates.records).toBe(2);

  const templatesBefore = Templates.from(JSON.parse(JSON.stringify(templates)));
  expect(await told({ logs: folder, templatesBefore })).toContain('new-alarm pass medium');
  await writeFile(log, `${CALM}${line('ERROR', 'Instance failed to spawn')}`);
  const news = await told({ logs: folder, templatesBefore });
  expect(news).toContain('new-template fail medium');
  expect(news).not.toContain('new-alarm pass medium');
  // What was saved is what it was.
  expect(templatesBefore.records).toBe(2);
});

test('where a log was not read wholly nothing is told to be as before; another program’s is no part of it', async () => {
  await writeFile(path.join(folder, 'nova-compute.log'), CALM);
  const templatesBefore = new Templates();
  await told({ logs: folder, templates: templatesBefore });
  await writeFile(path.join(folder, 'foreign.log'), 'Jan  1 10:00:00 host program: text\n');
  expect(await told({ logs: folder, templatesBefore })).toContain('new-alarm pass medium');
  await writeFile(path.join(folder, 'nova-api.log.xz'), 'not read');
  const news = await told({ logs: folder, templatesBefore });
  expect(news).toContain('not-compared unknown medium');
  expect(news).toContain('new-alarm unknown medium');
});

test('without logs there is nothing to count: the option is refused before anything is asked', async () => {
  for (const options of [{ templates: new Templates() }, { templatesBefore: new Templates() }])
    await expect(collect(cloud, options)).rejects.toMatchObject({ code: 'input', field: 'logs' });
  expect(simulated.requests.count()).toBe(0);
});

test('levels that are lent, due, and those of a folder that is not there', async () => {
  const planned = await planLevel({ service: 'cinder-volume', level: 'debug', for: '15m' }, { cloud });
  if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
  await run(planned.plan, {
    approved: planned.plan.digest,
    implementations: levelImplementations({ cloud }),
    journal: fileJournal(path.join(folder, 'volume.journal')),
    by: 'ada',
  }).outcome;
  expect(await told({ levels: folder })).toEqual([
    'no-logs unknown low',
    'lease-over pass medium',
    'lent pass info',
  ]);
  await simulated.clock.advance('1h');
  expect((await told({ levels: folder })).slice(0, 1)).toEqual(['lease-over fail medium']);

  const nowhere = await told({ levels: path.join(folder, 'none'), logs: folder });
  expect(nowhere[0]).toBe('failed unknown high');
  expect(nowhere).not.toContain('lease-over pass medium');
});

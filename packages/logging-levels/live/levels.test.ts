import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, type Lab } from '@groundcrew/lab';
import { fileJournal, type Plan, run, type RunOptions } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  type CinderService,
  confirmed,
  levelImplementations,
  type LevelRequested,
  planLevel,
  restoreLevels,
} from '../src/levels.ts';

// Real Cinder, Nova and Neutron: levels are set, told by what they log, and put back, whatever becomes of who set them.
const WSGI = 'cinder.api.openstack.wsgi';
const here = localHost({ name: 'lab' });
const polled = { timeout: 120_000, interval: 250 };
let lab: Lab;
let cloud: Cloud;
let folder = '';

beforeAll(async () => {
  lab = await ensureLab();
  folder = dirname(lab.cloudsYaml);
  cloud = connect({ cloud: lab.cloud('admin') });
  return () => cloud[Symbol.asyncDispose]();
});

const access = () => ({ cloud, hosts: [here] });

/** A folder of journals; whatever a test leaves there is put back. */
async function journals(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'levels-'));
  onTestFinished(async () => {
    await restoreLevels({ journals: made, ...access(), early: true });
    await rm(made, { recursive: true });
  }, 300_000);
  return made;
}

async function planned(request: LevelRequested): Promise<Plan> {
  const answer = await planLevel(request, access());
  if (!answer.ok) throw new TypeError(answer.refusals[0].reason);
  return answer.plan;
}

const execute = (plan: Plan, journal: RunOptions['journal'], more: Partial<RunOptions> = {}) =>
  run(plan, { approved: plan.digest, implementations: levelImplementations(access()), journal, ...more })
    .outcome;

/** Lines at DEBUG that a log has behind a place. */
async function debugLines(name: string, from: number): Promise<number> {
  const text = (await readFile(join(folder, 'logs/lab', `${name}.log`))).subarray(from).toString();
  return text.split('\n').filter((line) => line.split(' ')[3] === 'DEBUG').length;
}

const sizeOf = async (name: string): Promise<number> =>
  (await stat(join(folder, 'logs/lab', `${name}.log`))).size;

/** The levels that some answers tell, each once. */
async function levels(binary: CinderService, logger: string, answers = 24): Promise<string[]> {
  const seen = new Set<string>();
  for (let asked = 0; asked < answers; asked += 1)
    for (const told of await cloud.blockStorage.services.getLog({ binary, prefix: logger }))
      seen.add(told.levels[logger] ?? 'none');
  return [...seen];
}

test('cinder-volume at debug: its log shows it, and the end of the lease puts it back', async () => {
  const place = await journals();
  const journal = fileJournal(join(place, 'volume.journal'));
  const from = await sizeOf('cinder-volume');
  const { coverage } = await confirmed(
    execute(await planned({ service: 'cinder-volume', level: 'debug', for: '15m' }), journal),
    journal,
  );
  // Two back ends, each a process.
  expect(coverage).toEqual({ asked: 2, confirmed: 2, unverifiable: [], down: [] });
  await expect.poll(() => debugLines('cinder-volume', from), polled).toBeGreaterThan(0);
  expect((await restoreLevels({ journals: place, ...access() })).held).toHaveLength(1);
  // Fifteen minutes later.
  const clock = { now: () => Date.now() + 900_000, sleep: cloud.clock.sleep.bind(cloud.clock) };
  expect(await restoreLevels({ journals: place, ...access(), clock })).toMatchObject({
    restored: ['volume.journal'],
    failed: [],
  });
  expect(await levels('cinder-volume', 'cinder.volume.manager', 2)).toEqual(['INFO']);
});

test('the API: both workers are set and put back, and the coverage tells what it cannot know', async () => {
  const place = await journals();
  const journal = fileJournal(join(place, 'api.journal'));
  const plan = await planned({ service: 'cinder-api', level: 'debug', for: '15m', workers: 2 });
  const { coverage } = await confirmed(execute(plan, journal), journal);
  expect(coverage).toMatchObject({ asked: 2, confirmed: 1, down: [] });
  expect(coverage.unverifiable).toEqual([expect.stringContaining('1 of 2 workers')]);
  expect(await levels('cinder-api', WSGI)).toEqual(['DEBUG']);
  expect((await restoreLevels({ journals: place, ...access(), early: true })).restored).toEqual([
    'api.journal',
  ]);
  expect(await levels('cinder-api', WSGI)).toEqual(['INFO']);
});

test('the API starts again in the middle of it', async () => {
  const place = await journals();
  const journal = fileJournal(join(place, 'restarted.journal'));
  const plan = await planned({ service: 'cinder-api', level: 'debug', for: '15m', workers: 2 });
  const execution = run(plan, {
    approved: plan.digest,
    implementations: levelImplementations(access()),
    journal,
  });
  let restarted: Promise<void> | undefined;
  execution.events.on('record', ({ event }) => {
    if (event.type === 'step-started' && event.step === 'set')
      restarted = lab.stop('cinder-api').then(() => lab.start('cinder-api'));
  });
  await confirmed(execution.outcome, journal);
  await restarted;
  // Whether it was set before or after the start, the end of the lease leaves what was.
  await expect
    .poll(async () => (await restoreLevels({ journals: place, ...access(), early: true })).failed, polled)
    .toEqual([]);
  expect(await levels('cinder-api', WSGI)).toEqual(['INFO']);
});

test('killed with SIGKILL while it sets and while it puts back: the next process puts it back', async () => {
  const place = await journals();
  const program = new URL('../test/levels/fixtures/level-run.ts', import.meta.url).pathname;
  const plan = await planned({ service: 'cinder-api', level: 'debug', for: '15m', workers: 2 });
  const live = (name: string, dieAt: number): Promise<readonly string[]> =>
    new Promise((resolve) => {
      const words = [JSON.stringify({ cloud: lab.cloud('admin') }), JSON.stringify(plan), join(place, name)];
      execFile(
        process.execPath,
        ['--conditions=@groundcrew/source', program, ...words, String(dieAt)],
        (_error, stdout) => resolve(stdout.trim().split('\n')),
      );
    });
  const said = await live('whole.journal', Infinity);
  expect(said.at(-1)).toBe('succeeded');
  const places = said.flatMap((line, at) => (line === 'set-log' ? [at + 1] : []));
  expect(places.length).toBeGreaterThan(2);
  let lent = 0;
  for (const dieAt of places.slice(0, 6)) {
    await live(`killed-${dieAt}.journal`, dieAt);
    if ((await levels('cinder-api', WSGI, 12)).includes('DEBUG')) lent += 1;
    expect((await restoreLevels({ journals: place, ...access(), early: true })).failed).toEqual([]);
    expect(await levels('cinder-api', WSGI)).toEqual(['INFO']);
  }
  expect(lent).toBeGreaterThan(0);
});

test.each([
  ['nova-scheduler', 'nova/nova.conf'],
  ['nova-conductor', 'nova/nova.conf'],
  ['neutron-rpc-server', 'neutron/neutron.conf'],
])(
  '%s takes it by SIGHUP, each worker logs that it did, and takes it back',
  async (service, configuration) => {
    const place = await journals();
    const journal = fileJournal(join(place, 'hup.journal'));
    const file = join(folder, 'lab/etc', configuration);
    const before = await readFile(file, 'utf8');
    const from = await sizeOf(service);
    const on = {
      host: 'lab',
      configuration: file,
      process: { pidFile: join(folder, 'run', `lab.${service}.pid`) },
      log: join(folder, 'logs/lab', `${service}.log`),
    };
    const plan = await planned({ service, level: 'debug', for: '15m', on });
    const { coverage } = await confirmed(execute(plan, journal), journal);
    expect(coverage.unverifiable).toEqual([]);
    expect(coverage.confirmed).toBe(coverage.asked);
    expect(coverage.asked).toBeGreaterThan(0);
    await expect.poll(() => debugLines(service, from), polled).toBeGreaterThan(0);
    expect(await restoreLevels({ journals: place, ...access(), early: true })).toMatchObject({
      restored: ['hup.journal'],
      failed: [],
    });
    expect(await readFile(file, 'utf8')).toBe(before);
  },
);

test('nobody ends the lease: the host itself puts nova-scheduler back', async () => {
  const place = await journals();
  const journal = fileJournal(join(place, 'deadline.journal'));
  const file = join(folder, 'lab/etc/nova/nova.conf');
  const log = join(folder, 'logs/lab/nova-scheduler.log');
  const before = await readFile(file, 'utf8');
  const on = {
    host: 'lab',
    configuration: file,
    process: { pidFile: join(folder, 'run/lab.nova-scheduler.pid') },
    log,
  };
  const plan = await planned({ service: 'nova-scheduler', level: 'debug', for: '20s', on });
  await confirmed(execute(plan, journal), journal);
  const from = (await stat(log)).size;
  await expect.poll(() => readFile(file, 'utf8'), polled).toBe(before);
  await expect
    .poll(async () => (await readFile(log)).subarray(from).toString(), polled)
    .toMatch(/Option DEFAULT\.debug changed from \[true\] to \[false\]/);
});

const suites = process.env['LAB_SUITES']?.split(',') ?? [];

test.skipIf(!suites.includes('forky'))(
  'nova-scheduler of 2026.1, which has native threads: it is not sent SIGHUP, and its worker goes on',
  async () => {
    const { cloudsYaml } = await ensureLab({ suite: 'forky' });
    const state = dirname(cloudsYaml);
    const pidFile = join(state, 'run/lab-forky.nova-scheduler.pid');
    const main = Number((await readFile(pidFile, 'utf8')).split(' ')[0]);
    const workers = () => here.run(['pgrep', '-P', String(main)]);
    const before = (await workers()).stdout;
    const answer = await planLevel(
      {
        service: 'nova-scheduler',
        level: 'debug',
        for: '15m',
        on: {
          host: here.name,
          configuration: join(state, 'lab-forky/etc/nova/nova.conf'),
          process: { pidFile },
          log: join(state, 'logs/lab-forky/nova-scheduler.log'),
        },
      },
      access(),
    );
    expect(answer).toMatchObject({
      ok: false,
      refusals: [{ code: 'levels.no-hang-up', reason: expect.stringContaining('native threads') }],
    });
    expect((await workers()).stdout).toBe(before);
  },
);

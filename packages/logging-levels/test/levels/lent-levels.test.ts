import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isConfigError } from '@groundcrew/core';
import { action, definePlan, implement, run } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  assessLevels,
  confirmed,
  type LentLevel,
  lentLevels,
  levelImplementations,
  restoreLevels,
} from '../../src/levels.ts';
import { type AtSim, atSim } from './at-sim.ts';

const VOLUME = { service: 'cinder-volume', level: 'debug', for: '15m' } as const;

const read = (at: AtSim, journals = at.journals) =>
  lentLevels(journals, { now: () => at.simulated.clock.now() });
const verdicts = async (at: AtSim): Promise<string[]> =>
  assessLevels(await read(at)).map(({ id, verdict, severity }) => `${id.slice(15)} ${verdict} ${severity}`);

/** Sets a level for a quarter of an hour, as `ada`, and leaves it so. */
async function lend(at: AtSim): Promise<void> {
  await confirmed(at.execute(await at.plan(VOLUME), { by: 'ada' }), at.journal());
}

/** The files of a folder, with what is in them. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

test('who has DEBUG on, and until when; reading asks no service and leaves the folder as it is', async () => {
  const at = await atSim();
  await lend(at);
  const before = await contentOf(at.journals);
  const asked = at.simulated.requests.count({});
  const { value, gaps, completeness } = await read(at);
  expect(await contentOf(at.journals)).toEqual(before);
  expect(at.simulated.requests.count({})).toBe(asked);
  expect({ gaps, completeness, journals: value.journals }).toEqual({
    gaps: [],
    completeness: 'complete',
    journals: 1,
  });
  expect(value.levels).toMatchObject([
    {
      journal: 'one.journal',
      service: 'cinder-volume',
      on: undefined,
      loggers: undefined,
      level: 'debug',
      state: 'lent',
      by: 'ada',
      coverage: { unverifiable: [], down: [] },
      notRestored: undefined,
      isHostToRestore: false,
    },
  ]);
  const [level] = value.levels;
  expect(level?.since).toMatch(/^\d{4}-.*Z$/);
  expect(assessLevels(await read(at))).toMatchObject([
    {
      id: 'logging-levels.lent',
      verdict: 'pass',
      severity: 'info',
      title: `A level is lent until ${level?.until}: cinder-volume at DEBUG`,
      subject: { kind: 'lent level', name: 'cinder-volume' },
      because: [{ statement: expect.stringContaining('lent by ada from '), source: 'one.journal' }],
    },
    {
      id: 'logging-levels.lease-over',
      verdict: 'pass',
      title: 'No lease is over, of 1 level that is lent or may be, by 1 journal',
    },
  ]);
});

test('a lease that is over is due, then overdue, until it is put back', async () => {
  const at = await atSim();
  await lend(at);
  await at.simulated.clock.advance('16m');
  expect(await verdicts(at)).toEqual(['lease-over fail low']);
  await at.simulated.clock.advance('2h');
  const [overdue] = assessLevels(await read(at));
  expect(overdue).toMatchObject({
    verdict: 'fail',
    severity: 'medium',
    title: 'A lease is overdue, and nothing tells that the level was put back: cinder-volume at DEBUG',
    remedy: expect.stringContaining('restoreLevels'),
  });
  expect(overdue?.because[0]?.statement).toMatch(
    /^its lease ended 2 h( 1 min)? ago, at .*; the journal tells/,
  );
  await restoreLevels({ journals: at.journals, cloud: at.cloud });
  expect(assessLevels(await read(at))).toMatchObject([
    { id: 'logging-levels.lease-over', verdict: 'pass', title: 'No level is lent, by 1 journal' },
  ]);
});

test('what could not be put back is told with its reason, also once it is tried again in vain', async () => {
  const at = await atSim({ scenario: 'site' });
  const planned = await at.plan({ service: 'cinder-scheduler', level: 'debug', for: '15m' });
  await confirmed(at.execute(planned), at.journal());
  at.simulated.hosts.kill('controller-2');
  await at.simulated.clock.advance('16m');
  await restoreLevels({ journals: at.journals, cloud: at.cloud });
  const [failed] = assessLevels(await read(at));
  expect(failed).toMatchObject({
    id: 'logging-levels.not-restored',
    verdict: 'fail',
    severity: 'high',
    title: 'A level could not be put back: cinder-scheduler at DEBUG',
    because: [
      { statement: expect.stringContaining('controller-2') },
      { statement: expect.stringContaining('its lease ended') },
      { statement: expect.stringContaining('somebody who did not say') },
    ],
  });
});

test('workers that were not heard are unknown, while the level is lent and once it is back', async () => {
  const at = await atSim({ volumeApiWorkers: 2 });
  const planned = await at.plan({ service: 'cinder-api', level: 'debug', for: '15m', workers: 2 });
  await confirmed(at.execute(planned), at.journal());
  expect(await verdicts(at)).toEqual([
    'lent pass info',
    'unverified-level unknown low',
    'lease-over pass medium',
  ]);
  await restoreLevels({ journals: at.journals, cloud: at.cloud, early: true });
  const findings = assessLevels(await read(at));
  expect(findings.map(({ id, verdict }) => `${id.slice(15)} ${verdict}`)).toEqual([
    'unverified-restore unknown',
    'lease-over pass',
  ]);
  expect(findings[0]).toMatchObject({
    title: 'Not every process was heard to have its level back: cinder-api at DEBUG',
    because: [
      { statement: '1 of 2 processes told it' },
      { statement: expect.stringContaining('1 of 2 workers; 12 answers in a row agree') },
    ],
  });
});

test('of a target only the lease that was put back last is told', async () => {
  const at = await atSim({ volumeApiWorkers: 2 });
  for (const name of ['one', 'two']) {
    const planned = await at.plan({ service: 'cinder-api', level: 'debug', for: '15m', workers: 2 });
    await confirmed(at.execute(planned, { journal: at.journal(name) }), at.journal(name));
    await at.simulated.clock.advance('1m');
    await restoreLevels({ journals: at.journals, cloud: at.cloud, early: true });
  }
  const told = assessLevels(await read(at)).filter(({ verdict }) => verdict === 'unknown');
  expect(told.map(({ because }) => because[0]?.source)).toEqual(['two.journal']);
});

// A caller that is killed leaves a journal that ends with any of its records, or in the middle of one.
test('whatever a caller that was killed leaves: from the moment it sets on, nothing is told as done', async () => {
  const at = await atSim();
  await lend(at);
  await restoreLevels({ journals: at.journals, cloud: at.cloud, early: true });
  const whole = await readFile(join(at.journals, 'one.journal'), 'utf8');
  const lines = whole.trimEnd().split('\n');
  const isOf = (type: string, step: string) => (line: string) =>
    line.includes(`"type":"${type}"`) && line.includes(`"step":"${step}"`);
  const setsFrom = lines.findIndex(isOf('step-started', 'set'));
  const isSetFrom = lines.findIndex(isOf('step-succeeded', 'set'));
  const isBackFrom = lines.findIndex(isOf('step-succeeded', 'restore'));
  expect([setsFrom, isSetFrom, isBackFrom].every((place) => place > 0)).toBe(true);
  await at.simulated.clock.advance('1h');
  for (let count = 1; count <= lines.length; count += 1) {
    const left = join(at.journals, `left-${count}`);
    await mkdir(left);
    const torn = lines[count]?.slice(0, 20) ?? '';
    await writeFile(
      join(left, 'killed.journal'),
      `${lines
        .slice(0, count)
        .map((line) => `${line}\n`)
        .join('')}${torn}`,
    );
    const lent = await read(at, left);
    const wanted =
      count > isBackFrom ? 'restored' : count > isSetFrom ? 'lent' : count > setsFrom ? 'setting' : 'noted';
    expect(lent.value.levels[0]?.state ?? 'noted', `${count} records`).toBe(wanted);
    const isOpen = wanted === 'setting' || wanted === 'lent';
    expect(
      assessLevels(lent).map(({ verdict }) => verdict),
      `${count} records`,
    ).toEqual([isOpen ? 'fail' : 'pass']);
  }
});

test('a setting without an end is unknown while its lease lasts', async () => {
  const at = await atSim();
  await lend(at);
  const left = join(at.journals, 'left');
  await mkdir(left);
  const lines = (await readFile(join(at.journals, 'one.journal'), 'utf8')).split('\n');
  const started = lines.findIndex((line) => line.includes('"step-started"') && line.includes('"step":"set"'));
  await writeFile(join(left, 'x.journal'), `${lines.slice(0, started + 1).join('\n')}\n`);
  expect(assessLevels(await read(at, left))[0]).toMatchObject({
    id: 'logging-levels.set-unknown',
    verdict: 'unknown',
    title: 'Whether a level is lent is not known: cinder-volume at DEBUG',
    because: [{ statement: 'the setting began, and its end is not in the journal' }, {}],
  });
});

test('a journal that cannot be read is unknown, and keeps no other from being told; nothing passes beside it', async () => {
  const at = await atSim();
  await lend(at);
  await restoreLevels({ journals: at.journals, cloud: at.cloud, early: true });
  await writeFile(join(at.journals, 'damaged.journal'), 'no line of a journal\n');
  await writeFile(join(at.journals, 'without-a-line.journal'), 'no line');
  await writeFile(join(at.journals, 'empty.journal'), '');
  await mkdir(join(at.journals, 'folder.journal'));
  await symlink(join(at.journals, 'nowhere'), join(at.journals, 'link.journal'));
  await writeFile(join(at.journals, 'notes.txt'), 'no journal');
  const lent = await read(at);
  expect(lent.completeness).toBe('partial');
  expect(lent.gaps.map(({ what }) => what)).toEqual([
    'damaged.journal',
    'folder.journal',
    'link.journal',
    'without-a-line.journal',
  ]);
  expect(lent.value.levels.map(({ state }) => state)).toEqual(['restored']);
  const findings = assessLevels(lent);
  expect(findings.map(({ id, verdict }) => `${id.slice(15)} ${verdict}`)).toEqual(
    Array.from({ length: 4 }, () => 'journal-unread unknown'),
  );
  for (const { because } of findings) expect(because[0]?.statement).toMatch(/\w/);
});

test('journals of other plans are left alone; a folder without one of levels is unknown, one that is not there an error', async () => {
  const at = await atSim();
  expect(await verdicts(at)).toEqual(['lease-over unknown low']);
  const nothing = action({
    name: 'test.nothing',
    title: () => 'Do nothing',
    input: z.strictObject({}),
    output: z.null(),
    rollback: 'free',
  });
  const plan = definePlan({
    id: 'other',
    title: 'Other',
    steps: [nothing.step({ id: 'remember', input: {} })],
  });
  await run(plan, {
    approved: plan.digest,
    implementations: [implement(nothing, { perform: async () => null })],
    journal: at.journal('other'),
  }).outcome;
  expect(assessLevels(await read(at))).toMatchObject([
    { verdict: 'unknown', title: 'No journal of a level is in the folder' },
  ]);
  const error = await lentLevels(join(at.journals, 'none')).catch((reason: unknown) => reason);
  expect(isConfigError(error)).toBe(true);
  await expect(lentLevels(at.journals, { nwo: Date.now } as object)).rejects.toMatchObject({ field: 'nwo' });
});

test('it is read while a run sets, and does not get in its way', async () => {
  const at = await atSim();
  const planned = await at.plan(VOLUME);
  const execution = run(planned, {
    approved: planned.digest,
    implementations: levelImplementations({ cloud: at.cloud }),
    journal: at.journal(),
  });
  const reads: ReturnType<typeof read>[] = [];
  execution.events.on('record', () => void reads.push(read(at)));
  expect((await execution.outcome).status).toBe('paused');
  const states = (await Promise.all([...reads, read(at)])).map(({ value, gaps }) => {
    expect(gaps).toEqual([]);
    return value.levels[0]?.state ?? 'noted';
  });
  expect(states.at(-1)).toBe('lent');
  expect(['noted', 'setting', 'lent']).toEqual(expect.arrayContaining(states));
});

const LENT: LentLevel = {
  journal: 'nova.journal',
  run: 'r-1',
  service: 'nova-compute',
  on: 'compute-1',
  loggers: undefined,
  level: 'debug',
  state: 'lent',
  by: 'ada',
  since: '2026-11-30T08:00:00.000Z',
  until: '2026-11-30T09:00:00.000Z',
  coverage: { asked: 1, confirmed: 1, unverifiable: [], down: [] },
  notRestored: undefined,
  isHostToRestore: true,
};
const judged = (at: string, level: Partial<LentLevel>) =>
  assessLevels({
    value: { directory: 'levels', journals: 1, levels: [{ ...LENT, ...level }] },
    at,
    source: 'levels',
    completeness: 'complete',
    gaps: [],
  });

test('of a configuration the host may have put it back itself, which no journal tells', () => {
  const [late] = judged('2026-11-30T12:00:00.000Z', {});
  expect(late).toMatchObject({
    verdict: 'fail',
    title:
      'A lease is overdue, and nothing tells that the level was put back: nova-compute on compute-1 at DEBUG',
    subject: { name: 'nova-compute on compute-1' },
  });
  expect(late?.because.map(({ statement }) => statement)).toEqual([
    'its lease ended 3 h ago, at 2026-11-30T09:00:00.000Z; the journal tells of no putting back',
    'lent by ada from 2026-11-30T08:00:00.000Z to 2026-11-30T09:00:00.000Z',
    'the host was left what puts the configuration back at that time; whether it did is not in the journal',
  ]);
});

test.each([
  [
    'a setting that failed, within its lease',
    { state: 'not-set' },
    ['set-unknown unknown', 'lease-over pass'],
  ],
  ['the same, later', { state: 'not-set', until: '2026-11-30T08:20:00.000Z' }, ['lease-over fail']],
  ['what was noted only', { state: 'noted', since: undefined }, ['lease-over pass']],
  ['a restoring that failed before the end', { notRestored: 'the host is away' }, ['not-restored fail']],
  ['one that was put back', { state: 'restored' }, ['lease-over pass']],
] as const)('%s', (_, level, wanted) => {
  const findings = judged('2026-11-30T08:30:00.000Z', level);
  expect(findings.map(({ id, verdict }) => `${id.slice(15)} ${verdict}`)).toEqual(wanted);
});

test('services that were down are named', () => {
  const down = ['cinder-volume on b'];
  const [lent] = judged('2026-11-30T08:30:00.000Z', {
    coverage: { asked: 1, confirmed: 1, unverifiable: [], down },
  });
  expect(lent?.because[1]?.statement).toBe('down then, and passed over: cinder-volume on b');
});

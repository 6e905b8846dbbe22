import { type Json, type JournalRecord, memoryJournal } from '@groundcrew/runbook';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MeasuredRequest, type UpgradeMeasurement, upgradeVerdict, verdictText } from '../../src/run.ts';
import { areSlower } from '../../src/run/slower-than.ts';
import { carryOut, planOf } from './fixtures/carry-out.ts';
import { SimulatedSite } from './fixtures/simulated-site.ts';
import { topology } from './fixtures/topology.ts';

const plan = planOf({ services: ['keystone'] });
const journal = memoryJournal();
await carryOut(plan, new SimulatedSite(topology), { journal });
const records = await journal.read();

const timeOf = (type: string, step: string): number => {
  const found = records.find(({ event }) => event.type === type && 'step' in event && event.step === step);
  return Date.parse(found?.at ?? '');
};
const begin = timeOf('step-started', 'confirm-restore');
const end = timeOf('step-succeeded', 'contract-keystone');

/** One each 100 ms through the run, with some latency. */
const samples = (latency = 20, from = begin, to = end): MeasuredRequest[] =>
  Array.from({ length: Math.floor((to - from) / 100) + 1 }, (_, at) => ({
    at: from + at * 100,
    duration: latency + (at % 7),
    ok: true,
  }));

const before = samples(20, begin - 60_000, begin - 1_000);
const api = (more: Partial<UpgradeMeasurement> = {}): UpgradeMeasurement => ({
  name: 'token',
  of: 'api',
  service: 'keystone',
  samples: samples(),
  before,
  ...more,
});
const workload = (more: Partial<UpgradeMeasurement> = {}): UpgradeMeasurement => ({
  ...api({ name: 'ping', of: 'workload', service: 'neutron' }),
  ...more,
});

const failedAt = (moment: number): MeasuredRequest[] => [
  ...samples(),
  { at: moment, duration: 30, ok: false, error: 'HTTP 503' },
];
const judged = (...measurements: UpgradeMeasurement[]) => upgradeVerdict({ plan, records, measurements });

test('no failed request, and none slower', () => {
  expect(judged(api(), workload())).toMatchObject({ class: 'zero-impact', failed: [] });
});

describe('a step of which nobody knows what came of it', () => {
  const reported = (step: string, output: Json): JournalRecord[] =>
    records.map((record) =>
      record.event.type === 'step-acted' && record.event.step === step
        ? { ...record, event: { ...record.event, output } }
        : record,
    );
  const verdictOf = (journaled: readonly JournalRecord[]) =>
    upgradeVerdict({ plan, records: journaled, measurements: [api(), workload()] });
  const step = 'restart-keystone-ctl-2';

  test.each<[string, Json, string]>([
    [
      'unknown',
      { outcome: 'unknown', because: 'no service has a record of it', facts: {} },
      'no service has a record of it',
    ],
    ['dry', { outcome: 'dry', facts: {} }, 'nothing was done: the run was dry'],
    ['unreadable', 'done', 'its report cannot be read'],
  ])('%s: it is named, and the class is not known', (_, output, because) => {
    const verdict = verdictOf(reported(step, output));
    expect(verdict).toMatchObject({
      class: 'unknown',
      atMost: 'zero-impact',
      unseen: [{ step, because }],
      because: [expect.anything(), `not known what came of ${step}: ${because}`],
    });
    expect(verdictText(verdict)).toContain(`not known what came of ${step}: ${because}`);
  });

  test('one that was carried out again, and seen then, is known', () => {
    const unseen = reported(step, { outcome: 'unknown', because: 'gone', facts: {} });
    const again = records.filter(({ event }) => event.type === 'step-acted' && event.step === step);
    expect(again).toHaveLength(1);
    expect(verdictOf([...unseen, ...again]).unseen).toEqual([]);
  });

  test('of many with one reason five are named, and all are told', () => {
    const unknown = Array.from({ length: 2000 }, (_, at) => ({
      at: records[0]?.at ?? '',
      sequence: at,
      event: {
        type: 'step-acted',
        step: `signal-nova-cmp-${at}`,
        output: { outcome: 'unknown', because: 'nobody was asked', facts: {} },
        found: false,
      },
    })) as unknown as JournalRecord[];
    const { unseen, because } = verdictOf([...records, ...unknown]);
    expect(unseen).toHaveLength(2000);
    expect(because).toHaveLength(2);
    expect(because[1]).toMatch(/signal-nova-cmp-4 and 1995 more: nobody was asked$/);
  });
});

test('slower by a little, all of them', () => {
  expect(judged(api({ samples: samples(24) }), workload())).toMatchObject({
    class: 'zero-downtime',
    because: ['slower than before: token'],
  });
});

test('not compared is not as fast', () => {
  expect(judged(api({ before: undefined }), workload())).toMatchObject({ class: 'zero-downtime' });
});

test('a failed request, with its step', () => {
  const moment = timeOf('step-succeeded', 'restart-keystone-ctl-1') - 100;
  expect(judged(api({ samples: failedAt(moment) }), workload())).toMatchObject({
    class: 'rolling',
    failed: [{ name: 'token', service: 'keystone', error: 'HTTP 503', steps: ['restart-keystone-ctl-1'] }],
  });
});

test('a workload that failed is no class at all, whatever else was measured', () => {
  expect(judged(workload({ samples: failedAt(begin + 500) }))).toMatchObject({ class: 'none' });
});

test('a planned outage is accessible at most, also where nobody noticed it', () => {
  const down = planOf({ services: ['keystone'], outage: ['keystone'] });
  const verdict = upgradeVerdict({ plan: down, records, measurements: [api(), workload()] });
  expect(verdict).toMatchObject({ class: 'accessible', because: ['services were taken down: keystone'] });
});

test.each([
  ['no probe of an API', [workload()], 'no probe asked keystone'],
  ['no workload', [api()], 'no workload was watched'],
  [
    'a hole in the samples',
    [api({ samples: samples().filter(({ at }) => at < begin + 500 || at > begin + 5_900) }), workload()],
    'token was not measured for',
  ],
  [
    'nothing after the beginning',
    [api({ samples: samples(20, begin, begin + 300) }), workload()],
    'not measured',
  ],
  [
    'a probe that failed before',
    [api({ before: [...before, { at: begin - 500, duration: 3, ok: false }] }), workload()],
    'token failed before the run, too',
  ],
])('%s: unknown, and why', (_what, measurements, why) => {
  const verdict = judged(...measurements);
  expect(verdict.class).toBe('unknown');
  expect(verdict.because.join('\n')).toContain(why);
});

const every = (ms: number): MeasuredRequest[] => samples().filter(({ at }) => (at - begin) % ms === 0);

test('what is asked for rarely is measured all the same, but is no probe of its service by itself', () => {
  const among = (...measurements: UpgradeMeasurement[]): string =>
    upgradeVerdict({ plan, records, measurements, longestGap: '500ms' }).because.join();
  const rare = api({ name: 'server life', interval: '1s', samples: every(1_000) });
  expect(among(api(), workload(), rare)).not.toContain('server life was not measured');
  expect(among(rare, workload())).toContain('no probe asked keystone');
  expect(among(api(), workload(), { ...rare, samples: every(4_000) })).toContain(
    'server life was not measured for',
  );
});

test('each probe with its times, through the run and before', () => {
  const { probes } = judged(api({ samples: failedAt(begin + 500) }), workload({ before: undefined }));
  expect(probes).toEqual([
    {
      name: 'token',
      service: 'keystone',
      requests: samples().length + 1,
      failed: 1,
      median: 23,
      p99: 26,
      before: { requests: before.length, failed: 0, median: 23, p99: 26 },
    },
    expect.objectContaining({ name: 'ping', failed: 0, before: undefined }),
  ]);
  expect(judged(api({ samples: [], before: undefined })).probes[0]).toMatchObject({
    requests: 0,
    median: undefined,
  });
});

test('the text has the class, the probes, and the failures by service and step', () => {
  const moment = timeOf('step-succeeded', 'restart-keystone-ctl-1') - 100;
  const more = { at: moment, duration: 40, ok: false, error: 'HTTP 503\u001b[2J' };
  const lines = verdictText(judged(api({ samples: [...failedAt(moment), more] }), workload())).split('\n');
  expect(lines[0]).toBe('rolling: 2 request(s) failed: token');
  expect(lines[1]).toMatch(/^\d+ requests, 2 failed$/);
  expect(lines).toContainEqual(
    expect.stringMatching(/^token {2,}keystone +\d+ +2 +23 ms +26 ms +23 ms +26 ms$/),
  );
  expect(lines.at(-1)).toMatch(/^2 +keystone +restart-keystone-ctl-1 +HTTP 503$/);
  expect(verdictText(judged(api())).split('\n')[0]).toMatch(/^unknown, zero-impact at most: /);
});

test('a run that has not ended is not judged', () => {
  const cut = records.slice(0, -6);
  expect(upgradeVerdict({ plan, records: cut, measurements: [api(), workload()] }).class).toBe('unknown');
  expect(upgradeVerdict({ plan, records: [], measurements: [] })).toMatchObject({
    class: 'unknown',
    requests: 0,
  });
});

test('a name that there is not', () => {
  expect(() => upgradeVerdict({ plan, records, measurements: [], gap: 3 } as never)).toThrow(
    expect.objectContaining({ field: 'gap' }),
  );
});

test('the test of ranks: the same is never slower, all longer always, few tell nothing', () => {
  const some = fc.array(fc.nat(1000), { minLength: 20, maxLength: 80 });
  fc.assert(
    fc.property(some, (durations) => {
      expect(areSlower(durations, durations)).toBe(false);
      expect(
        areSlower(
          durations.map((one) => one + 2_000),
          durations,
        ),
      ).toBe(true);
      expect(
        areSlower(
          durations,
          durations.map((one) => one + 2_000),
        ),
      ).toBe(false);
    }),
  );
  expect(areSlower([9], [1])).toBeUndefined();
});

test('the test of ranks is wrong about nothing that changed in about one of a hundred', () => {
  let seed = 1;
  // A generator of its own: the share must be the same each time.
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const draw = (): number[] => Array.from({ length: 60 }, () => Math.round(-Math.log(1 - random()) * 40));
  const wrong = Array.from({ length: 2_000 }, () => areSlower(draw(), draw())).filter(Boolean).length;
  expect(wrong / 2_000).toBeGreaterThan(0.002);
  expect(wrong / 2_000).toBeLessThan(0.025);
});

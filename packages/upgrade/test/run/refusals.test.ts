import { series } from '../../src/index.ts';
import { planUpgrade, type PlannedHop, type PlanUpgradeOptions } from '../../src/run.ts';
import { expect, test } from 'vitest';
import { epoxyToGazpacho, options, topology } from './fixtures/topology.ts';

const row = (name: string) => {
  const found = series.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(name);
  return found;
};

const refusalsOf = (more: Partial<PlanUpgradeOptions>, hop: PlannedHop = epoxyToGazpacho) => {
  const planned = planUpgrade(hop, { ...options, ...more });
  return planned.ok ? [] : planned.refusals;
};
const codesOf = (...given: Parameters<typeof refusalsOf>) => refusalsOf(...given).map(({ code }) => code);

test.each([
  ['victoria', 'zed'],
  ['gazpacho', 'epoxy'],
  ['epoxy', 'epoxy'],
  // Planned, not released.
  ['hibiscus', 'indri'],
])('%s to %s is no hop', (from, to) => {
  expect(codesOf({}, { from: row(from), to: row(to) })).toEqual(['not-a-hop']);
});

test('a hop that was kept as JSON is the same one, and of a series that is none there is no plan', () => {
  const kept = JSON.parse(JSON.stringify(epoxyToGazpacho)) as PlannedHop;
  expect(codesOf({}, kept)).toEqual([]);
  expect(codesOf({}, { ...kept, to: { ...kept.to, name: 'hubris' as 'zed' } })).toEqual(['not-a-hop']);
});

test('a cloud that was found to be elsewhere, or between two releases', () => {
  const found = { services: [], because: ['nova 2.93'], disambiguateWith: [] };
  expect(codesOf({ found: { ...found, verdict: 'uniform', candidates: ['zed'] } })).toEqual([
    'release-differs',
  ]);
  expect(codesOf({ found: { ...found, verdict: 'mixed', candidates: [] } })).toEqual(['release-differs']);
  expect(codesOf({ found: { ...found, verdict: 'uniform', candidates: ['epoxy', 'flamingo'] } })).toEqual([]);
});

test('a component, and a service, of which nobody knows how', () => {
  const hosts = [{ name: 'a', runs: ['trove-api', 'keystone'] }];
  expect(refusalsOf({ topology: { hosts } })).toMatchObject([
    { code: 'unknown-service', reason: expect.stringContaining('trove-api') },
  ]);
  expect(refusalsOf({ outage: ['trove'] })).toMatchObject([
    { code: 'unknown-service', reason: 'there is no recipe of trove' },
  ]);
  expect(codesOf({ services: ['heat'] })).toEqual(['unknown-service']);
});

test('a service whose tools are nowhere', () => {
  expect(refusalsOf({ topology: { hosts: [{ name: 'a', runs: ['nova-compute'] }] } })).toMatchObject([
    { code: 'no-control-host', reason: expect.stringContaining('nova-conductor') },
  ]);
});

test('several cells, for which Nova documents nothing', () => {
  expect(codesOf({ topology: { ...topology, cells: 2 } })).toEqual(['multi-cell']);
  expect(codesOf({ topology: { ...topology, cells: 2 }, services: ['keystone'] })).toEqual([]);
});

test('a drain of all computes at once, which leaves their servers nowhere to go', () => {
  expect(codesOf({ drain: ['compute'], wave: 2 })).toEqual(['no-room']);
  expect(codesOf({ drain: ['compute'] })).toEqual([]);
  expect(codesOf({ wave: 2 })).toEqual([]);
});

test('a schema on which the old code breaks: named, with the choice of an outage of that service alone', () => {
  const schema = [
    {
      service: 'neutron',
      verdict: 'fail',
      harmless: [],
      conflicts: [
        {
          kind: 'gone',
          table: 'portforwardings',
          column: 'socket',
          because: 'portforwardings.socket is gone',
          certainty: 'sure',
        },
      ],
    },
  ] as unknown as PlanUpgradeOptions['schema'];
  expect(refusalsOf({ schema })).toMatchObject([
    {
      code: 'schema-not-rolling',
      reason: expect.stringContaining('portforwardings.socket is gone'),
      remedy: expect.stringContaining("outage: ['neutron']"),
    },
  ]);
  expect(codesOf({ schema, outage: ['neutron'] })).toEqual([]);
  expect(codesOf({ schema, strategy: 'outage' })).toEqual([]);
});

test('a service whose guide knows no upgrade while it serves', () => {
  const hosts = [{ name: 'a', runs: ['heat-engine', 'barbican-api', 'octavia-api', 'manila-api'] }];
  expect(codesOf({ topology: { hosts } })).toEqual(Array.from({ length: 4 }, () => 'no-rolling-procedure'));
  expect(codesOf({ topology: { hosts }, strategy: 'outage' })).toEqual([]);
});

test('a failed check; one that is not known is a warning', () => {
  const check = {
    id: 'upgrade.status-check',
    severity: 'high',
    title: "cinder's upgrade check fails: Windows",
    subject: { kind: 'service', id: 'cinder' },
    because: [{ statement: 'gone', source: 'cinder-status on ctl-1' }],
    remedy: 'Move its volumes.',
  } as const;
  expect(refusalsOf({ checks: [{ ...check, verdict: 'fail' }] })).toMatchObject([
    { code: 'check-failed', reason: check.title, remedy: 'Move its volumes.' },
  ]);
  const planned = planUpgrade(epoxyToGazpacho, { ...options, checks: [{ ...check, verdict: 'unknown' }] });
  expect(planned.ok && planned.plan.warnings[0]).toBe(`Not known: ${check.title}`);
});

test.each([
  ['none', undefined],
  ['one that is too old', { at: '2026-11-28T00:00:00Z' }],
  ['one of tomorrow', { at: '2026-12-01T00:00:00Z' }],
])('no way back: %s', (_what, proof) => {
  expect(codesOf({ proof })).toEqual(['no-proof']);
});

test('how old a proof may be is said by the caller', () => {
  expect(codesOf({ proof: { at: '2026-11-28T00:00:00Z' }, proofLimit: '3d' })).toEqual([]);
});

test('every reason is told at once', () => {
  expect(
    codesOf({ proof: undefined, topology: { ...topology, cells: 3 }, outage: ['trove'] }).toSorted(),
  ).toEqual(['multi-cell', 'no-proof', 'unknown-service']);
});

test.each([
  ['topology.hosts.0.run', { topology: { hosts: [{ name: 'a', run: ['keystone'] }] } }],
  [
    'topology.hosts',
    {
      topology: {
        hosts: [
          { name: 'a', runs: ['keystone'] },
          { name: 'a', runs: ['keystone'] },
        ],
      },
    },
  ],
  ['topology.hosts.0.name', { topology: { hosts: [{ name: 'a; rm', runs: ['keystone'] }] } }],
  ['waves', { waves: 2 }],
  ['wave', { wave: 0 }],
  ['strategy', { strategy: 'rollling' }],
  ['throttle.rows', { throttle: { rows: 5 } }],
  ['now', { now: 'today' }],
])('%s is refused by its name', (field, more) => {
  expect(() => refusalsOf(more as never)).toThrow(expect.objectContaining({ field }));
});

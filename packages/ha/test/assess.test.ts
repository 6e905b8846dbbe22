import { describe, expect, test } from 'vitest';
import { measure, redundancyRules } from '../src/redundancy.ts';
import { assess } from '../src/index.ts';
import { denied, judged, seen, snapshot, worker } from './snapshots.ts';

describe('single points of failure', () => {
  test.each([
    [['c1', 'c2'], [], 'pass', 'high'],
    [['c1'], [], 'fail', 'high'],
    [['c1'], ['c2'], 'fail', 'high'],
    [[], ['c1', 'c2'], 'fail', 'critical'],
  ])('alive on %j, down on %j: %s, %s', (alive, down, verdict, severity) => {
    const compute = seen([
      ...alive.map((host) => worker('nova-scheduler', host)),
      ...down.map((host) => worker('nova-scheduler', host, { alive: false })),
    ]);
    expect(judged({ compute }, 'ha.single-point-of-failure')).toMatchObject([{ verdict, severity }]);
  });

  test('two workers on one host are one; a disabled one is none', () => {
    const rule = redundancyRules[0];
    if (rule === undefined) throw new Error('no rules');
    const workers = [
      worker('nova-scheduler', 'c1'),
      worker('nova-scheduler', 'c1'),
      worker('nova-scheduler', 'c2', { enabled: false }),
    ];
    expect(measure(rule, workers)?.hosts).toEqual(['c1']);
  });

  test('a cloud without L3 agents (OVN) is not blamed for it', () => {
    expect(
      judged(
        { network: seen([worker('OVN Controller agent', 'c1', { service: 'network' })]) },
        'ha.single-point-of-failure',
      ),
    ).toEqual([]);
  });
});

test('a dead compute host is as bad as what it carries', () => {
  const compute = seen([worker('nova-compute', 'c1', { alive: false })]);
  const server = { id: 's1', name: 'db', host: 'c1', status: 'ACTIVE' };
  expect(judged({ compute, servers: seen([server]) }, 'ha.worker')).toMatchObject([
    { verdict: 'fail', severity: 'critical', title: 'nova-compute on c1 is down with 1 server on it' },
  ]);
  expect(judged({ compute }, 'ha.worker')).toMatchObject([{ verdict: 'fail', severity: 'high' }]);
  const unsure = judged({ compute, servers: denied('servers of all projects') }, 'ha.worker');
  expect(unsure[0]?.because[1]?.statement).toBe('which servers are on it could not be seen');
});

test('what is denied is unknown, and nothing about it passes', () => {
  const findings = assess(
    snapshot({
      compute: denied('compute services'),
      blockStorage: denied('block storage services'),
      network: denied('network agents'),
      servers: denied('servers'),
      routers: denied('routers'),
    }),
  );
  expect(findings.map((finding) => finding.verdict)).toEqual(findings.map(() => 'unknown'));
  expect(findings).toHaveLength(6);
});

test.each([
  [true, false, 'pass'],
  [false, true, 'pass'],
  [false, false, 'fail'],
  [undefined, undefined, 'unknown'],
])('a router with ha %s and distributed %s: %s', (ha, distributed, verdict) => {
  expect(judged({ routers: seen([{ id: 'r', name: 'r', ha, distributed }]) }, 'ha.router')).toMatchObject([
    { verdict },
  ]);
});

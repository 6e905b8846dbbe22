import { describe, expect, test } from 'vitest';
import { DrillAims, judge } from '../../src/drill/drill-report.ts';
import { commandsOf, DrillFault } from '../../src/drill/fault.ts';
import { withDescendants } from '@groundcrew/runbook/hosts';
import { planDrill } from '../../src/drill/plan-drill.ts';

describe('the verdict', () => {
  const good = {
    healed: true,
    downtime: { ms: 1_000, atMost: 1_300 },
    mttr: { ms: 1_500, atMost: 1_600 },
    unknown: [],
    faultTookMs: 10,
    undoing: { afterMs: 9_000, errors: 0, downtime: { ms: 0, atMost: 100 }, timeline: [], whole: true },
  };
  const aims = DrillAims.parse({});

  test.each<[string, string, object]>([
    ['within the aim, error bar included', 'pass', {}],
    ['the error bar beyond the aim', 'unknown', { downtime: { ms: 2_900, atMost: 3_100 } }],
    ['beyond the aim', 'fail', { downtime: { ms: 3_001, atMost: 3_100 } }],
    ['not healed', 'fail', { healed: false, mttr: undefined }],
    ['nobody knows whether it healed', 'unknown', { healed: undefined, mttr: undefined }],
    ['an error bar without an end', 'unknown', { downtime: { ms: 0 } }],
    ['something not measured', 'unknown', { unknown: ['what it was like before'] }],
    [
      'something not measured, and beyond the aim',
      'fail',
      { unknown: ['x'], downtime: { ms: 9_000, atMost: 9_100 } },
    ],
    ['not whole after it was undone', 'fail', { undoing: { ...good.undoing, whole: false } }],
  ])('%s: %s', (_, verdict, change) => {
    expect(judge({ ...good, ...change }, aims)).toMatchObject({ verdict, because: [expect.any(String)] });
  });

  test('of performance that came back late', () => {
    expect(judge(good, DrillAims.parse({ mttr: 1_000 })).verdict).toBe('fail');
    expect(judge(good, DrillAims.parse({ mttr: 2_000 })).verdict).toBe('pass');
  });
});

describe('faults', () => {
  test('descendants are hit, too, parents first', () => {
    const table = '    1     0\n   10     1\n   12    10\n   11    12\n   20     1\n';
    expect(withDescendants([10], table)).toEqual([10, 12, 11]);
    expect(withDescendants([99], table)).toEqual([]);
  });

  test('a partition cuts ARP as well, and is undone even where it was never made', () => {
    const fault = DrillFault.parse({ kind: 'partition', host: 'lb-1', victim: 'lb-1', interface: 'eth0' });
    const { inject, undo } = commandsOf(fault, []);
    expect(inject.join(' ')).toContain('create table arp groundcrew_drill');
    expect(inject.join(' ')).toContain('iifname "eth0" drop');
    expect(undo.join(' ')).toContain('add table inet groundcrew_drill; delete table inet groundcrew_drill;');
  });

  const freeze: DrillFault = {
    kind: 'freeze',
    host: 'api-1',
    victim: 'keystone on api-1',
    pids: ['cat', '/run/k.pid'],
  };

  test('are a plan that says what is done, and by what it is undone', () => {
    const plan = planDrill({ target: 'keystone', faults: [freeze, { ...freeze, host: 'api-2' }] });
    expect(plan.steps.map(({ id, needs }) => [id, needs])).toEqual([
      ['drill-1-freeze', []],
      ['drill-2-freeze', ['drill-1-freeze']],
    ]);
    expect(plan.steps[0]).toMatchObject({ rollback: 'free', why: 'Undone by SIGCONT.' });
    expect(plan.digest).toBe(
      planDrill({ target: 'keystone', faults: [freeze, { ...freeze, host: 'api-2' }] }).digest,
    );
    expect(plan.digest).not.toBe(planDrill({ target: 'keystone', faults: [freeze] }).digest);
  });

  test.each<[string, object]>([
    ['faults', { faults: [] }],
    ['faults.0.pids', { faults: [{ ...freeze, pids: [] }] }],
    [
      'faults.0.interface',
      { faults: [{ kind: 'partition', host: 'a', victim: 'a', interface: 'e"; flush ruleset; "' }] },
    ],
    ['faults.0.kind', { faults: [{ ...freeze, kind: 'explode' }] }],
    ['aims.downtime', { aims: { downtime: -1 } }],
    ['timing.limit', { timing: { limit: 0 } }],
  ])('%s is checked', (field, change) => {
    expect(() => planDrill({ target: 'keystone', faults: [freeze], ...change })).toThrow(
      expect.objectContaining({ field }) as Error,
    );
  });
});

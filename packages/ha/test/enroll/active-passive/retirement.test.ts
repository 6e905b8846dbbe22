import { InputError } from '@groundcrew/core';
import { explain } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import {
  type ActivePassiveRetirementOptions,
  type ActivePassiveSnapshot,
  planActivePassiveRetirement,
} from '../../../src/enroll.ts';
import { resourceElements } from '../../../src/enroll/active-passive/resource-elements.ts';
import { ActivePassiveModel } from '../../../src/enroll/active-passive/active-passive-options.ts';
import { component, status } from './cluster.ts';

const nodes = ['ctl-1', 'ctl-2'];
const elements = resourceElements(
  ActivePassiveModel.parse({ nodes, agent: 'systemd:cinder-volume', id: 'cinder-volume' }),
);
const there: ActivePassiveSnapshot = { status, present: { state: 'ours', elements }, devices: {}, gaps: [] };
const plan = (snapshot: ActivePassiveSnapshot, differs: Partial<ActivePassiveRetirementOptions> = {}) =>
  planActivePassiveRetirement(component('cinder-volume'), { nodes, ...differs }, snapshot);
const codesOf = (...args: Parameters<typeof plan>): string[] => {
  const planned = plan(...args);
  return planned.ok ? [] : planned.refusals.map(({ code }) => code);
};

describe('a plan', () => {
  test('asks Pacemaker first, stops it, and only then gives it back', () => {
    const handBack = { node: 'ctl-2', run: ['systemctl', 'enable', '--now', 'cinder-volume'] };
    const planned = plan(there, { handBack });
    if (!planned.ok) throw new Error(planned.refusals[0].reason);
    expect(planned.plan.steps.map(({ id, needs }) => [id, needs])).toEqual([
      ['rehearse', []],
      ['retire', ['rehearse']],
      ['hand-back-ctl-2', ['retire']],
    ]);
    expect(planned.plan.warnings).toEqual(['When its node dies, nobody starts it elsewhere.']);
    expect(explain(planned.plan)).toContain('Run systemctl enable --now cinder-volume on ctl-2');
  });

  test('without anybody who starts it then, that is said', () => {
    const planned = plan(there);
    expect(planned.ok && planned.plan.warnings[1]).toMatch(/^Nobody runs it afterwards/);
  });

  test.each<[string, ActivePassiveSnapshot, string[]]>([
    ['nobody was asked', { ...there, status: undefined, present: undefined }, ['enroll.unseen']],
    ['it is not there', { ...there, present: { state: 'absent' } }, ['enroll.unknown-replica']],
    ['somebody else made it', { ...there, present: { state: 'foreign', elements } }, ['enroll.foreign']],
    ['somebody changed it', { ...there, present: { state: 'edited', elements } }, ['enroll.edited']],
    ['no quorum', { ...there, status: { ...status, quorum: false } }, ['enroll.no-quorum']],
    ['maintenance', { ...there, status: { ...status, maintenance: true } }, ['enroll.maintenance']],
  ])('%s: refused', (_, snapshot, codes) => {
    expect(codesOf(snapshot)).toEqual(codes);
  });

  test('what is not ours goes if one says so', () => {
    expect(codesOf({ ...there, present: { state: 'foreign', elements } }, { adopt: true })).toEqual([]);
  });

  test('given back to a node that is none of them; rubbish', () => {
    expect(codesOf(there, { handBack: { node: 'ctl-9', run: ['true'] } })).toEqual(['enroll.unknown-node']);
    expect(() => plan(there, { nodes: [] })).toThrow(InputError);
    expect(() => plan(there, { handBack: { node: 'ctl-1', run: [] } })).toThrow(/handBack/);
    expect(() => plan(there, { drain: 3 } as never)).toThrow(/drain/);
  });
});

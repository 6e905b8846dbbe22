import type { Observed } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import {
  evaluate,
  type Exemption,
  ExemptionError,
  exemptionEvents,
  fail,
  parseExemptions,
  pass,
  policiesOver,
  subject,
} from '../../src/policy.ts';
import { cut, NOW, seen } from './seen.ts';

interface House {
  readonly doors: Observed<readonly { readonly id: string; readonly open: boolean; readonly of: string }[]>;
  readonly scope: string;
}
const closed = policiesOver<House>()({
  id: 'house.closed',
  title: 'Doors are closed',
  severity: 'high',
  needs: ['doors'],
  remedy: 'Close it.',
  check: ({ doors }) =>
    doors.map((door) =>
      (door.open ? fail : pass)(subject('door', door), `open: ${door.open}`, { project: door.of }),
    ),
});
const house: House = {
  doors: seen([
    { id: 'front', open: true, of: 'p1' },
    { id: 'back', open: true, of: 'p2' },
    { id: 'side', open: false, of: 'p1' },
  ]),
  scope: 'one house',
};
const exemption = (parts: Partial<Exemption> = {}): Exemption => ({
  id: 'e1',
  policy: 'house.closed',
  subject: { id: 'front' },
  owner: 'Ada',
  reason: 'the cat',
  expires: '2026-04-01T00:00:00Z',
  ...parts,
});
const judge = (exemptions: readonly Exemption[], snapshot = house) =>
  evaluate([closed], snapshot, { now: NOW, exemptions });
const verdictsOf = (report: ReturnType<typeof judge>) =>
  Object.fromEntries(
    report.findings
      .filter(({ id }) => id === 'house.closed')
      .map((result) => [result.subject.id, result.verdict]),
  );
const of = (report: ReturnType<typeof judge>, id: string) =>
  report.findings.filter((entry) => entry.id === id);

describe('reading', () => {
  test.each([
    ['owner', { owner: undefined }, 'exemptions[0].owner'],
    ['owner that is blank', { owner: '  ' }, 'exemptions[0].owner'],
    ['end', { expires: undefined }, 'exemptions[0].expires'],
    ['end that has no zone', { expires: '2026-04-01T00:00:00' }, 'exemptions[0].expires'],
    ['end that is a day', { expires: '2026-04-01' }, 'exemptions[0].expires'],
    ['reason', { reason: undefined }, 'exemptions[0].reason'],
    ['subject', { subject: undefined }, 'exemptions[0].subject'],
    ['subject that names nothing', { subject: {} }, 'exemptions[0].subject'],
    ['known fields only', { until: 'ever' }, 'exemptions[0]'],
    ['known fields in the subject only', { subject: { id: 'x', porject: 'p' } }, 'exemptions[0].subject'],
    ['policy that may be exempt', { policy: 'audit.exemption-expired' }, 'exemptions[0].policy'],
  ])('without a good %s it is refused, by the name of the field', (_, parts, field) => {
    const read = () => parseExemptions([{ ...exemption(), ...parts }]);
    expect(read).toThrow(ExemptionError);
    expect(read).toThrow(field);
  });
  test('two of one id, and what is no list, are refused', () => {
    expect(() => parseExemptions([exemption(), exemption()])).toThrow('exemptions[1].id');
    expect(() => parseExemptions({})).toThrow('exemptions');
  });
  test('evaluate believes none that it has not read itself', () => {
    expect(() => judge([{ ...exemption(), expires: 'never' }])).toThrow('exemptions[0].expires');
  });
});

describe('what they do', () => {
  test('a failure is exempt; it keeps its evidence, and names owner, reason and end', () => {
    const [one] = of(judge([exemption()]), 'house.closed').filter(({ subject: { id } }) => id === 'front');
    expect(one?.verdict).toBe('exempt');
    expect(one?.because.map(({ statement }) => statement)).toEqual([
      'open: true',
      'Ada answers for it until 2026-04-01T00:00:00Z: the cat',
    ]);
    expect(one?.exemption).toEqual({ ...exemption(), overlaps: [] });
  });
  test.each([
    [{ id: 'front' }, ['front']],
    [{ kind: 'door' }, ['back', 'front']],
    [{ project: 'p2' }, ['back']],
    [{ kind: 'door', project: 'p1' }, ['front']],
    [{ id: 'front', project: 'p2' }, []],
    [{ kind: 'window' }, []],
  ])('%j covers %j: all that is named must agree', (matcher, covered) => {
    const verdicts = verdictsOf(judge([exemption({ subject: matcher })]));
    expect(
      Object.keys(verdicts)
        .filter((id) => verdicts[id] === 'exempt')
        .toSorted(),
    ).toEqual(covered);
    expect(verdicts['side']).toBe('pass');
  });
  test('what is unknown is not exempt', () => {
    const report = judge([exemption({ subject: { kind: 'scope' } })], {
      ...house,
      doors: cut(house.doors, 'denied'),
    });
    expect(report.tally).toMatchObject({ unknown: 1, exempt: 0 });
    expect(report.exemptions[0]?.state).toBe('undecided');
  });
  test('the findings of other judges can be exempt', () => {
    const [finding] = judge([]).findings;
    const report = evaluate([], house, {
      now: NOW,
      exemptions: [exemption({ policy: 'audit.allow-all', subject: { kind: 'door' } })],
      found: finding === undefined ? [] : [{ ...finding, id: 'audit.allow-all' }],
    });
    expect(report.tally.exempt).toBe(1);
  });
});

describe('their end', () => {
  test.each([
    ['a millisecond before', '2026-03-02T12:00:00.001Z', 'exempt'],
    ['the very moment', '2026-03-02T12:00:00.000Z', 'fail'],
    ['the same moment in another zone', '2026-03-02T13:00:00.000+01:00', 'fail'],
  ])('%s', (_, expires, verdict) => {
    expect(verdictsOf(judge([exemption({ expires })]))['front']).toBe(verdict);
  });
  test('an expired one is a finding, and the failure stands', () => {
    const report = judge([exemption({ expires: '2026-01-01T00:00:00Z' })]);
    expect(of(report, 'audit.exemption-expired')).toEqual([
      expect.objectContaining({
        verdict: 'fail',
        severity: 'medium',
        subject: { kind: 'exemption', id: 'e1' },
      }),
    ]);
    expect(verdictsOf(report)['front']).toBe('fail');
    expect(report.exemptions[0]).toMatchObject({ state: 'expired', findings: 1 });
  });
  test('of overlapping ones the one that ends first counts, whatever their order, and the overlap is told', () => {
    const late = exemption({ id: 'late', expires: '2027-01-01T00:00:00Z' });
    const soon = exemption({ id: 'soon', subject: { kind: 'door' }, expires: '2026-03-03T00:00:00Z' });
    for (const both of [
      [late, soon],
      [soon, late],
    ]) {
      const report = judge(both);
      const [one] = of(report, 'house.closed').filter(({ subject: { id } }) => id === 'front');
      expect(one?.exemption).toMatchObject({ id: 'soon', overlaps: ['late'] });
      expect(one?.because.at(-1)?.statement).toBe('it overlaps late; the one that ends first counts');
      expect(report.exemptions.find(({ exemption: { id } }) => id === 'late')?.overlaps).toEqual(['soon']);
    }
  });
  test('an expired one beside one that holds is told, and the other counts', () => {
    const report = judge([exemption({ id: 'old', expires: '2026-01-01T00:00:00Z' }), exemption()]);
    expect(verdictsOf(report)['front']).toBe('exempt');
    expect(of(report, 'audit.exemption-expired')).toHaveLength(1);
  });
  test('one that covers nothing is told, but only if its policy saw everything', () => {
    const idle = exemption({ subject: { id: 'side' } });
    expect(of(judge([idle]), 'audit.exemption-unused')).toHaveLength(1);
    const partial = judge([idle], { ...house, doors: cut(house.doors, 'partial') });
    expect(of(partial, 'audit.exemption-unused')).toEqual([]);
    expect(partial.exemptions[0]?.state).toBe('undecided');
    const other = judge([exemption({ policy: 'house.painted' })]);
    expect(of(other, 'audit.exemption-unused')).toEqual([]);
    expect(other.exemptions[0]?.state).toBe('undecided');
  });
});

describe('who granted them', () => {
  test('granting, changing and ending are events; the order of fields is none', () => {
    const kept = exemption({ id: 'kept' });
    const { id, ...rest } = kept;
    const events = exemptionEvents({
      before: [exemption({ id: 'ended' }), kept, exemption({ id: 'changed' })],
      after: [{ ...rest, id }, exemption({ id: 'changed', owner: 'Grace' }), exemption({ id: 'new' })],
      who: { user_name: 'ada' },
      at: '2026-03-02T12:00:00.000Z',
    });
    expect(events.map(({ action, target, kind }) => [kind, action, target.type, target.id])).toEqual([
      ['groundcrew', 'create', 'exemption', 'new'],
      ['groundcrew', 'update', 'exemption', 'changed'],
      ['groundcrew', 'delete', 'exemption', 'ended'],
    ]);
    expect(events[1]?.detail).toMatchObject({ owner: 'Grace', before: { owner: 'Ada' } });
    expect(new Set(events.map((event) => event.id)).size).toBe(3);
  });
  test('a time that is none is refused', () => {
    expect(() => exemptionEvents({ before: [], after: [exemption()], who: {}, at: 'today' })).toThrow('at');
  });
});

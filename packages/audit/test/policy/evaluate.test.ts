import type { Observed } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { evaluate, fail, type Judgement, pass, policiesOver, subject, unknown } from '../../src/policy.ts';
import { cut, NOW, seen } from './seen.ts';

interface Door {
  readonly id: string;
  readonly open: boolean;
  readonly key?: string;
}
interface House {
  readonly doors: Observed<readonly Door[]>;
  readonly keys: Observed<readonly { readonly id: string; readonly lost: boolean }[]>;
  readonly scope: string;
}
const definePolicy = policiesOver<House>();
const house = (parts: Partial<House> = {}): House => ({
  doors: seen([
    { id: 'front', open: true, key: 'k1' },
    { id: 'back', open: false, key: 'k2' },
  ]),
  keys: seen([
    { id: 'k1', lost: false },
    { id: 'k2', lost: false },
  ]),
  scope: 'one house',
  ...parts,
});
const closed = definePolicy({
  id: 'house.closed',
  title: 'Doors are closed',
  severity: 'high',
  needs: ['doors'],
  remedy: 'Close it.',
  check: ({ doors }) =>
    doors.map((door) =>
      (door.open ? fail : pass)(subject('door', door), door.open ? 'it is open' : 'it is closed'),
    ),
});
const keyed = definePolicy({
  id: 'house.keyed',
  title: 'Keys of doors are there',
  severity: 'medium',
  needs: ['doors', 'keys'],
  remedy: 'Find it.',
  check: ({ doors, keys }) =>
    doors.map((door) => {
      const key = keys.find(({ id }) => id === door.key);
      if (key === undefined) return fail(subject('door', door), 'no key', { ifWhole: ['keys'] });
      return (key.lost ? fail : pass)(
        subject('door', door),
        key.lost ? 'its key is lost' : 'its key is there',
      );
    }),
});
const verdicts = (snapshot: House, ...policies: Parameters<typeof evaluate<House>>[0]) =>
  Object.fromEntries(
    evaluate(policies, snapshot, { now: NOW }).findings.map((result) => [
      `${result.subject.kind} ${result.subject.id}`,
      result.verdict,
    ]),
  );

describe('what was seen', () => {
  test('each thing has a finding, with its reasons and where they are from', () => {
    const report = evaluate([closed], house(), { now: NOW });
    expect(report.findings).toEqual([
      {
        id: 'house.closed',
        verdict: 'fail',
        severity: 'high',
        title: 'Doors are closed',
        subject: { kind: 'door', id: 'front', name: undefined },
        because: [{ statement: 'it is open', source: 'test', at: '2026-03-02T11:59:00.000Z' }],
        remedy: 'Close it.',
      },
      expect.objectContaining({ verdict: 'pass', remedy: undefined }),
    ]);
    expect(report.at).toBe('2026-03-02T12:00:00.000Z');
    expect(report.policies).toEqual([
      {
        id: 'house.closed',
        title: 'Doors are closed',
        severity: 'high',
        needs: ['doors'],
        remedy: 'Close it.',
        frameworks: {},
        tally: { pass: 1, fail: 1, unknown: 0, exempt: 0 },
      },
    ]);
  });

  test('a list that was read and is empty passes, and says so', () => {
    const { findings } = evaluate([closed], house({ doors: seen([]) }), { now: NOW });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ verdict: 'pass', subject: { kind: 'scope', id: 'doors' } });
    expect(findings[0]?.because[0]?.statement).toBe('0 doors were read, and none is concerned');
  });

  test('several words on one thing are one finding: the worst, with its own reasons and severity', () => {
    const twice = definePolicy({
      ...closed,
      needs: ['doors'],
      *check(): Generator<Judgement> {
        yield pass({ kind: 'door', id: 'front' }, 'painted');
        yield fail({ kind: 'door', id: 'front' }, 'open', { severity: 'low' });
        yield fail({ kind: 'door', id: 'front' }, 'burning', { severity: 'critical', project: 'p1' });
        yield unknown({ kind: 'door', id: 'front' }, 'haunted');
      },
    });
    const { findings } = evaluate([twice], house(), { now: NOW });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ verdict: 'fail', severity: 'critical' });
    expect(findings[0]?.because.map(({ statement }) => statement)).toEqual(['open', 'burning']);
  });
});

describe('what was not seen never passes', () => {
  test.each(['denied', 'failed', 'unsupported'] as const)(
    'a list that is %s is no empty list',
    (completeness) => {
      expect(verdicts(house({ doors: cut(house().doors, completeness) }), closed)).toEqual({
        'scope doors': 'unknown',
      });
    },
  );

  test('of a partial list, what was seen stands, and the rest is unknown, with the gap as the reason', () => {
    const snapshot = house({ doors: cut(house().doors, 'partial') });
    expect(verdicts(snapshot, closed)).toEqual({
      'door front': 'fail',
      'door back': 'pass',
      'scope doors': 'unknown',
    });
    const whole = evaluate([closed], snapshot, { now: NOW }).findings.find(
      ({ subject: { kind } }) => kind === 'scope',
    );
    expect(whole?.because[0]?.statement).toBe('test not seen: 403 for test');
    expect(whole?.remedy).toBe('Ask as an administrator.');
  });

  test('an old list is not believed, though it has no gaps', () => {
    const { findings } = evaluate([closed], house({ doors: cut(house().doors, 'stale') }), { now: NOW });
    expect(findings.find(({ subject: { kind } }) => kind === 'scope')).toMatchObject({
      verdict: 'unknown',
      because: [{ statement: 'doors were read at 2026-03-02T11:59:00.000Z, too long ago' }],
    });
  });

  test.each(['denied', 'partial', 'failed', 'unsupported', 'stale'] as const)(
    'where what is looked up in is %s, nothing passes, and what rests on absence is unknown',
    (completeness) => {
      const snapshot = house({
        doors: seen([
          { id: 'front', open: true, key: 'k1' },
          { id: 'side', open: true, key: 'k9' },
          { id: 'back', open: false, key: 'k3' },
        ]),
        keys: cut(
          seen([
            { id: 'k1', lost: false },
            { id: 'k3', lost: true },
          ]),
          completeness,
        ),
      });
      const kept = completeness === 'partial' || completeness === 'stale';
      expect(verdicts(snapshot, keyed)).toEqual({
        'door front': 'unknown',
        'door side': 'unknown',
        'door back': kept ? 'fail' : 'unknown',
        'scope doors': 'unknown',
      });
    },
  );

  test('a part that nobody read is unknown, and the check is not even called', () => {
    const { keys: _keys, ...rest } = house();
    expect(verdicts(rest as House, keyed)).toEqual({ 'scope doors': 'unknown' });
  });

  test('thousands of gaps are counted, not told', () => {
    const doors = cut(house().doors, 'partial');
    const many = { ...doors, gaps: Array.from({ length: 4000 }, () => doors.gaps[0] ?? never()) };
    const [first] = evaluate([closed], house({ doors: many }), { now: NOW }).findings.filter(
      ({ verdict }) => verdict === 'unknown',
    );
    expect(first?.because).toHaveLength(6);
    expect(first?.because.at(-1)?.statement).toBe('and 3995 further gaps');
  });
});

describe('policies that are broken', () => {
  const broken = (check: () => Iterable<Judgement>) =>
    definePolicy({ id: 'house.broken', title: 'x', severity: 'low', needs: ['doors'], remedy: 'x', check });
  test('one that throws is unknown, and stops no other; failures that it saw stand, passes do not', () => {
    const policy = broken(function* () {
      yield fail({ kind: 'door', id: 'front' }, 'open');
      yield pass({ kind: 'door', id: 'back' }, 'closed');
      throw new Error('out of paper');
    });
    const report = evaluate([policy, closed], house(), { now: NOW });
    const told = report.findings.filter(({ id }) => id === 'house.broken');
    expect(Object.fromEntries(told.map(({ subject: { id }, verdict }) => [id, verdict]))).toEqual({
      front: 'fail',
      back: 'unknown',
      doors: 'unknown',
    });
    expect(told.find(({ subject: { kind } }) => kind === 'scope')?.because[0]?.statement).toBe(
      'the policy broke off: out of paper',
    );
    expect(report.findings.filter(({ id }) => id === 'house.closed')).toHaveLength(2);
  });

  test.each([
    ['another word', { verdict: 'ok', subject: { kind: 'door', id: 'x' }, because: ['y'] }],
    ['no reason', { verdict: 'pass', subject: { kind: 'door', id: 'x' }, because: [] }],
    ['no subject', { verdict: 'pass', subject: { kind: 'door', id: '' }, because: ['y'] }],
    ['nothing', undefined],
  ])('one that says %s is unknown', (_, judgement) => {
    const report = evaluate([broken(() => [judgement as Judgement])], house(), { now: NOW });
    expect(report.tally).toEqual({ pass: 0, fail: 0, unknown: 1, exempt: 0 });
  });

  test('one that throws no error, or returns nothing to iterate, is unknown', () => {
    const thrower = broken(() => {
      // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- other people's functions do
      throw 'paper';
    });
    expect(evaluate([thrower], house(), { now: NOW }).tally.unknown).toBe(1);
    expect(evaluate([broken(() => undefined as never)], house(), { now: NOW }).tally.unknown).toBe(1);
  });

  test('two of one id, a moment that is none, and a policy without name or needs are refused', () => {
    const refused = (field: string) => expect.objectContaining({ name: 'InputError', field }) as Error;
    expect(() => evaluate([closed, closed], house(), { now: NOW })).toThrow('two have the id house.closed');
    expect(() => evaluate([closed], house(), { now: Number.NaN })).toThrow(refused('now'));
    expect(() => evaluate([closed], house(), { now: Number.POSITIVE_INFINITY })).toThrow(refused('now'));
    expect(() => evaluate([closed], house(), { now: NOW, exemption: [] } as never)).toThrow(
      refused('exemption'),
    );
    expect(() => definePolicy({ ...closed, needs: ['doors'], id: ' ' })).toThrow(refused('id'));
    expect(() => definePolicy({ ...closed, needs: ['doors'], id: 'a b' })).toThrow(refused('id'));
    expect(() => definePolicy({ ...closed, needs: [] as never })).toThrow('needs nothing');
    expect(() => definePolicy({ ...closed, needs: ['doors', 'doors'] })).toThrow(refused('needs'));
    expect(() => definePolicy({ ...closed, needs: ['doors'], severity: 'grave' as never })).toThrow(
      refused('severity'),
    );
    expect(() => definePolicy({ ...closed, needs: ['doors'], framework: {} } as never)).toThrow(
      refused('framework'),
    );
  });
});

test('check gets what it needs, by type and in fact', () => {
  let got: object = {};
  const policy = definePolicy({
    ...closed,
    needs: ['doors'],
    check: (parts) => {
      got = parts;
      // @ts-expect-error -- keys are not in needs
      expect(parts.keys).toBeUndefined();
      return [];
    },
  });
  evaluate([policy], house(), { now: NOW });
  expect(Object.keys(got)).toEqual(['doors']);
  // @ts-expect-error -- the scope is no part
  definePolicy({ ...closed, needs: ['scope'], check: () => [] });
});

test('the findings of other judges are in the report', () => {
  const [finding] = evaluate([closed], house(), { now: NOW }).findings;
  const report = evaluate([], house(), { now: NOW, found: [{ ...(finding ?? never()), id: 'other.rule' }] });
  expect(report.findings.map(({ id }) => id)).toEqual(['other.rule']);
  expect(report.tally.fail).toBe(1);
});

function never(): never {
  throw new Error('there is none');
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Finding, finding, overall, tally, worstFirst } from '../src/index.ts';

const make = (parts: Partial<Finding>): Finding => ({
  id: 'test.rule',
  verdict: 'pass',
  severity: 'low',
  title: 'A rule',
  subject: { kind: 'volume', id: 'v1' },
  because: [{ statement: 'it was looked at', source: 'test' }],
  remedy: undefined,
  ...parts,
});

const anyFinding = fc
  .record({
    verdict: fc.constantFrom('pass', 'fail', 'unknown', 'exempt'),
    severity: fc.constantFrom('critical', 'high', 'medium', 'low', 'info'),
    id: fc.constantFrom('a.one', 'b.two'),
  })
  .map((parts) => make(parts as Partial<Finding>));

test('a finding without evidence is none', () => {
  expect(() => finding(make({ because: [] }))).toThrow('has no evidence');
});

describe('overall', () => {
  test('of nothing it is unknown: nothing was looked at', () => {
    expect(overall([])).toBe('unknown');
  });

  test('it passes only if all passed or are exempt, and something passed', () => {
    fc.assert(
      fc.property(fc.array(anyFinding), (findings) => {
        const verdicts = new Set(findings.map((each) => each.verdict));
        const clean = verdicts.has('pass') && !verdicts.has('fail') && !verdicts.has('unknown');
        expect(overall(findings) === 'pass').toBe(clean);
      }),
    );
  });
});

test('worst first: no later finding is worse, none is lost', () => {
  const verdicts = ['fail', 'unknown', 'exempt', 'pass'];
  fc.assert(
    fc.property(fc.array(anyFinding), (findings) => {
      const sorted = worstFirst(findings);
      expect(tally(sorted)).toEqual(tally(findings));
      const order = sorted.map((each) => verdicts.indexOf(each.verdict));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }),
  );
});

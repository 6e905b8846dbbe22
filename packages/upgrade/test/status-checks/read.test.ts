import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUpgradeCheck } from '../../src/checks.ts';

/** As PrettyTable prints what `UpgradeCommands.check` gives it (oslo_upgradecheck/upgradecheck.py), details wrapped at 60. */
function table(
  checks: readonly { readonly check: string; readonly result: string; readonly details: readonly string[] }[],
): string {
  const cells = checks.map(({ check, result, details }) => [
    `Check: ${check}`,
    `Result: ${result}`,
    ...details.map((line, at) => (at === 0 ? `Details: ${line}` : `  ${line}`)),
  ]);
  const width = Math.max(21, ...cells.flat().map((line) => line.length));
  const rule = `+${'-'.repeat(width + 2)}+`;
  const row = (line: string): string => `| ${line.padEnd(width)} |`;
  return [
    rule,
    row('Upgrade Check Results'),
    rule,
    ...cells.flatMap((cell) => [...cell.map(row), rule]),
    '',
  ].join('\n');
}

test('the table, with details over several lines', () => {
  const text = table([
    { check: 'Cells v2', result: 'Success', details: ['None'] },
    { check: 'hw_machine_type unset', result: 'Warning', details: ['There are 3 instances', 'without it.'] },
    {
      check: 'Older than N-1 computes',
      result: 'Failure',
      details: ['Current Nova version does not support computes'],
    },
  ]);
  expect(readUpgradeCheck(`/usr/lib/python3/x.py:1: DeprecationWarning: old\n${text}`)).toEqual([
    { check: 'Cells v2', result: 'success', details: undefined },
    { check: 'hw_machine_type unset', result: 'warning', details: 'There are 3 instances without it.' },
    {
      check: 'Older than N-1 computes',
      result: 'failure',
      details: 'Current Nova version does not support computes',
    },
  ]);
});

test('JSON, behind the warnings of a library', () => {
  const json =
    '{"name": "Upgrade Check Results", "checks": [{"check": "Policy File", "result": 2, "details": "It is JSON."}]}';
  expect(readUpgradeCheck(`a warning {\n${json}\n`)).toEqual([
    { check: 'Policy File', result: 'failure', details: 'It is JSON.' },
  ]);
});

describe('what is neither', () => {
  test.each([
    [''],
    ['Error:\nTraceback (most recent call last):\n'],
    ['{"name": "x"}'],
    ['{"name": "x", "checks": [{"check": "a", "result": 7, "details": null}]}'],
    [table([{ check: 'a', result: 'Maybe', details: ['None'] }])],
    // Cut off within a cell.
    [
      table([{ check: 'a', result: 'Success', details: ['None'] }])
        .split('\n')
        .slice(0, -2)
        .join('\n'),
    ],
  ])('%j', (text) => {
    expect(readUpgradeCheck(text)).toBeUndefined();
  });

  test('a table of no checks is a list of none', () => {
    expect(readUpgradeCheck(table([]))).toEqual([]);
  });
});

const word = fc.stringMatching(/^[A-Za-z][\w-]{0,10}(?: [\w:|+-]{1,10}){0,3}$/);

test('whatever the checks say, each comes back, and no words of one are a result', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          check: word,
          result: fc.constantFrom('Success', 'Warning', 'Failure'),
          details: fc.array(fc.oneof(word, fc.constant('Result: Success')), { minLength: 1, maxLength: 3 }),
        }),
        { maxLength: 4 },
      ),
      (checks) => {
        const read = readUpgradeCheck(table(checks)) ?? [];
        expect(read.map(({ check, result }) => [check, result])).toEqual(
          checks.map(({ check, result }) => [check, result.toLowerCase()]),
        );
      },
    ),
  );
});

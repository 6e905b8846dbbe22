import { expect, test } from 'vitest';
import { retryAfterOf } from '../../src/wire/retry-after.ts';

const now = Date.UTC(2026, 10, 29, 12);
const asked = (value: string): number | undefined => retryAfterOf(new Headers({ 'retry-after': value }), now);

// RFC 9110, 5.6.7: all three must be taken; asctime's is in UTC, wherever this runs.
test.each([
  ['120', 120_000],
  ['0', 0],
  [' 7 ', 7_000],
  ['Sun, 29 Nov 2026 12:00:30 GMT', 30_000],
  ['Sunday, 29-Nov-26 12:00:30 GMT', 30_000],
  ['Sun Nov 29 12:00:30 2026', 30_000],
  ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
])('%j', (value, expected) => {
  expect(asked(value)).toBe(expected);
});

// What V8 makes a date of, or Number a number: mastra-ai/mastra issue 23778, SpaceTradersAPI/api-docs issue 24 (`0.493`).
test.each([
  '1.5',
  '0.5',
  '2, 3',
  '-1',
  '1e3',
  '0x10',
  'Mon 1.5',
  'Sun, 1',
  'soon',
  '2026-11-29',
  '',
  '99999999999',
])('%j is no value: the pause is that of every retry', (value) => {
  expect(asked(value)).toBeUndefined();
});

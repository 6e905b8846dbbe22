import { expect, test } from 'vitest';
import { Timestamp } from '../../src/record/timestamp.ts';

test.each([
  ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00Z'],
  ['2026-01-01T10:00:00.000000', '2026-01-01T10:00:00.000000Z'],
  ['2026-01-01T10:00:00', '2026-01-01T10:00:00Z'],
  ['2026-01-01 10:00:00', '2026-01-01T10:00:00Z'],
  ['2026-01-01 10:00:00.123456', '2026-01-01T10:00:00.123456Z'],
  ['2026-01-01T10:00:00+02:00', '2026-01-01T10:00:00+02:00'],
  ['2026-01-01T10:00:00+0000', '2026-01-01T10:00:00+0000'],
  ['never', 'never'],
])('%s', (written, read) => {
  expect(Timestamp.parse(written)).toBe(read);
});

test('what has no zone means UTC, wherever this machine is', () => {
  expect(Date.parse(Timestamp.parse('2026-01-01T10:00:00'))).toBe(Date.UTC(2026, 0, 1, 10));
});

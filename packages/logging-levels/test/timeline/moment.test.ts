import fc from 'fast-check';
import { expect, test } from 'vitest';
import { momentOf, offsetMs } from '../../src/moment.ts';

test('a time comes back as it was written, with the step of its last digit', () => {
  fc.assert(
    fc.property(
      fc.date({
        min: new Date('0100-01-01T00:00:00Z'),
        max: new Date('9999-12-31T23:59:59Z'),
        noInvalidDate: true,
      }),
      fc.constantFrom(' ', 'T'),
      fc.constantFrom('', 'Z', '+05:30', '-0330'),
      (date, between, zone) => {
        const written = date.toISOString().slice(0, 23).replace('T', between) + zone;
        const ahead = zone === '+05:30' ? 19_800_000 : zone === '-0330' ? -12_600_000 : 0;
        expect(momentOf(written, 0)).toEqual({ ms: date.getTime() - ahead, precisionMs: 1 });
      },
    ),
  );
});

test.each([
  ['2026-11-30 03:13:00', 0, 1000],
  ['2026-11-30 03:13:00,264', 264, 1],
  ['2026-11-30 03:13:00.264513', 264.513, 0.001],
  ['2026-11-30 03:13:00.5', 500, 100],
])('%s', (written, after, precisionMs) => {
  expect(momentOf(written, 0)).toEqual({ ms: Date.parse('2026-11-30T03:13:00Z') + after, precisionMs });
  expect(momentOf(written, offsetMs('+02:00'))?.ms).toBe(Date.parse('2026-11-30T01:13:00Z') + after);
});

test.each([
  '',
  'yesterday',
  '2026-02-30 03:13:00',
  '2026-13-01 03:13:00',
  '0050-01-01 03:13:00',
  '2026-00-01 03:13:00',
  '2026-11-00 03:13:00',
  '2026-11-30 24:00:00',
  '2026-11-30 03:60:00',
  '2026-11-30 03:13:60',
  '2026-11-30',
  'Nov 30 03:13:00',
  '2026-11-30 03:13:00.264 x',
  ' 2026-11-30 03:13:00',
])('%j is no time', (written) => {
  expect(momentOf(written, 0)).toBeUndefined();
});

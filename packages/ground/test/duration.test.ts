import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  aDuration,
  aPositiveDuration,
  type Duration,
  InputError,
  milliseconds,
  parseArguments,
} from '../src/index.ts';

test('a number is milliseconds, and text has its unit', () => {
  expect([
    milliseconds('250ms'),
    milliseconds('90s'),
    milliseconds('15m'),
    milliseconds('8h'),
    milliseconds('7d'),
    milliseconds('1.1s'),
    milliseconds(5),
    milliseconds(0),
  ]).toEqual([250, 90_000, 900_000, 28_800_000, 604_800_000, 1100, 5, 0]);
});

test.each<unknown>([
  '15',
  '1w',
  '-5s',
  '5 s',
  '5S',
  '1e3s',
  '',
  's',
  ' 5s',
  '5s ',
  '0x10s',
  `${'9'.repeat(400)}d`,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Symbol.iterator.toString(),
  null,
  undefined,
  {},
  ['5s'],
  true,
])('%j is no duration, and the error names the field', (odd) => {
  const reading = (): number => milliseconds(odd as Duration, 'patience');
  expect(reading).toThrow(InputError);
  expect(reading).toThrow(/^patience: must be a number of milliseconds, or text with a unit/);
  const schema = z.strictObject({ patience: aDuration });
  expect(() => parseArguments('wait', schema, { patience: odd })).toThrow(/^wait: patience: must be/);
});

test('parts of schemas give milliseconds; a time that has to be some is above 0', () => {
  expect(aDuration.parse('2s')).toBe(2000);
  expect(aDuration.parse(0)).toBe(0);
  expect(aPositiveDuration.parse('1ms')).toBe(1);
  expect(aPositiveDuration.safeParse('0s').success).toBe(false);
  expect(aPositiveDuration.safeParse(0).error?.issues[0]?.message).toContain('above 0');
});

test('text says what the number says', () => {
  fc.assert(
    fc.property(fc.nat(10 ** 9), fc.constantFrom('ms', 's', 'm', 'h', 'd'), (amount, unit) => {
      const unitMs = milliseconds(`1${unit}` as Duration);
      expect(milliseconds(`${amount}${unit}` as Duration)).toBe(amount * unitMs);
    }),
  );
});

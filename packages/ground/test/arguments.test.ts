import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  aClock,
  aFunction,
  anObjectWith,
  aSignal,
  InputError,
  parseArguments,
  systemClock,
} from '../src/index.ts';

const schema = z.strictObject({
  limit: z.int().optional(),
  where: z.strictObject({ kind: z.array(z.string()).optional() }).optional(),
  to: z
    .union([
      z.strictObject({ id: z.string() }),
      z.strictObject({ type: z.string(), names: z.array(z.string()) }),
    ])
    .optional(),
  until: z.union([z.string(), z.date()]).optional(),
  clock: aClock.optional(),
  signal: aSignal.optional(),
  done: aFunction.optional(),
  state: anObjectWith('a State', 'load', 'save').optional(),
});

test('what fits comes back', () => {
  const given = {
    limit: 3,
    clock: systemClock,
    signal: new AbortController().signal,
    done: () => undefined,
    state: { load: 1, save: 2 },
  };
  expect(parseArguments('trail.find', schema, given)).toEqual(given);
});

test.each<[string, unknown, string]>([
  ['limitt', { limitt: 3 }, 'there is no such field'],
  ['where.kinds', { where: { kinds: [] } }, 'there is no such field'],
  ['where.kind.1', { where: { kind: ['a', 5] } }, 'expected string'],
  ['limit', { limit: '3' }, 'expected number'],
  ['limit', { limit: Number.NaN }, 'expected number'],
  ['', undefined, 'expected object'],
  ['', [], 'expected object'],
  ['', null, 'expected object'],
  // Of a union the alternative that fits best says what is wrong.
  ['to.extra', { to: { id: 'x', extra: 1 } }, 'there is no such field'],
  ['to.names.0', { to: { type: 'x', names: [5] } }, 'expected string'],
  ['until', { until: 5 }, ''],
  ['clock', { clock: { now: () => 1 } }, 'must be a Clock'],
  ['clock', { clock: [] }, 'must be a Clock'],
  ['signal', { signal: {} }, 'must be an AbortSignal'],
  ['done', { done: 'yes' }, 'must be a function'],
  ['state', { state: null }, 'must be a State'],
])('%s is named: %j', (field, given, why) => {
  const refused = (): unknown => parseArguments('trail.find', schema, given);
  expect(refused).toThrow(InputError);
  expect(refused).toThrow(expect.objectContaining({ field, operation: 'trail.find', code: 'input' }));
  expect(refused).toThrow(`trail.find: ${field === '' ? '' : `${field}: `}`);
  expect(refused).toThrow(why);
});

test('the value is not shown: it may be a secret', () => {
  const secret = 'c4n4ry';
  for (const given of [{ limit: secret }, { to: secret }, { where: secret }, secret, { signal: secret }])
    expect(() => parseArguments('trail.find', schema, given)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    );
});

test('a name that acts on the terminal is shown escaped', () => {
  expect(() => parseArguments('trail.find', schema, { 'a\u001B[2J': 1 })).toThrow(String.raw`a\x1b[2J`);
});

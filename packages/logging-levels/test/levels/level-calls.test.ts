import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applied, callsNeeded, levelCalls } from '../../src/levels/level-calls.ts';

/** Names as Python has them: of parts, so that one often begins another's. */
const aName = fc
  .array(fc.constantFrom('cinder', 'c', 'api', 'api_utils', 'os', 'volume'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('.'));
const aLevel = fc.constantFrom('DEBUG', 'INFO', 'WARNING', 'ERROR');
const someLevels = fc.dictionary(aName, aLevel, { minKeys: 1, maxKeys: 20, noNullPrototype: true });

test('one call where all have one level, whatever their names', () => {
  expect(levelCalls({ 'cinder.api': 'INFO', 'os_brick.utils': 'INFO' })).toEqual([
    { prefix: '', level: 'INFO' },
  ]);
  expect(levelCalls({ 'cinder.api': 'INFO' }, 'cinder.')).toEqual([{ prefix: 'cinder.', level: 'INFO' }]);
  expect(levelCalls({})).toEqual([]);
});

test('what oslo.log keeps quiet has a call of its own, and no other call touches it', () => {
  const levels = {
    'cinder.api': 'INFO',
    'keystonemiddleware.auth_token': 'WARNING',
    'oslo.service.wsgi': 'INFO',
  };
  expect(levelCalls(levels)).toEqual([
    { prefix: 'c', level: 'INFO' },
    { prefix: 'k', level: 'WARNING' },
    { prefix: 'o', level: 'INFO' },
  ]);
});

test('the calls give each logger its level, whatever it had', () => {
  fc.assert(
    fc.property(someLevels, aLevel, (wanted, had) => {
      const before = Object.fromEntries(Object.keys(wanted).map((name) => [name, had]));
      expect(applied(before, levelCalls(wanted))).toEqual(wanted);
    }),
  );
});

test('where no name begins another, the calls may come in any order, and again', () => {
  fc.assert(
    fc.property(someLevels, fc.integer(), (given, seed) => {
      const names = Object.keys(given);
      const wanted = Object.fromEntries(
        Object.entries(given).filter(([name]) => !names.some((one) => one !== name && one.startsWith(name))),
      );
      const calls = levelCalls(wanted);
      const shuffled = [...calls, ...calls].toSorted(
        (a, b) => ((a.prefix.length * 7 + seed) % 5) - ((b.prefix.length * 7 + seed) % 5),
      );
      const before = Object.fromEntries(Object.keys(wanted).map((name) => [name, 'DEBUG']));
      expect(applied(before, shuffled)).toEqual(wanted);
    }),
  );
});

test('the calls that are needed put back what was lent, and no call is needed then', () => {
  fc.assert(
    fc.property(someLevels, someLevels, (wanted, late) => {
      const within = '';
      const lent = 'DEBUG';
      const all = Object.keys({ ...late, ...wanted });
      const now = Object.fromEntries(all.map((name) => [name, lent]));
      const after = applied(now, callsNeeded(wanted, now, { within, lent }));
      for (const [name, level] of Object.entries(wanted)) expect(after[name]).toBe(level);
    }),
  );
});

test('a logger that came meanwhile gets the level of its neighbours, if it has the one that was lent', () => {
  const wanted = { 'cinder.api': 'INFO', 'keystonemiddleware.auth_token': 'WARNING' };
  const options = { within: '', lent: 'DEBUG' };
  const now = { ...wanted, 'cinder.late': 'DEBUG', 'zaqar.late': 'DEBUG', 'cinder.own': 'ERROR' };
  const calls = callsNeeded(wanted, now, options);
  expect(applied(now, calls)).toEqual({
    ...wanted,
    'cinder.late': 'INFO',
    'zaqar.late': 'INFO',
    'cinder.own': 'INFO',
  });
  expect(callsNeeded(wanted, { ...wanted, 'cinder.own': 'ERROR' }, options)).toEqual([]);
});

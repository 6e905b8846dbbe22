import { assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { expiryOf, renewalOf } from '../../src/auth/expiry.ts';

const HOUR = 3_600_000;
const noon = Date.UTC(2026, 0, 1, 12);
const iso = (ms: number): string => new Date(ms).toISOString();
const http = (ms: number): string => new Date(ms).toUTCString();

test('by the Date header, whatever the client believes the time to be', () => {
  const skews = integer({ min: -48, max: 48 });
  const lives = integer({ min: 1, max: 86_400 });
  assert(
    property(skews, lives, (skew, life) => {
      const receivedAt = noon + skew * HOUR;
      const expiry = expiryOf({ expires_at: iso(noon + life * 1_000), date: http(noon), receivedAt });
      expect(expiry).toBe(receivedAt + life * 1_000);
    }),
  );
});

test('without a Date header, by issued_at', () => {
  const receivedAt = noon + 7 * HOUR;
  expect(expiryOf({ expires_at: iso(noon + HOUR), issued_at: iso(noon), date: null, receivedAt })).toBe(
    receivedAt + HOUR,
  );
});

test('without either, by the own clock', () => {
  expect(expiryOf({ expires_at: iso(noon + HOUR), date: null, receivedAt: noon })).toBe(noon + HOUR);
});

test('a time without a zone is UTC', () => {
  const expiry = expiryOf({ expires_at: '2026-01-01T13:00:00.000000', date: null, receivedAt: noon });
  expect(expiry).toBe(noon + HOUR);
});

test('a Date header that is nonsense is passed over', () => {
  const token = { expires_at: iso(noon + HOUR), issued_at: iso(noon), receivedAt: noon };
  expect(expiryOf({ ...token, date: 'yesterday' })).toBe(noon + HOUR);
  expect(expiryOf({ ...token, date: http(noon + 30 * HOUR) })).toBe(noon + HOUR);
});

test('unknown rather than over: nothing is renewed at every call', () => {
  expect(
    expiryOf({ expires_at: iso(noon), date: http(noon + 1), issued_at: iso(noon + 2), receivedAt: noon }),
  ).toBeUndefined();
  expect(expiryOf({ expires_at: null, date: http(noon), receivedAt: noon })).toBeUndefined();
  expect(expiryOf({ expires_at: 'never', date: http(noon), receivedAt: noon })).toBeUndefined();
});

test('renewed by the margin, but not in the first half of its life', () => {
  expect(renewalOf(noon + HOUR, noon, 120_000)).toBe(noon + HOUR - 120_000);
  expect(renewalOf(noon + 60_000, noon, 120_000)).toBe(noon + 30_000);
});

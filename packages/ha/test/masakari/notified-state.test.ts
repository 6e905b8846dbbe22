import { expect, test } from 'vitest';
import { notifiedState } from '../../src/masakari/notified-state.ts';

const at = '2026-01-01T10:00:00Z';
const now = Date.parse(at) + 10_000;
const off = { event: 'STOPPED', cluster_status: 'OFFLINE', host_status: 'NORMAL' };
const state = (payload: object, time = at, type = 'COMPUTE_HOST'): string =>
  notifiedState({ type, generated_time: time, payload: { ...payload } }, now, '60s').state;

test('all three words are down, and started online is up', () => {
  expect(state(off)).toBe('down');
  expect(state({ event: 'STARTED', cluster_status: 'ONLINE' })).toBe('up');
});

test.each([
  { ...off, host_status: 'UNKNOWN' },
  { ...off, cluster_status: 'ONLINE' },
  { ...off, event: 'STARTED' },
  { event: 'STOPPED' },
  { ...off, host_status: 7 },
  {},
])('%o is unknown', (payload) => {
  expect(state(payload)).toBe('unknown');
});

test.each(['2026-01-01T09:58:00Z', '2026-01-01T10:01:00Z', 'rubbish', ''])(
  'the time %j is unknown',
  (time) => {
    expect(state(off, time)).toBe('unknown');
  },
);

test('a notification of a process is unknown', () => {
  expect(state(off, at, 'PROCESS')).toBe('unknown');
});

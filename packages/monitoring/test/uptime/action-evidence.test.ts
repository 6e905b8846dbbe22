import type { InstanceActionWithEvents } from '@groundcrew/core/compute';
import { expect, test } from 'vitest';
import { actionEvidence } from '../../src/uptime/action-evidence.ts';
import { timelineOf } from '../../src/uptime/timeline.ts';

const T = Date.UTC(2026, 10, 23, 10);
const at = (second: number): string => new Date(T + second * 1_000).toISOString();
const LAG = 600_000;

/** An action that lasted from the one second to the other. */
const action = (
  verb: string,
  from: number,
  to: number | null,
  more: Partial<InstanceActionWithEvents> = {},
): InstanceActionWithEvents => ({
  action: verb,
  instance_uuid: 'a',
  request_id: `req-${verb}`,
  message: null,
  user_id: null,
  project_id: null,
  start_time: at(from),
  events: [
    {
      event: `compute_${verb}_instance`,
      start_time: at(from),
      finish_time: to === null ? null : at(to),
      result: to === null ? null : 'Success',
    },
  ],
  ...more,
});

const said = (given: InstanceActionWithEvents): unknown =>
  actionEvidence(given, { lag: LAG })?.map(({ state, earliest, latest }) => [
    state,
    (earliest - T) / 1_000,
    (latest - T) / 1_000,
  ]);

test('a pause: it was up at some moment since Nova last looked, and is down at its end', () => {
  expect(said(action('pause', 0, 30))).toEqual([
    ['up', -601, 1],
    ['down', 29, 31],
  ]);
});

test('a stop: it is down at its end; before, it may have been in error, or off already', () => {
  expect(said(action('stop', 0, 30))).toEqual([
    ['unknown', -1, 31],
    ['down', 29, 31],
  ]);
});

test.each([
  [
    'a start',
    action('start', 0, 5),
    [
      ['down', -1, 1],
      ['up', 4, 6],
    ],
  ],
  [
    'a creation',
    action('create', 0, 50),
    [
      ['not-created', -1, 1],
      ['up', 49, 51],
    ],
  ],
  [
    'a deletion',
    action('delete', 0, 5),
    [
      ['unknown', -1, 6],
      ['deleted', 4, 6],
    ],
  ],
  [
    'a reboot',
    action('reboot', 0, 20),
    [
      ['unknown', -1, 21],
      ['up', 19, 21],
    ],
  ],
  ['a rebuild, which leaves one off that was off', action('rebuild', 0, 20), [['unknown', -1, 21]]],
  ['an action of a later Nova', action('teleport', 0, 20), [['unknown', -1, 21]]],
  ['a volume that is attached', action('attach_volume', 0, 20), []],
  ['one that is still going on', action('stop', 0, null), undefined],
  ['one whose steps are not shown', action('stop', 0, 5, { events: [] }), undefined],
  ['one that failed', action('stop', 0, 20, { message: 'Error' }), [['unknown', -1, 21]]],
  ['one without a time', action('stop', 0, 5, { start_time: 'soon' }), []],
  [
    'one that took days',
    action('resize', 0, 200_000),
    [
      ['unknown', -1, -1],
      ['unknown', 200_001, 200_001],
    ],
  ],
])('%s', (_name, given, expected) => {
  expect(said(given)).toEqual(expected);
});

test('the same action has the same ids, however often it is read', () => {
  const ids = (): unknown => actionEvidence(action('stop', 0, 5), { lag: LAG })?.map(({ id }) => id);
  expect(ids()).toEqual(['action:a:req-stop:stop:during', 'action:a:req-stop:stop:after']);
  expect(ids()).toEqual(ids());
});

test('a guest that shut itself down at 100, and Nova stopped it at 580: not up since the last look before', () => {
  const evidence = [
    // Nova looked at 0, and a poll each minute heard of it.
    ...[0, 60, 120, 180, 240, 300, 360, 420, 480, 540].map((second) => ({
      id: `poll-${second}`,
      state: 'up' as const,
      earliest: T + second * 1_000 - LAG,
      latest: T + second * 1_000,
      source: 'poll',
    })),
    { id: 'before', state: 'up' as const, earliest: T - LAG, latest: T - LAG, source: 'probe' },
    ...(actionEvidence(action('stop', 580, 581), { lag: LAG }) ?? []),
    { id: 'after', state: 'down' as const, earliest: T + 600_000, latest: T + 600_000, source: 'poll' },
  ];
  const stretches = timelineOf(evidence, {
    from: T - LAG,
    to: T + 600_000,
    staleness: 700_000,
    skew: 0,
    exclude: [],
  });
  const up = stretches.filter(({ state }) => state === 'up');
  expect(Math.max(...up.map(({ to }) => to))).toBeLessThanOrEqual(T + 100_000);
  expect(stretches.map(({ state }) => state)).toEqual(['up', 'unknown', 'down']);
});

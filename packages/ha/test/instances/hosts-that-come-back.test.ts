import { describe, expect, test } from 'vitest';
import { decide } from '../../src/instances/decide.ts';
import { heldOff, waitingFor } from '../../src/instances/held-off.ts';
import type { PastRecovery } from '../../src/instances/history.ts';
import type { HaPolicy } from '../../src/instances/policy.ts';
import type { HostView, ServerView, Situation } from '../../src/instances/situation.ts';
import { hostView, NOW, serverView, siteWithDead } from './situations.ts';

// A host that is turned on while a guest of it runs elsewhere starts that guest a second time.

const GONE = 'compute-3';
const past = (state: PastRecovery['state'], differs: Partial<PastRecovery> = {}): PastRecovery => ({
  host: GONE,
  state,
  startedAt: NOW - 600_000,
  endedAt: NOW - 500_000,
  ...differs,
});

interface Parts {
  readonly state?: PastRecovery['state'];
  readonly policy?: Partial<HaPolicy>;
  readonly servers?: readonly ServerView[];
  readonly view?: Partial<HostView>;
  readonly seen?: 'up' | 'down' | 'unknown';
}

/** Eight hosts, of which one was recovered and is empty. */
function afterRecovery({
  state = 'recovered',
  policy = {},
  servers = [],
  view = {},
  seen = 'down',
}: Parts = {}): Situation {
  const whole = siteWithDead(8, [GONE], policy);
  return {
    ...whole,
    observations: whole.observations.map((observation) =>
      observation.host === GONE ? { ...observation, state: seen } : observation,
    ),
    cloud: {
      ...whole.cloud,
      hosts: whole.cloud.hosts?.map((each) =>
        each.host === GONE ? hostView(GONE, { up: false, forcedDown: true, ...view }) : each,
      ),
      servers: [...(whole.cloud.servers ?? []).filter(({ host }) => host !== GONE), ...servers],
    },
    history: { observations: [], recoveries: [past(state)] },
  };
}
const back = (parts: Parts = {}): readonly string[] => decide(afterRecovery(parts)).bringBack;

describe('brought back is', () => {
  test('a host that was recovered and is empty', () => {
    expect(back()).toEqual([GONE]);
  });

  test('none, where the policy says never', () => {
    expect(back({ policy: { returning: 'never' } })).toEqual([]);
    expect(back({ policy: { returning: 'never' }, seen: 'up', view: { up: true } })).toEqual([]);
  });

  test('only one that somebody brought up, where the policy waits for that', () => {
    expect(back({ policy: { returning: 'when-up' } })).toEqual([]);
    expect(back({ policy: { returning: 'when-up' }, seen: 'up', view: { up: true } })).toEqual([GONE]);
  });

  test.each(['running', 'half-done', 'failed', 'undone', 'returned'] as const)(
    'not one whose recovery is %s',
    (state) => {
      expect(back({ state })).toEqual([]);
    },
  );

  test('not one that is about to be recovered once more, for what was left on it', () => {
    const situation = afterRecovery({ servers: [serverView('left', GONE)] });
    expect(decide(situation).recover).toMatchObject([{ host: GONE, servers: ['left'] }]);
    expect(decide(situation).bringBack).toEqual([]);
  });
});

describe('not brought back is a host with a server', () => {
  const move = { type: 'live-migration', status: 'running', source: GONE, dest: 'compute-4' };

  test.each([
    ['that may be running elsewhere', { task: 'migrating', moves: [move] }],
    ['of which it is not known where it runs', { task: 'spawning', moves: [] }],
    ['whose cell does not respond', { state: 'unknown' }],
  ])('%s', (_, differs) => {
    expect(back({ servers: [serverView('s', GONE, differs)] })).toEqual([]);
  });

  test('but with one that nobody moves, and that runs nowhere else, it is', () => {
    expect(back({ servers: [serverView('s', GONE, { haEnabled: false })] })).toEqual([GONE]);
    expect(back({ servers: [serverView('s', GONE, { state: 'paused' })] })).toEqual([GONE]);
  });
});

describe('held off is', () => {
  const off = (parts: Parts): string[] => [...heldOff(afterRecovery(parts))];

  test('a host that was recovered and is not back', () => {
    expect(off({})).toEqual([GONE]);
    expect(off({ view: { up: true } })).toEqual([]);
  });

  test.each(['running', 'half-done', 'returned', 'failed', 'undone'] as const)(
    'not one whose recovery is %s: whether it is off is not known',
    (state) => {
      expect(off({ state })).toEqual([]);
    },
  );

  test('by its last recovery, not by an earlier one', () => {
    const { cloud } = afterRecovery();
    const of = (...states: PastRecovery['state'][]): string[] => [
      ...heldOff({ cloud, history: { observations: [], recoveries: states.map((state) => past(state)) } }),
    ];
    expect(of('recovered', 'returned')).toEqual([]);
    expect(of('returned', 'recovered')).toEqual([GONE]);
  });
});

describe('a host is fenced for a server elsewhere', () => {
  const DEST = 'compute-4';
  const moves = [{ type: 'live-migration', status: 'running', source: GONE, dest: DEST }];
  const waiting = (view: Partial<HostView>): string[] => {
    const servers = [serverView('s', GONE, { task: 'migrating', moves })];
    return waitingFor(DEST, afterRecovery({ state: 'half-done', servers, view }));
  };

  test('if the host of that server is absent', () => {
    expect(waiting({})).toEqual(['s']);
  });

  test('not if it is up: its migration ends by itself', () => {
    expect(waiting({ up: true })).toEqual([]);
  });

  test('nor if Nova does not tell, because its cell does not respond', () => {
    expect(waiting({ unknown: 'its cell does not respond' })).toEqual([]);
  });
});

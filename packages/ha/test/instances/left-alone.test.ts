import { describe, expect, test } from 'vitest';
import type { PastRecovery } from '../../src/instances/history.ts';
import { managedElsewhere } from '../../src/instances/managed-elsewhere.ts';
import { nextHistory } from '../../src/instances/next-history.ts';
import type { HaPolicy } from '../../src/instances/policy.ts';
import type { CloudView, HostView, Situation } from '../../src/instances/situation.ts';
import { hostView, look, NOW, siteWithDead } from './situations.ts';

// Why a host that is dead for all to see is left alone, asked of the rule itself: gates would hide what it lets pass.

const DEAD = 'compute-3';
interface Parts {
  readonly view?: Partial<HostView>;
  readonly recoveries?: readonly PastRecovery[];
  readonly policy?: Partial<HaPolicy>;
  readonly cloud?: Partial<CloudView>;
}
function site({ view = {}, recoveries = [], policy = {}, cloud = {} }: Parts): Situation {
  const whole = siteWithDead(8, [DEAD], policy);
  const hosts = whole.cloud.hosts?.map((each) =>
    each.host === DEAD ? hostView(DEAD, { up: false, ...view }) : each,
  );
  return { ...whole, cloud: { ...whole.cloud, hosts, ...cloud }, history: { observations: [], recoveries } };
}
const why = (parts: Parts): string | undefined => managedElsewhere(DEAD, site(parts))?.code;
const past = (state: PastRecovery['state'], differs: Partial<PastRecovery> = {}): PastRecovery => ({
  host: DEAD,
  state,
  startedAt: NOW - 3_600_000,
  endedAt: NOW - 3_000_000,
  ...differs,
});

describe('left alone is a host', () => {
  test('that Nova does not have; not if the list could not be read, which is for the gates', () => {
    const others = site({}).cloud.hosts?.filter(({ host }) => host !== DEAD);
    expect(why({ cloud: { hosts: others } })).toBe('ha.not-a-compute-host');
    expect(why({ cloud: { hosts: undefined } })).toBe(undefined);
  });

  test('of which Nova does not tell', () => {
    expect(why({ view: { unknown: 'its cell does not respond' } })).toBe('ha.not-told');
    expect(why({ view: { unknown: 'its cell does not respond', enabled: false } })).toBe('ha.not-told');
  });

  test('whose recovery runs', () => {
    expect(why({ recoveries: [past('running')] })).toBe('ha.under-recovery');
    expect(why({ recoveries: [past('running'), past('returned')] })).toBe('ha.under-recovery');
  });

  test('from which all that can be moved was moved', () => {
    expect(why({ recoveries: [past('recovered')], cloud: { servers: [] } })).toBe('ha.recovered');
  });

  test('but not if it was left half done: whether it is off is not known, whatever is on it', () => {
    expect(why({ recoveries: [past('half-done')], cloud: { servers: [] } })).toBe(undefined);
  });
});

describe('a further attempt for what was left behind', () => {
  const since = (seconds: number, differs: Partial<PastRecovery> = {}, state = 'recovered' as const) =>
    why({ recoveries: [past(state, { endedAt: NOW - seconds * 1000, ...differs })] });

  test('waits from the end of the one before, not from its begin', () => {
    expect(since(59)).toBe('ha.left-behind');
    expect(since(60)).toBe(undefined);
    expect(since(0, { endedAt: undefined, startedAt: NOW - 59_000 })).toBe('ha.left-behind');
  });

  test('waits twice as long each time: every attempt cuts the power anew', () => {
    expect(since(119, { attempts: 2 })).toBe('ha.left-behind');
    expect(since(120, { attempts: 2 })).toBe(undefined);
    expect(since(239, { attempts: 3 })).toBe('ha.left-behind');
  });

  test('waits ten minutes at most: nothing is given up for good', () => {
    expect(since(599, { attempts: 40 })).toBe('ha.left-behind');
    expect(since(600, { attempts: 40 })).toBe(undefined);
  });
});

test('a recovery that was undone is no sign of a host that dies again and again', () => {
  const twice = (state: PastRecovery['state']) => why({ recoveries: [past(state), past(state)] });
  expect(twice('undone')).toBe(undefined);
  expect(twice('failed')).toBe('ha.flapping');
  expect(twice('returned')).toBe('ha.flapping');
});

describe('remembered is', () => {
  const DAYS = 3 * 86_400_000;
  const kept = (state: PastRecovery['state'], ago = DAYS) => {
    const recoveries = [past(state, { startedAt: NOW - ago })];
    return nextHistory(site({ recoveries })).recoveries.map((recovery) => recovery.state);
  };

  test.each(['running', 'recovered', 'half-done'] as const)('a recovery that is %s, however old', (state) => {
    expect(kept(state)).toEqual([state]);
  });

  test.each(['returned', 'failed', 'undone'] as const)('one that is %s, for the flap window', (state) => {
    expect(kept(state)).toEqual([]);
    expect(kept(state, 3_600_000)).toEqual([state]);
  });

  test('no look that is older than the flap window', () => {
    const old = look('compute-gone', 'power', 'up', 86_401);
    const situation = { ...site({}), history: { observations: [old], recoveries: [] } };
    expect(nextHistory(situation).observations).not.toContainEqual(old);
  });
});

import { virtualClock } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import { blindObservers } from '../../src/instances/blind-observers.ts';
import { decide } from '../../src/instances/decide.ts';
import type { Gate } from '../../src/instances/gates/gate.ts';
import { gates } from '../../src/instances/gates/all.ts';
import { observeHosts, type ObservedHosts } from '../../src/instances/observe-hosts.ts';
import type { Observation, Observer } from '../../src/instances/observation.ts';
import {
  perHostObserver,
  type PerHostObserverOptions,
} from '../../src/instances/observers/per-host-observer.ts';
import { storageHeartbeatObserver } from '../../src/instances/observers/storage-heartbeat.ts';
import type { Situation } from '../../src/instances/situation.ts';
import { look, siteWithDead } from '../instances/situations.ts';

// openstack/masakari-monitors, masakarimonitors/hostmonitor/host_handler/handle_host.py: it tells what crm_mon and corosync say, whatever that is.
// What an observer, a gate or a board of somebody's own may answer: found by writing them badly on purpose.

const seenBy = (answer: unknown, id = 'mine'): Promise<ObservedHosts> => {
  const observer = { id, observe: async () => answer } as unknown as Observer;
  const { signal } = new AbortController();
  return observeHosts([observer], ['a', 'b'], { now: () => 7, signal, patience: 50 });
};
const good = (host: string, differs: object = {}): object => ({
  host,
  observer: 'mine',
  at: 7,
  state: 'down',
  statement: 'dark',
  ...differs,
});
const statesOf = ({ observations }: ObservedHosts): string[] =>
  observations.map(({ host, state }) => `${host} ${state}`);

describe('a list of looks', () => {
  test.each([
    ['a null', null],
    ['a number', 7],
    ['a text', 'down'],
    ['no host', good('b', { host: undefined })],
    ['a state in capitals', good('b', { state: 'DOWN' })],
    ['no state', good('b', { state: undefined })],
    ['a time that is text', good('b', { at: '2026-01-01' })],
    ['a time that is no number', good('b', { at: Number.NaN })],
    ['no statement', good('b', { statement: undefined })],
  ])('with %s in it: that look is refused, its host unknown, and the others count', async (_, odd) => {
    const seen = await seenBy([good('a'), odd]);
    expect(statesOf(seen)).toEqual(['a down', 'b unknown']);
    expect(seen.refused).toMatchObject([{ observer: 'mine' }]);
  });

  test("in another observer's name: refused", async () => {
    const seen = await seenBy([good('a', { observer: 'power' }), good('b')]);
    expect(statesOf(seen)).toEqual(['b down', 'a unknown']);
    expect(seen.refused).toEqual([{ observer: 'mine', reason: 'a look in the name of power' }]);
  });

  test('of a host that was not asked about: refused', async () => {
    const seen = await seenBy([good('a'), good('b'), good('elsewhere')]);
    expect(statesOf(seen)).toEqual(['a down', 'b down']);
    expect(seen.refused).toHaveLength(1);
  });

  test('control characters of a statement are shown, and its length is bounded', async () => {
    const statement = `\u001b[2J${'x'.repeat(100_000)}`;
    const { observations } = await seenBy([good('a', { statement })]);
    expect(observations[0]?.statement.startsWith('\\x1b[2J')).toBe(true);
    expect(observations[0]?.statement.length).toBeLessThan(600);
  });
});

describe('what an observer of ours is built from', () => {
  const clock = virtualClock('2026-11-23T12:00:00Z');
  const now = clock.now();

  // A callback that reads JSON: null, text, NaN, milliseconds where seconds were meant.
  test.each([
    [null, 'unknown'],
    ['2026-11-23', 'unknown'],
    [Number.NaN, 'unknown'],
    [now + 3_600_000, 'unknown'],
    [undefined, 'unknown'],
    [now - 5_000, 'up'],
    [now - 60_000, 'down'],
  ])('a last write at %s: %s', async (at, state) => {
    const lastWrite = (async () => at) as unknown as () => Promise<number | undefined>;
    const observer = storageHeartbeatObserver({ lastWrite, silence: '30s', clock });
    expect(await observer.observe(['a'])).toMatchObject([{ state }]);
  });

  test('a look that throws at once, or answers nothing, is of one host', async () => {
    const observer = perHostObserver({
      id: 'mine',
      timeout: '1s',
      clock,
      observeHost: ((host: string) => {
        if (host === 'b') throw new Error('no b');
        return Promise.resolve(host === 'c' ? null : { state: 'up', statement: '' });
      }) as PerHostObserverOptions['observeHost'],
    });
    const seen = await observer.observe(['a', 'b', 'c', 'd']);
    expect(seen.map(({ host, state }) => `${host} ${state}`).toSorted()).toEqual([
      'a up',
      'b unknown',
      'c unknown',
      'd up',
    ]);
  });
});

describe('an observer that is blind does not vote', () => {
  const blindOf = (situation: Situation): string[] =>
    blindObservers(situation).map(({ observer }) => observer);
  const says = (
    situation: Situation,
    observer: string,
    hosts: readonly string[],
    state: Observation['state'],
  ) => ({
    ...situation,
    observations: situation.observations.map((observation) =>
      observation.observer === observer && hosts.includes(observation.host)
        ? { ...observation, state }
        : observation,
    ),
  });
  const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `compute-${i + 1}`);

  test('it is cut off and calls every host down, while two nova-computes have stopped: two live hosts are left alone', () => {
    const site = says(siteWithDead(8, []), 'nova-service', ['compute-1', 'compute-2'], 'down');
    const stopped = {
      ...site,
      cloud: {
        ...site.cloud,
        hosts: site.cloud.hosts?.map((view) => ({
          ...view,
          up: !['compute-1', 'compute-2'].includes(view.host),
        })),
      },
    };
    const blind = says(stopped, 'power', names(8), 'down');
    expect(blindOf(blind)).toEqual(['power']);
    const { recover, refusals } = decide(blind);
    expect(recover).toEqual([]);
    expect(refusals.map(({ code }) => code)).toContain('ha.observer-blind');
  });

  test('it calls most of the hosts down that others see', () => {
    expect(blindOf(says(siteWithDead(8, []), 'power', names(6), 'down'))).toEqual(['power']);
  });

  test('one that knows a dead host is not blind, and a mass outage that all see is for the gates', () => {
    expect(blindOf(siteWithDead(8, ['compute-1']))).toEqual([]);
    const mass = siteWithDead(8, names(5));
    expect(blindOf(mass)).toEqual([]);
    expect(decide(mass).refusals.map(({ code }) => code)).toContain('ha.gate.share-down');
  });

  test('one that only knows `off` is not blind for never saying `up`', () => {
    const site = siteWithDead(8, ['compute-3']);
    const board = says(
      site,
      'power',
      names(8).filter((name) => name !== 'compute-3'),
      'unknown',
    );
    expect(blindOf(board)).toEqual([]);
    expect(decide(board).recover).toHaveLength(1);
  });

  test('its sight of life counts all the same', () => {
    const site = siteWithDead(8, ['compute-3']);
    const alive = { ...site, observations: [...site.observations, look('compute-3', 'ping', 'up')] };
    expect(decide(alive).recover).toEqual([]);
  });
});

describe('a gate of one’s own', () => {
  const answering = (answer: () => unknown, scope: 'cycle' | 'host' = 'host'): Gate =>
    ({
      id: 'share-down',
      question: '?',
      scope,
      onMissing: 'open',
      why: '',
      judge: answer,
    }) as unknown as Gate;
  test.each([
    [
      'throws',
      answering(() => {
        throw new Error('broken');
      }),
    ],
    ['answers nothing', answering(() => undefined)],
    ['answers nulls', answering(() => [null])],
    ['leaves the candidate out', answering(() => [])],
    [
      'answers another word',
      answering(() => [
        { gate: 'share-down', result: 'opened', scope: { host: 'compute-3' }, reason: '', missing: false },
      ]),
    ],
    ['of a cycle leaves its answer out', answering(() => [], 'cycle')],
  ])('that %s is closed', (_, gate) => {
    const { recover, refusals } = decide(siteWithDead(8, ['compute-3']), [...gates, gate]);
    expect(recover).toEqual([]);
    expect(refusals.map(({ code }) => code)).toContain('ha.gate.share-down');
  });
});

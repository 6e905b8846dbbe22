import { describe, expect, test } from 'vitest';
import { blindObservers } from '../../src/instances/blind-observers.ts';
import { stabilise } from '../../src/instances/stabilise.ts';
import type { Observation } from '../../src/instances/observation.ts';
import type { Situation } from '../../src/instances/situation.ts';
import { look, siteWithDead } from './situations.ts';

// Which look is a vote: asked of the vote itself, since a decision has a gate for most of it as well.

const DEAD = 'compute-3';
const dead = siteWithDead(8, [DEAD]);
const stateOf = (observations: readonly Observation[], situation: Situation = dead): string | undefined =>
  stabilise({ ...situation, observations }).find(({ host }) => host === DEAD)?.state;
const looks = (observer: string, state: Observation['state'], ...ago: number[]): Observation[] =>
  ago.map((seconds) => look(DEAD, observer, state, seconds));

describe('a vote is', () => {
  const nova = looks('nova-service', 'down', 20, 10, 0);

  test('three looks in a row, of two observers', () => {
    expect(stateOf([...nova, ...looks('power', 'down', 20, 10, 0)])).toBe('down');
    expect(stateOf([...nova, ...looks('power', 'down', 10, 0)])).toBe('suspected');
    expect(stateOf(nova)).toBe('suspected');
  });

  test('not that of an observer which no policy names', () => {
    expect(stateOf([...nova, ...looks('ping', 'down', 20, 10, 0)])).toBe('suspected');
  });

  test('not one that is older than it may be', () => {
    expect(stateOf([...nova, ...looks('power', 'down', 60, 50, 40)])).toBe('suspected');
  });

  test('not one of the future: the clocks differ, and how old it is nobody knows', () => {
    expect(stateOf([...nova, ...looks('power', 'down', 10, 0, -10)])).toBe('suspected');
  });

  test('not two things that were said at once', () => {
    const both = [...looks('power', 'down', 20, 10, 0), ...looks('power', 'up', 0)];
    expect(stateOf([...nova, ...both])).toBe('suspected');
  });

  test('outvoted by one sign of life, however many see none', () => {
    const three = siteWithDead(8, [DEAD], { observers: ['nova-service', 'power', 'ping'] });
    const down = [...nova, ...looks('power', 'down', 20, 10, 0)];
    expect(stateOf([...down, ...looks('ping', 'up', 0)], three)).toBe('suspected');
    expect(stateOf([...down, ...looks('ping', 'unknown', 0)], three)).toBe('down');
  });
});

describe('blind is an observer', () => {
  const hosts = Array.from({ length: 8 }, (_, n) => `compute-${n + 1}`);
  const see = (
    observer: string,
    state: Observation['state'],
    of: readonly string[],
    ago = 0,
  ): Observation[] => of.map((host) => look(host, observer, state, ago));
  const blind = (observations: readonly Observation[], situation: Situation = dead): string[] =>
    blindObservers({ ...situation, observations }).map(({ observer }) => observer);

  test('that calls every host of the cloud down, though nobody else looks', () => {
    expect(blind(see('power', 'down', hosts))).toEqual(['power']);
  });

  test('not one that calls all down that it was asked about: the cloud has more', () => {
    expect(blind(see('power', 'down', hosts.slice(0, 3)))).toEqual([]);
  });

  test('not one of a cloud that has a single host', () => {
    expect(blind(see('power', 'down', ['compute-1']), siteWithDead(1, ['compute-1']))).toEqual([]);
  });

  test('that calls most of those down which another sees alive', () => {
    const four = hosts.slice(0, 4);
    const alive = see('nova-service', 'up', four);
    expect(blind([...alive, ...see('power', 'down', hosts.slice(0, 3))])).toEqual(['power']);
    expect(
      blind([...alive, ...see('power', 'down', hosts.slice(0, 2)), ...see('power', 'up', hosts.slice(2, 4))]),
    ).toEqual([]);
  });

  test('not for two hosts that another sees alive: they may be what has failed', () => {
    const two = hosts.slice(0, 2);
    expect(blind([...see('nova-service', 'up', two), ...see('power', 'down', two)])).toEqual([]);
  });

  test('not by what another saw long ago, or sees in the future', () => {
    const four = hosts.slice(0, 4);
    const down = see('power', 'down', four);
    expect(blind([...see('nova-service', 'up', four, 31), ...down])).toEqual([]);
    expect(blind([...see('nova-service', 'up', four, -1), ...down])).toEqual([]);
    expect(blind([...see('nova-service', 'up', four, 30), ...down])).toEqual(['power']);
  });

  test('by what others see, not by what it sees alive itself', () => {
    const alive = see('nova-service', 'up', hosts.slice(0, 3));
    const own = [...see('power', 'down', hosts.slice(0, 2)), ...see('power', 'up', hosts.slice(2))];
    expect(blind([...alive, ...own])).toEqual(['power']);
  });

  test('whose signs of life count all the same', () => {
    const others = hosts.filter((host) => host !== DEAD);
    const observations = [
      ...see('nova-service', 'up', others),
      ...see('power', 'down', others),
      ...looks('power', 'up', 0),
      ...looks('nova-service', 'down', 20, 10, 0),
    ];
    expect(blind(observations)).toEqual(['power']);
    expect(stateOf(observations)).toBe('suspected');
    const verdict = stabilise({ ...dead, observations }).find(({ host }) => host === DEAD);
    expect(verdict?.because).toContain('power: up');
  });
});

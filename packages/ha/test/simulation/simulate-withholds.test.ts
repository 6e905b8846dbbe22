import { describe, expect, test } from 'vitest';
import { haPolicy } from '../../src/instances/policy.ts';
import type { CloudView, HostView } from '../../src/instances/situation.ts';
import { placeServers } from '../../src/instances/place-servers.ts';
import { simulateAll } from '../../src/simulation/simulate-all.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { hostView, serverView } from '../instances/situations.ts';

// What a simulation must not promise: a restart that the controller would not begin, or that nobody can foresee.

const free = { vcpus: 64, memory: 10_000, disk: 1_000 };
const view = (
  differs: Readonly<Record<string, Partial<HostView>>> = {},
  more: Partial<CloudView> = {},
): CloudView => ({
  apiMisses: 0,
  hosts: ['a', 'b', 'c', 'd'].map((host) => hostView(host, { free, ...differs[host] })),
  servers: ['a', 'b', 'c', 'd'].map((host) => serverView(`on-${host}`, host)),
  schedulers: [{ host: 'ctl', up: true }],
  completeness: 'complete',
  gaps: [],
  ...more,
});

test('of four hosts with room the servers of one restart', () => {
  expect(simulate({ view: view() }, { hosts: ['a'] }).verdict).toBe('all-restart');
});

describe('nothing restarts', () => {
  test('where a gate holds the controller back, whatever room there is', () => {
    const policy = haPolicy({ maxShareDown: 0.4, shareNeedsHosts: 4 });
    const report = simulate({ view: view() }, { hosts: ['a', 'b'] }, { policy });
    expect(report).toMatchObject({ verdict: 'none-restarts', restarts: [] });
    expect(report.stays.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('2 of 4 hosts'),
      expect.stringContaining('2 of 4 hosts'),
    ]);
  });

  test('where the budget of an aggregate is used up', () => {
    const rack = { aggregates: ['rack'] };
    const policy = haPolicy({ aggregateBudgets: { rack: 1 } });
    const report = simulate({ view: view({ a: rack, b: rack }) }, { hosts: ['a', 'b'] }, { policy });
    expect(report.heldBack).toEqual(['b: aggregate rack may miss 1 hosts, and does']);
    expect(report.restarts).toEqual([]);
    expect(simulate({ view: view({ a: rack, b: rack }) }, { hosts: ['a'] }, { policy }).heldBack).toEqual([]);
  });

  test('of a host that is taken out of protection', () => {
    const report = simulate({ view: view({ a: { protected: false } }) }, { hosts: ['a'] });
    expect(report).toMatchObject({
      verdict: 'none-restarts',
      restarts: [],
      stays: [{ server: 'on-a', reason: 'its host is taken out of protection' }],
    });
  });
});

describe('not known is the loss', () => {
  test('of a host of which Nova does not tell, though no server is seen on it', () => {
    const dark = view({ a: { up: false, unknown: 'its cell does not respond' } });
    const servers = dark.servers?.filter(({ host }) => host !== 'a');
    expect(simulate({ view: { ...dark, servers } }, { hosts: ['a'] }).verdict).toBe('unknown');
  });

  test('of a host that seems empty while nobody knows where some servers are', () => {
    const whole = view();
    const stray = serverView('stray', 'nowhere', { state: 'unknown' });
    const servers = [
      ...(whole.servers ?? []).filter(({ host }) => host !== 'a'),
      { ...stray, host: undefined },
    ];
    expect(simulate({ view: { ...whole, servers } }, { hosts: ['a'] }).verdict).toBe('unknown');
    expect(simulate({ view: { ...whole, servers } }, { hosts: ['b'] }).verdict).toBe('all-restart');
    const known = servers.filter(({ id }) => id !== 'stray');
    expect(simulate({ view: { ...whole, servers: known } }, { hosts: ['a'] }).verdict).toBe('nothing-stops');
  });

  test('and it is counted among the unknown, not among those after which all restart', () => {
    const dark = view({ a: { up: false, unknown: 'its cell does not respond' } });
    expect(simulateAll({ view: dark }).unknown).toBeGreaterThan(0);
  });
});

test('a host that is not there cannot be lost: a misspelt one would stop nothing', () => {
  expect(() => simulate({ view: view() }, { hosts: ['A'] })).toThrow('hosts: there is no A');
});

test('no server is placed on a host that is down, disabled or forced down', () => {
  const server = serverView('s', 'lost');
  const on = (differs: Partial<HostView>) =>
    placeServers([server], [hostView('only', { free, ...differs })]).placed.get('s');
  expect(on({})).toBe('only');
  expect(on({ up: false })).toBe(undefined);
  expect(on({ enabled: false })).toBe(undefined);
  expect(on({ forcedDown: true })).toBe(undefined);
});

import { connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { haPolicy } from '../../src/instances/policy.ts';
import type { CloudView } from '../../src/instances/situation.ts';
import type { PlacedComponent, SimulationInventory } from '../../src/simulation/inventory.ts';
import { simulateAll } from '../../src/simulation/simulate-all.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { withCapacity } from '../../src/instances/with-capacity.ts';
import { hostView, serverView } from '../instances/situations.ts';

const view = (hosts: number, servers: number, memory: number | undefined): CloudView => ({
  apiMisses: 0,
  hosts: Array.from({ length: hosts }, (_, i) =>
    hostView(`c${i}`, {
      zone: `az${i % 2}`,
      ...(memory === undefined ? {} : { free: { vcpus: 64, memory, disk: 1000 } }),
    }),
  ),
  servers: Array.from({ length: servers }, (_, i) =>
    serverView(`s${i}`, `c${i % hosts}`, { needs: { vcpus: 1, memory: 100, disk: 1 } }),
  ),
  schedulers: [{ host: 'ctl', up: true }],
  completeness: 'complete',
  gaps: [],
});
const policy = haPolicy({ maxHostsAtOnce: 4 });

describe('one host of four', () => {
  test('its servers restart where there is room, eight at a time', () => {
    const report = simulate({ view: view(4, 40, 1000) }, { hosts: ['c1'] }, { policy, zones: 'free' });
    expect(report).toMatchObject({
      stops: 10,
      verdict: 'all-restart',
      durationMs: 75_000 + 10_000 + 60_000,
      stays: [],
    });
    expect(new Set(report.restarts.map(({ to }) => to))).toEqual(new Set(['c0', 'c2', 'c3']));
  });

  test('without room some stay, and the reason is said', () => {
    const { verdict, stays } = simulate(
      { view: view(4, 40, 200) },
      { hosts: ['c1'] },
      { policy, zones: 'free' },
    );
    expect(verdict).toBe('some-stay');
    expect(stays).toHaveLength(4);
    expect(stays[0]?.reason).toBe('memory: 100 needed, 0 free at most');
  });

  test('without known capacity nobody says that they fit', () => {
    expect(simulate({ view: view(4, 40, undefined) }, { hosts: ['c1'] }, { policy }).verdict).toBe('unknown');
  });
});

test('a zone that is half of the cloud is not evacuated, since it may be the view that is gone', () => {
  const big = { view: view(8, 16, 10_000), racks: { c0: 'r1', c1: 'r1', c2: 'r1', c3: 'r1', c4: 'r1' } };
  expect(simulate(big, { zones: ['az0'] }, { policy, zones: 'free' }).verdict).toBe('all-restart');
  const rack = simulate(big, { racks: ['r1'] }, { policy });
  expect(rack).toMatchObject({ verdict: 'none-restarts', stops: 10, durationMs: undefined });
  expect(rack.heldBack[0]).toContain('5 of 8 hosts');
});

test('priority and dependencies make phases, and groups are kept apart', () => {
  const base = view(3, 0, 1000);
  const servers = [
    serverView('app', 'c0', { restartAfter: ['db'], groups: ['g'] }),
    serverView('db', 'c0', { priority: 1 }),
    serverView('twin', 'c1', { groups: ['g'] }),
  ];
  const { restarts } = simulate({ view: { ...base, servers } }, { hosts: ['c0'] }, { policy });
  expect(restarts.map(({ server, phase, afterMs }) => [server, phase, afterMs])).toEqual([
    ['db', 0, 115_000],
    ['app', 1, 145_000],
  ]);
  expect(restarts.find(({ server }) => server === 'app')?.to).toBe('c2');
});

test('the management stack: what stops, what loses its quorum', () => {
  const on = (name: string, mode: PlacedComponent['mode'], ...hosts: string[]): PlacedComponent => ({
    name,
    mode,
    hosts,
  });
  const components = [
    on('galera', 'quorum', 'ctl1', 'ctl2', 'ctl3'),
    on('keystone', 'active-active', 'ctl1', 'ctl2'),
    on('cron', 'active-passive', 'ctl1'),
  ];
  const inventory = { view: view(4, 4, 1000), components };
  const report = simulate(inventory, { hosts: ['ctl1'] });
  expect(report.components.map(({ effect }) => effect)).toEqual(['degraded', 'degraded', 'stopped']);
  expect(report.components[0]).toMatchObject({ left: 2, of: 3, margin: 0 });
  const two = simulate(inventory, { hosts: ['ctl1', 'ctl3'] });
  expect(two.components.map(({ effect }) => effect)).toEqual(['no-quorum', 'degraded', 'stopped']);
  expect(simulateAll(inventory).stackStops).toEqual([{ loss: { hosts: ['ctl1'] }, components: ['cron'] }]);
});

test('what is not there is named', () => {
  expect(() => simulate({ view: view(2, 2, 1) }, { zones: ['az9'] })).toThrow('zones: there is no az9');
  const blind = { view: { ...view(2, 2, 1), servers: undefined } };
  expect(() => simulate(blind, { hosts: ['c0'] })).toThrow('servers: could not be read');
});

test('whatever is lost: every stopped server is accounted for, nobody is overfilled', () => {
  const inventories = fc
    .record({
      hosts: fc.integer({ min: 2, max: 8 }),
      servers: fc.integer({ min: 0, max: 40 }),
      memory: fc.integer({ min: 0, max: 1200 }),
    })
    .map(({ hosts, servers, memory }): SimulationInventory => ({ view: view(hosts, servers, memory) }));
  fc.assert(
    fc.property(inventories, fc.subarray(['c0', 'c1', 'c2'], { minLength: 1 }), (inventory, wanted) => {
      const hosts = wanted.filter((host) => inventory.view.hosts?.some((compute) => compute.host === host));
      const report = simulate(inventory, { hosts }, { policy });
      expect(report.restarts.length + report.stays.length).toBe(report.stops);
      for (const { host, free } of inventory.view.hosts ?? []) {
        const taken = report.restarts.filter(({ to }) => to === host).length * 100;
        expect(taken).toBeLessThanOrEqual(hosts.includes(host) ? 0 : (free?.memory ?? 0));
      }
    }),
  );
});

test('a simulated cloud, as it is read', async () => {
  await using simulated = simulateCloud({ scenario: 'site' });
  const { connectOptions } = await simulated.listen();
  await using cloud = connect({ ...connectOptions, clock: simulated.clock });
  const seen = await withCapacity(cloud, await readCloudView(cloud));
  expect(seen.gaps).toEqual([]);
  expect(seen.hosts?.every(({ free }) => free !== undefined && free.memory > 0)).toBe(true);
  const { simulated: count, worst } = simulateAll({ view: seen }, { double: 'all', policy });
  expect(count.hosts).toBe(seen.hosts?.length);
  expect(worst[0]?.stops).toBeGreaterThan(0);
});

import { type Cloud, connect } from '@groundcrew/core';
import { type SimulatedCloud, simulateCloud, status, virtualClock } from '@groundcrew/sim';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type UptimeLedger, uptimeLedger, watchUptime, type WatchUptimeOptions } from '../../src/uptime.ts';
import { sqliteUptime } from '../../src/uptime/sqlite.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);
const iso = (time: number): string => new Date(time).toISOString();

let simulated: SimulatedCloud;
let cloud: Cloud;
let ledger: UptimeLedger;
/** The time of the first round. */
let began = 0;

beforeEach(async () => {
  simulated = simulateCloud({
    seed: 5,
    release: 'zed',
    scenario: 'site',
    clock: virtualClock(START, { mode: 'hand' }),
  });
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  cloud = connect({ ...connectOptions, clock: simulated.clock, retries: 0 });
  ledger = await uptimeLedger({ store: sqliteUptime(':memory:') });
  began = simulated.clock.now();
});
afterEach(async () => {
  await ledger.close();
  await cloud.close();
  await simulated.close();
});

/** A watch whose rounds are made one by one, each a minute after the one before. */
function watching(more: Partial<WatchUptimeOptions> = {}) {
  const stopping = new AbortController();
  let told = Promise.withResolvers<Parameters<NonNullable<WatchUptimeOptions['onRound']>>[0]>();
  const ended = watchUptime({
    cloud,
    ledger,
    signal: stopping.signal,
    powerSync: '2m',
    ...more,
    onRound: (round) => told.resolve(round),
  });
  return {
    /** Waits for the round that is under way. */
    async round() {
      const round = await told.promise;
      told = Promise.withResolvers();
      return round;
    },
    async rounds(count: number) {
      for (let index = 0; index < count; index += 1) {
        await simulated.clock.advance('60s');
        await this.round();
      }
    },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

const now = (): number => simulated.clock.now();

async function activeServer(): Promise<{ id: string; host: string }> {
  for await (const server of cloud.compute.servers.list({ all_tenants: true }))
    if (server.status === 'ACTIVE') return { id: server.id, host: server['OS-EXT-SRV-ATTR:host'] ?? '' };
  throw new Error('the scenario has an active server');
}

/** The states one after the other, without their bounds. */
const statesOf = async (server: string, from = began + 2_000, to = now()) =>
  (await ledger.of({ server }, { from: iso(from), to: iso(to) })).intervals.map(({ state }) => state);

test('a server that is stopped, started and deleted: each change by its action, and the true times inside', async () => {
  const { id } = await activeServer();
  const watch = watching();
  expect(await watch.round()).toMatchObject({ gaps: [], refused: 0 });
  await watch.rounds(8);
  const stopped = now();
  await cloud.compute.servers.stop({ id });
  await watch.rounds(8);
  const started = now();
  await cloud.compute.servers.start({ id });
  await watch.rounds(8);
  const deleted = now();
  await cloud.compute.servers.delete({ id });
  await watch.rounds(5);
  await watch.stop();
  const up = await ledger.of({ server: id }, { from: iso(began + 2_000), to: iso(now()), target: 0.99 });
  expect(up.intervals.map(({ state }) => state)).toEqual([
    'up',
    'unknown',
    'down',
    'unknown',
    'up',
    'unknown',
    'excluded',
  ]);
  const [, stop, down, start, , gone] = up.intervals;
  expect(down?.because).toMatch(/^opened by action stop \(req-[-0-9a-f]+\), closed by a poll at 2026-/);
  // The true time of each change is inside of its gap, which is as wide as Nova's own look at the guest, and little wider.
  for (const [gap, time] of [
    [stop, stopped],
    [start, started],
    [gone, deleted],
  ] as const) {
    expect(Date.parse(gap?.from ?? '')).toBeLessThanOrEqual(time);
    expect(Date.parse(gap?.to ?? '')).toBeGreaterThanOrEqual(time);
    expect(gap?.durationMs).toBeLessThanOrEqual(4 * MINUTE);
  }
  const trueUp = stopped - began - 2_000 + (deleted - started);
  expect(up.durations.upMs).toBeLessThanOrEqual(trueUp);
  expect(up.durations.upMs + up.durations.unknownMs).toBeGreaterThanOrEqual(trueUp);
  expect(up.verdict).toBe('breached');
});

test('a list that fails is no evidence: nothing is deleted, and the time is unknown', async () => {
  const { id } = await activeServer();
  const watch = watching();
  await watch.round();
  await watch.rounds(9);
  const broken = simulated.fault({ match: { service: 'compute' }, reply: status(503) });
  const before = await ledger.subjects('server');
  for (let round = 0; round < 10; round += 1) {
    await simulated.clock.advance('60s');
    const { gaps, added } = await watch.round();
    expect(gaps.length).toBeGreaterThan(0);
    expect(added).toBe(0);
  }
  simulated.heal();
  expect(broken.struck).toBeGreaterThan(0);
  await watch.rounds(9);
  await watch.stop();
  expect(await ledger.subjects('server')).toHaveLength(before.length);
  expect(await statesOf(id)).toEqual(['up', 'unknown', 'up', 'unknown']);
});

test('a host that dies: Nova calls its servers ACTIVE, and the ledger calls them unknown', async () => {
  const { id, host } = await activeServer();
  const watch = watching();
  await watch.round();
  await watch.rounds(10);
  simulated.hosts.kill(host);
  const killed = now();
  await watch.rounds(15);
  await watch.stop();
  expect((await cloud.compute.servers.get({ id })).status).toBe('ACTIVE');
  const [up, unknown, ...more] = (
    await ledger.of({ server: id }, { from: iso(began + 2_000), to: iso(now()) })
  ).intervals;
  expect([up?.state, unknown?.state, more]).toEqual(['up', 'unknown', []]);
  expect(Date.parse(up?.to ?? '')).toBeLessThanOrEqual(killed);
  const service = await ledger.of(
    { service: `nova-compute@${host}` },
    { from: iso(began + 2_000), to: iso(now()) },
  );
  expect(service.intervals.map(({ state }) => state)).toEqual(['up', 'unknown', 'down', 'unknown']);
  expect(service.intervals[2]?.durationMs).toBeGreaterThan(10 * MINUTE);
  const machine = await ledger.of({ host }, { from: iso(began + 2_000), to: iso(now()) });
  expect(machine.intervals.map(({ state }) => state)).toEqual(['up', 'unknown']);
});

test('the next watch finds what happened while nobody watched', async () => {
  const [{ id }, first] = [await activeServer(), watching()];
  await first.round();
  await first.rounds(5);
  await first.stop();
  await cloud.compute.servers.delete({ id });
  await simulated.clock.advance('1h');
  const second = watching();
  await second.round();
  await second.rounds(5);
  await second.stop();
  expect((await ledger.subjects('server')).find(({ name }) => name === id)?.isDeleted).toBe(true);
  expect(await statesOf(id)).toEqual(['up', 'unknown', 'excluded']);
  const other = (await ledger.subjects('server')).find(({ isDeleted }) => !isDeleted);
  expect(await statesOf(other?.name ?? '')).toEqual(['up', 'unknown', 'up', 'unknown']);
});

test('actions that one watch saw to be read, and did not come to, are read by the next one', async () => {
  const { id } = await activeServer();
  // A stop and a start between two polls: nothing but their actions tells.
  const first = watching({ poll: '30m', actionReads: 0 });
  await first.round();
  await simulated.clock.advance('5m');
  await cloud.compute.servers.stop({ id });
  await simulated.clock.advance('10m');
  await cloud.compute.servers.start({ id });
  await simulated.clock.advance('15m');
  await first.round();
  for (let round = 0; round < 3; round += 1) {
    await simulated.clock.advance('30m');
    expect((await first.round()).actionsLeft).toBeGreaterThan(100);
  }
  await first.stop();
  // It begins more than an hour after the act, with evidence of the server that is newer than that.
  const second = watching({ actionReads: 1_000 });
  await second.round();
  await second.stop();
  const { durations } = await ledger.of({ server: id }, { from: iso(began), to: iso(now()), staleness: '1h' });
  expect(durations.downMs).toBeGreaterThan(9 * MINUTE);
});

test('probes: down as seen from here, and no word where nothing answers us at all', async () => {
  let ok: boolean = true;
  const endpoints = { 'https://api/': () => Promise.resolve(ok ? { ok } : { ok, error: 'HTTP 503' }) };
  const watch = watching({ endpoints });
  await watch.round();
  await watch.rounds(4);
  ok = false;
  await watch.rounds(5);
  simulated.fault({ match: {}, reply: status(503) });
  await watch.rounds(10);
  simulated.heal();
  ok = true;
  await watch.rounds(5);
  await watch.stop();
  const { intervals, durations } = await ledger.of(
    { endpoint: 'https://api/' },
    { from: iso(began), to: iso(now()), skew: 0 },
  );
  expect(intervals.map(({ state }) => state)).toEqual(['up', 'unknown', 'down', 'unknown', 'up']);
  expect(durations).toEqual({ upMs: 8 * MINUTE, downMs: 4 * MINUTE, unknownMs: 12 * MINUTE, excludedMs: 0 });
});

test('it polls only while it leads, and gives up the rest when it does not', async () => {
  const leading = new AbortController();
  let isLeading = false;
  const watch = watching({
    lead: async (work) => {
      isLeading = true;
      await work({ signal: leading.signal });
      isLeading = false;
    },
  });
  await watch.round();
  await watch.rounds(3);
  leading.abort();
  await watch.stop();
  expect(isLeading).toBe(false);
  const { id } = await activeServer();
  // What it saw last is kept, although it was not due.
  expect(await statesOf(id)).toContain('up');
});

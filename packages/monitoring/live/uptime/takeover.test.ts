// Watches in processes of their own over a real PostgreSQL and one simulated cloud, by one clock that the test moves. Each
// leader is killed with SIGKILL in the middle of a round. Beside them one watch with a ledger of its own is never killed: what it
// knows is what must not be lost.
import { type Cloud, connect } from '@groundcrew/core';
import { type Postgres, startPostgres, waitUntil } from '@groundcrew/lab';
import { hang, type SimulatedCloud, simulateCloud, virtualClock } from '@groundcrew/sim';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type UptimeInterval, type UptimeLedger, uptimeLedger, watchUptime } from '../../src/uptime.ts';
import { postgresUptime } from '../../src/uptime/postgres.ts';
import { sqliteUptime } from '../../src/uptime/sqlite.ts';
import { Child } from './child.ts';
import type { LedWatch } from './led-watch.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const SCHEMA = 'taken_over';
/** With the minute of a round that is lost and the one until the next, less than a question's staleness of five minutes. */
const KEEP = '3m';

let postgres: Postgres;
let pool: pg.Pool;
let simulated: SimulatedCloud;
let cloud: Cloud;
/** Of the watch that is never killed, and of those that lead one after the other. */
let whole: UptimeLedger;
let shared: UptimeLedger;
let settings: Omit<LedWatch, 'now'>;

beforeAll(async () => {
  postgres = await startPostgres();
  pool = new pg.Pool({ connectionString: postgres.url, max: 6 });
  const clock = virtualClock(START, { mode: 'hand' });
  simulated = simulateCloud({ seed: 5, release: 'zed', scenario: 'site', clock });
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  cloud = connect({ ...connectOptions, clock, retries: 0 });
  whole = await uptimeLedger({ store: sqliteUptime(':memory:') });
  shared = await uptimeLedger({ store: postgresUptime({ pool, schema: SCHEMA }) });
  settings = { database: postgres.url, schema: SCHEMA, connectOptions, keep: KEEP };
}, 600_000);

afterAll(async () => {
  await whole?.close();
  await cloud?.close();
  await simulated?.close();
  await pool?.end();
  await postgres?.[Symbol.asyncDispose]();
});

const now = (): number => simulated.clock.now();
const iso = (time: number): string => new Date(time).toISOString();

/** The watch that is never killed, whose rounds are waited for. */
function unkilled() {
  const stopping = new AbortController();
  let told = Promise.withResolvers<void>();
  const options = { poll: '60s', powerSync: '2m', keep: KEEP } as const;
  const onRound = (): void => told.resolve();
  const ended = watchUptime({ cloud, ledger: whole, signal: stopping.signal, ...options, onRound });
  return {
    async round() {
      await told.promise;
      told = Promise.withResolvers();
    },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** A place in a round where whoever comes to it stays. */
interface Trap {
  /** Resolves when somebody is in it. */
  caught(): Promise<void>;
  open(): Promise<void>;
}

/** The first request of this operation is never answered. */
const requestTrap = (operation: string): Promise<Trap> => {
  const fault = simulated.fault({ match: { service: 'compute', operation }, first: 1, reply: hang() });
  const caught = () =>
    waitUntil(async () => fault.struck > 0, { within: 30_000, what: `a request of ${operation}` });
  return Promise.resolve({ caught, open: async () => fault.stop() });
};

/** Whoever writes evidence waits. Its transaction was begun, and is never committed. */
async function writeTrap(): Promise<Trap> {
  const client = await pool.connect();
  await client.query(`BEGIN; LOCK TABLE ${SCHEMA}.uptime_evidence IN EXCLUSIVE MODE`);
  const waiting = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '${SCHEMA}.uptime_evidence'::regclass`;
  return {
    caught: () =>
      waitUntil(async () => (await pool.query(waiting)).rows.length > 0, {
        within: 30_000,
        what: 'a writer that waits',
      }),
    async open() {
      await client.query('ROLLBACK');
      client.release();
    },
  };
}

/** Nobody takes the lease over until it is let go: what happens meanwhile happens while nobody watches, however slow we are. */
async function holdLease(): Promise<() => Promise<void>> {
  const client = await pool.connect();
  await client.query(`BEGIN; SELECT 1 FROM groundcrew.leases WHERE name = 'uptime' FOR UPDATE`);
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
}

async function activeServers(count: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id, status } of cloud.compute.servers.list({ all_tenants: true }))
    if (status === 'ACTIVE' && ids.push(id) === count) break;
  return ids;
}

test('three leaders are killed in the middle of a round: no interval is lost, and none counts twice', async () => {
  const [bounced = '', changed = '', gone = '', again = ''] = await activeServers(4);
  const { servers } = cloud.compute;
  const down: Record<string, [from: number, to: number][]> = { [bounced]: [], [changed]: [], [again]: [] };
  const stop = async (id: string): Promise<void> => {
    down[id]?.push([now(), Infinity]);
    await servers.stop({ id });
  };
  const start = async (id: string): Promise<void> => {
    const last = down[id]?.at(-1);
    if (last !== undefined) last[1] = now();
    await servers.start({ id });
  };
  let deleted = Infinity;

  const reference = unkilled();
  await reference.round();
  await using children = new AsyncDisposableStack();
  const all: Child[] = [];
  const open = (): Child => {
    const child = children.use(new Child('led-watch.ts', { ...settings, now: now() } satisfies LedWatch));
    all.push(child);
    return child;
  };
  const tell = (): void => all.forEach((child) => child.tell(String(now())));
  /** Lets time pass to the next full minute, and waits for the round of the watch that is never killed. */
  const untilMinute = async (): Promise<void> => {
    await simulated.clock.advance(MINUTE - ((now() - START) % MINUTE));
    await reference.round();
  };
  const minutes = async (leader: Child, count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      await untilMinute();
      tell();
      await leader.hears(`round ${iso(now())}`);
    }
  };
  const bounce = async (id: string): Promise<void> => {
    await simulated.clock.advance('5s');
    await stop(id);
    await simulated.clock.advance('30s');
    await start(id);
  };

  let leader = open();
  await leader.hears('leads 1');
  await leader.hears(`round ${iso(now())}`);
  const lost: string[] = [];
  const deaths: { trap: () => Promise<Trap>; before: () => Promise<void>; unwatched: () => Promise<void> }[] =
    [
      {
        trap: () => requestTrap('servers.list'),
        before: async () => undefined,
        unwatched: () => bounce(bounced),
      },
      {
        // It has read the list, and knows what it saw nowhere but in its memory.
        trap: () => requestTrap('instanceActions.list'),
        before: () => stop(changed),
        unwatched: async () => {
          await simulated.clock.advance('20s');
          deleted = now();
          await servers.delete({ id: gone });
        },
      },
      { trap: writeTrap, before: () => start(changed), unwatched: () => bounce(again) },
    ];
  for (const [index, { trap, before, unwatched }] of deaths.entries()) {
    const follower = open();
    await follower.hears('lease-held');
    // The last piece that was kept is two minutes old when the leader dies, and what it saw since dies with it.
    await minutes(leader, 8);
    await simulated.clock.advance('10s');
    await before();
    await untilMinute();
    const { caught, open: release } = await trap();
    tell();
    await caught();
    lost.push(iso(now()));
    const letGo = await holdLease();
    await leader.kill('SIGKILL');
    await release();
    await unwatched();
    await untilMinute();
    tell();
    await letGo();
    await follower.hears(`leads ${index + 2}`);
    await follower.hears(`round ${iso(now())}`);
    leader = follower;
  }
  await minutes(leader, 8);
  await leader.kill('SIGTERM');
  await reference.stop();

  // One round each minute, except for those in which a leader died.
  const rounds = all.flatMap(({ said }) => said.filter((line) => line.startsWith('round ')));
  const expected = Array.from({ length: (now() - START) / MINUTE + 1 }, (_, minute) =>
    iso(START + minute * MINUTE),
  ).filter((at) => !lost.includes(at));
  expect(rounds).toEqual(expected.map((at) => `round ${at} `));
  expect(lost).toHaveLength(3);

  const window = { from: START + 2_000, to: now() };
  const touched = new Set([bounced, changed, gone, again]);
  for (const of of ['server', 'service', 'host'] as const) {
    const [rows, wholeRows] = await Promise.all(
      [shared, whole].map(async (ledger) =>
        (await ledger.report({ ...window, of }))
          .filter(({ name }) => !touched.has(name))
          .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      ),
    );
    expect(wholeRows?.length).toBeGreaterThan(5);
    // To the millisecond what the watch knows that was never killed.
    expect(rows).toEqual(wholeRows);
  }

  for (const id of touched) {
    const { intervals, durations } = await shared.of({ server: id }, window);
    const known = await whole.of({ server: id }, window);
    expect(statesOf(intervals), id).toEqual(statesOf(known.intervals));
    // The round that died, and the minute in which nobody led, may have made a bound wider, and nothing else.
    for (const [index, { from }] of intervals.entries())
      expect(Math.abs(Date.parse(from) - Date.parse(known.intervals[index]?.from ?? ''))).toBeLessThanOrEqual(
        2 * MINUTE,
      );
    const { upMs, downMs, excludedMs, unknownMs } = durations;
    expect(upMs + downMs + excludedMs + unknownMs).toBe(window.to - window.from);
    const existed = Math.min(window.to, id === gone ? deleted : Infinity) - window.from;
    const trueDown = (down[id] ?? []).reduce(
      (sum, [from, to]) => sum + Math.min(to, window.to) - Math.max(from, window.from),
      0,
    );
    expect(upMs).toBeLessThanOrEqual(existed - trueDown);
    expect(upMs + unknownMs).toBeGreaterThanOrEqual(existed - trueDown);
  }
  // The stops that came and went while nobody led are known as such, by their actions.
  for (const id of [bounced, again])
    expect((await shared.of({ server: id }, window)).durations.downMs).toBeGreaterThan(15_000);
}, 180_000);

const statesOf = (intervals: readonly UptimeInterval[]): string[] => intervals.map(({ state }) => state);

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { type Daemon, type Postgres, startDaemon, startPostgres, waitUntil } from '@groundcrew/lab';
import { simulateBmcs, simulateCloud, type SimulatedCloud, virtualClock } from '@groundcrew/sim';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { serversOn } from '../test/instances/site.ts';
import type { ControllerSetup } from './fixtures/controller-process.ts';

const SERVERS = 5;
const WITHIN = 90_000;
const program = new URL('fixtures/controller-process.ts', import.meta.url).pathname;

let database: Postgres;
beforeAll(async () => {
  database = await startPostgres();
}, 600_000);
afterAll(() => database?.[Symbol.asyncDispose]());

interface Site {
  readonly simulated: SimulatedCloud;
  readonly cloud: Cloud;
  readonly servers: readonly string[];
  /** compute-2 hangs: its machine does nothing more, and its board still says on. */
  hang(): Promise<void>;
  start(holder: string): Promise<Daemon>;
}

let count = 0;

/** A simulated cloud that goes on by itself, with servers on compute-2, boards, and a database for whoever watches over it. */
async function madeSite(): Promise<Site> {
  const name = `site-${(count += 1)}`;
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-controllers-'));
  const dead = join(folder, 'dead');
  await writeFile(dead, '');
  const simulated = simulateCloud({ scenario: 'small', clock: virtualClock(Date.now()) });
  const { connectOptions } = await simulated.listen({ speed: 5 });
  const cloud = connect(connectOptions);
  const hosts = (await Array.fromAsync(cloud.compute.services.list({ binary: 'nova-compute' }))).map(
    ({ host }) => host,
  );
  const bmcs = simulateBmcs({
    hosts,
    clock: simulated.clock,
    onPower: (host, power) => (power === 'Off' ? simulated.hosts.kill(host) : simulated.hosts.revive(host)),
  });
  const boards = await bmcs.listen();
  onTestFinished(async () => {
    await cloud[Symbol.asyncDispose]();
    await simulated.close();
    await boards.close();
    await rm(folder, { recursive: true });
  });
  const servers = await serversOn('compute-2', SERVERS, cloud);
  return {
    simulated,
    cloud,
    servers,
    hang: async () => {
      simulated.hosts.kill('compute-2');
      await writeFile(dead, 'compute-2\n');
      // Until Nova, too, misses its heartbeat.
      await simulated.clock.advance('70s');
    },
    start: async (holder) => {
      const setup: ControllerSetup = {
        holder,
        database: database.url,
        site: name,
        auth: connectOptions,
        boards: boards.url,
        hosts,
        dead,
      };
      const daemon = await startDaemon(
        [process.execPath, '--conditions=@groundcrew/source', program, JSON.stringify(setup)],
        { within: WITHIN, ready: async () => true },
      );
      onTestFinished(() => daemon.stop(0));
      return daemon;
    },
  };
}

/** Waits until it has said so, or has ended. */
async function says(daemon: Daemon, what: RegExp): Promise<void> {
  const said = (): boolean => what.test(daemon.output());
  await waitUntil(async () => said() || !daemon.running(), {
    within: WITHIN,
    what: `${String(what)} from a controller`,
  }).catch(() => undefined);
  expect(daemon.output()).toMatch(what);
}

const tokenOf = (daemon: Daemon): number | undefined => {
  const told = /^leads (\d+)$/m.exec(daemon.output())?.[1];
  return told === undefined ? undefined : Number(told);
};

/** Two, of which the first leads. */
async function two(site: Site): Promise<[leader: Daemon, other: Daemon]> {
  const leader = await site.start('a');
  await says(leader, /^leads 1$/m);
  const other = await site.start('b');
  await says(other, /^follows: /m);
  return [leader, other];
}

/** Every server runs, elsewhere, and was evacuated once. */
async function allAreElsewhere({ simulated, cloud, servers }: Site): Promise<void> {
  const places = await Promise.all(servers.map((id) => cloud.compute.servers.get({ id })));
  expect(places.map(({ status }) => status)).toEqual(servers.map(() => 'ACTIVE'));
  expect(places.map((server) => server['OS-EXT-SRV-ATTR:host'])).not.toContain('compute-2');
  const asked = simulated.requests.filter({ operation: 'servers.evacuate', status: 200 });
  expect(asked).toHaveLength(servers.length);
}

describe('two controllers, each a process of its own, over PostgreSQL', () => {
  test.each([
    ['the recovery was remembered, and nothing was done', /^started recover compute-2$/m],
    ['the host was fenced', /^step-succeeded fence$/m],
    ['a server was on its way', /^step-started evacuate-/m],
    ['some servers were elsewhere', /(?:^step-succeeded evacuate-[\s\S]*){3}/m],
  ])('the leader is killed when %s: the other one goes on', async (_, moment) => {
    const here = await madeSite();
    const [leader, other] = await two(here);
    await here.hang();
    await says(leader, moment);
    process.kill(leader.pid, 'SIGKILL');
    await says(other, /^ended recover compute-2 succeeded$/m);
    expect(tokenOf(other)).toBe(2);
    await allAreElsewhere(here);
  });

  test('the leader sleeps in the middle and wakes when another leads: it does nothing more', async () => {
    const here = await madeSite();
    const [leader, other] = await two(here);
    await here.hang();
    await says(leader, /^step-succeeded evacuate-/m);
    process.kill(leader.pid, 'SIGSTOP');
    await says(other, /^ended recover compute-2 succeeded$/m);
    const told = leader.output().length;
    process.kill(leader.pid, 'SIGCONT');
    await waitUntil(async () => leader.output().slice(told).includes('follows: '), {
      within: WITHIN,
      what: 'the sleeper to follow',
    });
    const since = leader.output().slice(told);
    expect(since).not.toMatch(/^step-(?:started|succeeded) /m);
    expect(since).not.toContain('succeeded');
    await allAreElsewhere(here);
  });

  test('the leader is told to stop: the other one leads at once', async () => {
    const here = await madeSite();
    const [leader, other] = await two(here);
    process.kill(leader.pid, 'SIGTERM');
    await says(leader, /^over$/m);
    await says(other, /^leads 2$/m);
    expect(tokenOf(other)).toBe(2);
    await here.hang();
    await says(other, /^ended recover compute-2 succeeded$/m);
    await allAreElsewhere(here);
  });
});

import { status } from '@groundcrew/sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { computeService } from '../../src/instances/compute-service.ts';
import type { PastRecovery } from '../../src/instances/history.ts';
import { attemptsOf, withRecovery, withRecoveryEnded } from '../../src/instances/next-history.ts';
import { answering, withDarkCell } from '../foreign/dark-cells.ts';
import { siteWithServers } from './site.ts';

// What could not be read whole is missing from the view: an empty list, or a shorter one, would be a confident answer.

const HOST = 'compute-2';

describe('missing from the view is', () => {
  test.each([
    ['services.list', ['hosts', 'schedulers']],
    ['aggregates.list', ['hosts']],
    ['servers.list', ['servers']],
    ['serverGroups.list', ['groups']],
  ] as const)('what %s would tell, if it fails, and nothing else', async (operation, missing) => {
    const { cloud, simulated } = await siteWithServers(1);
    simulated.fault({ match: { operation }, reply: status(403) });
    const view = await readCloudView(cloud);
    const absent = (['hosts', 'servers', 'schedulers', 'groups'] as const).filter(
      (part) => view[part] === undefined,
    );
    expect(absent).toEqual(missing);
    expect(view.completeness).toBe('partial');
  });

  test('the moves of servers on a host whose records could not be read: they are not none', async () => {
    const { cloud, simulated, boards, servers } = await siteWithServers(1);
    boards.crash(HOST);
    await simulated.clock.advance('5m');
    const movesIn = async () =>
      (await readCloudView(cloud)).servers?.find(({ id }) => id === servers[0])?.moves;
    expect(await movesIn()).toEqual([]);
    simulated.fault({ match: { operation: 'migrations.list' }, reply: status(403) });
    expect(await movesIn()).toBe(undefined);
  });
});

test('a round in which the services could not be asked is counted; one in which they could ends the count', async () => {
  const { cloud, simulated } = await siteWithServers(0);
  expect((await readCloudView(cloud, { misses: 2 })).apiMisses).toBe(0);
  simulated.fault({ match: { operation: 'services.list' }, reply: status(503) });
  expect((await readCloudView(cloud, { misses: 2 })).apiMisses).toBe(3);
});

describe('a scheduler', () => {
  const schedulers = async (change: object) => {
    const { simulated } = await siteWithServers(0);
    const seen = answering(simulated, async (request, response) => {
      if (!new URL(request.url).pathname.endsWith('/os-services')) return response;
      const body = (await response.json()) as { services: Record<string, unknown>[] };
      const services = body.services.map((row) =>
        row['binary'] === 'nova-scheduler' ? { ...row, ...change } : row,
      );
      return Response.json({ services });
    });
    onTestFinished(async () => seen[Symbol.asyncDispose]());
    return (await readCloudView(seen)).schedulers?.map(({ up }) => up);
  };

  test('that is disabled, or down, places nothing', async () => {
    expect(new Set(await schedulers({}))).toEqual(new Set([true]));
    expect(new Set(await schedulers({ status: 'disabled' }))).toEqual(new Set([false]));
    expect(new Set(await schedulers({ state: 'down' }))).toEqual(new Set([false]));
  });

  test('of which Nova does not tell is not known, which is not the same as none', async () => {
    expect(await schedulers({ state: undefined })).toBe(undefined);
  });
});

test('a host in an aggregate that says so is taken out of protection', async () => {
  const { cloud, simulated } = await siteWithServers(0);
  const { compute, ids } = simulated.state;
  compute.aggregates.add({
    id: '99',
    uuid: ids.uuid(),
    created: simulated.clock.now(),
    updated: null,
    name: 'by-hand',
    hosts: [HOST],
    metadata: { HA_Enabled: 'False' },
  });
  const hosts = (await readCloudView(cloud)).hosts ?? [];
  expect(hosts.filter((view) => !view.protected).map(({ host }) => host)).toEqual([HOST]);
});

test('a service whose cell does not respond is neither up nor down', async () => {
  const { simulated } = await siteWithServers(0);
  const seen = withDarkCell(simulated, new Set([HOST]));
  onTestFinished(async () => seen[Symbol.asyncDispose]());
  const { signal } = new AbortController();
  expect(await computeService(seen, HOST, signal)).toMatchObject({
    up: false,
    unknown: 'its cell does not respond',
  });
  expect(await computeService(seen, 'compute-1', signal)).toMatchObject({ up: true, unknown: undefined });
});

describe('the history counts', () => {
  const past = (state: PastRecovery['state'], differs: Partial<PastRecovery> = {}): PastRecovery => ({
    host: HOST,
    state,
    startedAt: 1000,
    ...differs,
  });
  const begun = (...recoveries: PastRecovery[]) =>
    withRecovery({ observations: [], recoveries }, { host: HOST, now: 9000, journal: 'again' }).recoveries;

  test.each(['recovered', 'half-done'] as const)(
    'an attempt after one that is %s as one of the same failure',
    (state) => {
      expect(begun(past(state))).toMatchObject([{ startedAt: 1000, attempts: 2, state: 'running' }]);
      const [third] = begun(past(state, { attempts: 2 }));
      expect(third && attemptsOf(third)).toBe(3);
    },
  );

  test.each(['returned', 'failed', 'undone'] as const)(
    'one after one that is %s as a new failure',
    (state) => {
      expect(begun(past(state))).toMatchObject([{ state }, { startedAt: 9000, state: 'running' }]);
    },
  );

  test('an end as that of the last recovery of the host', () => {
    const recoveries = [past('returned'), past('running')];
    const { recoveries: ended } = withRecoveryEnded(
      { observations: [], recoveries },
      HOST,
      'recovered',
      9000,
    );
    expect(ended.map(({ state }) => state)).toEqual(['returned', 'recovered']);
  });
});

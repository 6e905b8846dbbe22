import { describe, expect, onTestFinished, test } from 'vitest';
import type { Cloud } from '@groundcrew/core';
import { status } from '@groundcrew/sim';
import { closeRecovery, declareDown, evacuateServer, fenceHost } from '../../src/instances/actions.ts';
import { readCloudView } from '../../src/instances/cloud-view.ts';
import { recoveryImplementations } from '../../src/instances/recovery-implementations.ts';
import { answering } from '../foreign/dark-cells.ts';
import { type Site, siteWithServers } from './site.ts';
import { partsOf } from './steps.ts';

// What each step asks of the world before, at and after its act, whatever the steps around it ask.

const HOST = 'compute-2';
const serviceRow = ({ simulated }: Site, host = HOST) => {
  const row = simulated.state.compute.services.find(
    (service) => service.host === host && service.binary === 'nova-compute',
  );
  if (row === undefined) throw new Error(`no service on ${host}`);
  return row;
};
const heard = async ({ cloud }: Site, host = HOST) => {
  const view = (await readCloudView(cloud)).hosts?.find((each) => each.host === host);
  return { service: view?.service ?? '', heartbeat: new Date(view?.heartbeat ?? 0).toISOString() };
};
const implementations = ({ cloud, fence }: Site, seen: Cloud = cloud) =>
  recoveryImplementations({ cloud: seen, fencer: fence });

describe('before the power is cut', () => {
  const may = async (site: Site, input: { host: string; lastHeard: string | null }) =>
    (await partsOf(implementations(site), fenceHost).precondition(input))?.code;

  test('nothing was heard of the host since the plan was made', async () => {
    const site = await siteWithServers(0);
    site.boards.crash(HOST);
    const { heartbeat } = await heard(site);
    expect(await may(site, { host: HOST, lastHeard: heartbeat })).toBe(undefined);
    const earlier = new Date(Date.parse(heartbeat) - 1000).toISOString();
    expect(await may(site, { host: HOST, lastHeard: earlier })).toBe('ha.changed');
  });

  test('of a host that was never heard of, any heartbeat is a later one', async () => {
    const site = await siteWithServers(0);
    expect(await may(site, { host: HOST, lastHeard: null })).toBe('ha.changed');
  });

  test('Nova still has a compute service of that name', async () => {
    const site = await siteWithServers(0);
    expect(await may(site, { host: 'compute-9', lastHeard: null })).toBe('ha.changed');
  });
});

test('the power that was cut stays off while a server of the host may be running elsewhere', async () => {
  const site = await siteWithServers(1);
  const [id = ''] = site.servers;
  await site.fence.off(HOST);
  const undo = partsOf(implementations(site), fenceHost);
  record(site, id, { type: 'live-migration', status: 'running' });
  await expect(undo.compensate({ host: HOST, lastHeard: null })).rejects.toMatchObject({
    code: 'fence-kept-off',
  });
  expect(site.boards.orders).toEqual([`off ${HOST}`]);
  for (const move of site.simulated.state.compute.migrations.filter(() => true)) move.status = 'completed';
  await undo.compensate({ host: HOST, lastHeard: null });
  expect(site.boards.orders).toEqual([`off ${HOST}`, `on ${HOST}`]);
});

describe('before Nova is told that the host is down', () => {
  const may = async (site: Site, service: string) =>
    (await partsOf(implementations(site), declareDown).precondition({ host: HOST, service }))?.code;

  test('its service is the one of the plan', async () => {
    const site = await siteWithServers(0);
    const { service } = await heard(site);
    expect(await may(site, service)).toBe(undefined);
    expect(await may(site, 'another')).toBe('ha.changed');
  });

  test('nobody else has disabled it meanwhile; our own mark is no hindrance', async () => {
    const site = await siteWithServers(0);
    const { service } = await heard(site);
    Object.assign(serviceRow(site), { disabled: true, disabled_reason: 'new disks' });
    expect(await may(site, service)).toBe('ha.changed');
    Object.assign(serviceRow(site), { disabled_reason: 'groundcrew: evacuating (run-1)' });
    expect(await may(site, service)).toBe(undefined);
  });

  test('the machine is off at that moment, too', async () => {
    const site = await siteWithServers(0);
    site.boards.crash(HOST);
    const { service } = await heard(site);
    const attempt = partsOf(implementations(site), declareDown).perform({ host: HOST, service });
    await expect(attempt).rejects.toMatchObject({ code: 'fence-not-off' });
    expect(serviceRow(site)).toMatchObject({ forced_down: false, disabled: false });
  });
});

describe('after Nova was told', () => {
  /** What Nova answers of the host, changed on the way. */
  const verified = async (change: object): Promise<string | undefined> => {
    const site = await siteWithServers(0);
    site.boards.crash(HOST);
    await site.simulated.clock.advance('5m');
    const { service } = await heard(site);
    Object.assign(serviceRow(site), { forced_down: true });
    const seen = answering(site.simulated, async (request, response) => {
      if (request.method !== 'GET' || !new URL(request.url).pathname.endsWith('/os-services'))
        return response;
      const body = (await response.json()) as { services: object[] };
      return Response.json({ services: body.services.map((row) => ({ ...row, ...change })) });
    });
    onTestFinished(async () => seen[Symbol.asyncDispose]());
    return (await partsOf(implementations(site, seen), declareDown).verify({ host: HOST, service }))?.code;
  };

  test('it counts the host as down, and as forced down: else it would evacuate nothing, or hear it again', async () => {
    expect(await verified({})).toBe(undefined);
    expect(await verified({ state: 'up' })).toBe('ha.changed');
    expect(await verified({ forced_down: false })).toBe('ha.changed');
  });
});

describe('undone is what was declared', () => {
  test('unless somebody else has disabled the host by then', async () => {
    const site = await siteWithServers(0);
    const { service } = await heard(site);
    const mark = { disabled: true, forced_down: true };
    const undo = partsOf(implementations(site), declareDown);
    Object.assign(serviceRow(site), { ...mark, disabled_reason: 'new disks' });
    await undo.compensate({ host: HOST, service });
    expect(serviceRow(site)).toMatchObject({ disabled: true, forced_down: true });
    Object.assign(serviceRow(site), { ...mark, disabled_reason: 'groundcrew: evacuating (run-1)' });
    await undo.compensate({ host: HOST, service });
    expect(serviceRow(site)).toMatchObject({ disabled: false, forced_down: false });
  });

  test('and nothing of a host that Nova does not have any more', async () => {
    const site = await siteWithServers(0);
    const undo = partsOf(implementations(site), declareDown);
    await expect(undo.compensate({ host: 'compute-9', service: 'gone' })).resolves.toBe(undefined);
  });
});

const inputOf = (server: string, differs: object = {}) => ({
  server,
  name: 'vm-1',
  host: HOST,
  state: 'active',
  targets: [null],
  timeoutMs: 60_000,
  staggerMs: 0,
  alsoOff: [],
  reset: false,
  ...differs,
});
/** A record of Nova's, as it is after an evacuation from the host. */
const record = ({ simulated }: Site, id: string, differs: object = {}): void => {
  const { compute, ids } = simulated.state;
  const server = compute.servers.get(id);
  if (server === undefined) throw new Error(`no server ${id}`);
  compute.migrations.add({
    id: ids.uuid(),
    row: compute.row('migrations'),
    server: id,
    project_id: server.project_id,
    user_id: server.user_id,
    type: 'evacuation',
    source: HOST,
    dest: 'compute-3',
    created: simulated.clock.now(),
    updated: simulated.clock.now(),
    old_flavor: server.flavor.row,
    new_flavor: server.flavor.row,
    status: 'done',
    ...differs,
  });
};

describe('a server is evacuated', () => {
  test('only from the host of the plan', async () => {
    const site = await siteWithServers(1);
    const [id = ''] = site.servers;
    const step = partsOf(implementations(site), evacuateServer);
    expect(await step.precondition(inputOf(id))).toBe(undefined);
    expect(await step.precondition(inputOf(id, { host: 'compute-3' }))).toMatchObject({ code: 'ha.changed' });
  });

  test('already, if it is elsewhere, at rest, by an evacuation that arrived there', async () => {
    const site = await siteWithServers(1);
    const [id = ''] = site.servers;
    const step = partsOf(implementations(site), evacuateServer);
    const server = site.simulated.state.compute.servers.get(id) ?? {};
    record(site, id);
    expect(await step.done(inputOf(id)), 'still on its host').toBe(undefined);
    Object.assign(server, { host: 'compute-3' });
    expect(await step.done(inputOf(id))).toMatchObject({ to: 'compute-3', status: 'ACTIVE' });
    Object.assign(server, { task_state: 'rebuilding' });
    expect(await step.done(inputOf(id)), 'in a task').toBe(undefined);
    Object.assign(server, { task_state: null, host: 'compute-1' });
    expect(await step.done(inputOf(id)), 'where no evacuation went').toBe(undefined);
  });

  test('not yet, if the evacuation has failed or is under way', async () => {
    const site = await siteWithServers(1);
    const [id = ''] = site.servers;
    const step = partsOf(implementations(site), evacuateServer);
    Object.assign(site.simulated.state.compute.servers.get(id) ?? {}, { host: 'compute-3' });
    for (const state of ['failed', 'error', 'pre-migrating']) record(site, id, { status: state });
    expect(await step.done(inputOf(id))).toBe(undefined);
  });

  test('as it is: no state is reset that the plan does not say is to be', async () => {
    const site = await siteWithServers(1);
    const [id = ''] = site.servers;
    site.boards.crash(HOST);
    await site.fence.off(HOST);
    await site.simulated.clock.advance('5m');
    await partsOf(implementations(site), evacuateServer).perform(inputOf(id));
    expect(site.simulated.requests.count({ operation: 'servers.resetState' })).toBe(0);
    expect(site.simulated.requests.count({ operation: 'servers.evacuate' })).toBe(1);
  });

  test('well, if it is on another host, and as it was', async () => {
    const site = await siteWithServers(1);
    const [id = ''] = site.servers;
    const step = partsOf(implementations(site), evacuateServer);
    expect(await step.verify(inputOf(id)), 'still there').toMatchObject({ code: 'ha.changed' });
    Object.assign(site.simulated.state.compute.servers.get(id) ?? {}, { host: 'compute-3' });
    expect(await step.verify(inputOf(id))).toBe(undefined);
    expect(await step.verify(inputOf(id, { state: 'stopped' }))).toMatchObject({ code: 'ha.changed' });
    expect(await step.verify(inputOf(id, { state: 'paused' }))).toMatchObject({ code: 'ha.changed' });
  });
});

describe('at the end', () => {
  test('every server of the plan is counted where Nova shows it, and others are named', async () => {
    const site = await siteWithServers(5);
    const [moved = '', left = '', gone = '', unseen = '', other = ''] = site.servers;
    const { servers } = site.simulated.state.compute;
    Object.assign(servers.get(moved) ?? {}, { host: 'compute-3' });
    Object.assign(servers.get(unseen) ?? {}, { host: null });
    await site.cloud.compute.servers.delete({ id: gone });
    await site.simulated.clock.advance('1m');
    const { service } = await heard(site);
    const closing = { host: HOST, service, reserves: [], servers: [moved, left, gone, unseen], notMoved: [] };
    expect(await partsOf(implementations(site), closeRecovery).perform(closing)).toEqual({
      moved: 1,
      left: [left],
      gone: [gone],
      unseen: [unseen],
      others: [other],
      reservesInUse: [],
    });
  });

  test('a server that could not be asked about is not taken for deleted', async () => {
    const site = await siteWithServers(1);
    const { service } = await heard(site);
    const { servers } = site;
    site.simulated.fault({ match: { operation: 'servers.get' }, reply: status(403) });
    const closing = { host: HOST, service, reserves: [], servers: [...servers], notMoved: [] };
    await expect(partsOf(implementations(site), closeRecovery).perform(closing)).rejects.toMatchObject({
      status: 403,
    });
  });
});

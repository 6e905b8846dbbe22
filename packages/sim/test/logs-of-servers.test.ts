import { expect, test } from 'vitest';
import { type SimulatedCloud } from '../src/index.ts';
import { started, aServer, linesWith } from './logging-cloud.ts';

test('the end of a server: its host says it, and the API where the host is down', async () => {
  const { cloud, client } = await started({}, 'admin', 'admin');
  const first = await aServer(client);
  const reply = await client.nova('DELETE', `servers/${first.id}`);
  await cloud.clock.advance('5s');
  const requestId = reply.headers.get('X-Openstack-Request-Id') ?? '';
  const words = linesWith(cloud, first.id)
    .filter(
      (line) =>
        line.includes('nova-compute') || line.includes('nova.compute') || line.includes('client.report'),
    )
    .slice(3)
    .map((line) => [line.includes(requestId), line.split('] ').at(-1)]);
  expect(words).toEqual([
    [true, 'Terminating instance'],
    [true, 'Took 0.00 seconds to destroy the instance on the hypervisor.'],
    [false, 'Took 0.00 seconds to deallocate network for instance.'],
    [true, `Deleted allocations for instance ${first.id}`],
  ]);
  const second = await aServer(client);
  const host = hostOf(cloud, second.id);
  cloud.hosts.kill(host);
  await cloud.clock.advance('2m');
  const services = await client.nova('GET', `os-services?host=${host}&binary=nova-compute`);
  await client.nova('PUT', `os-services/${services.body.services[0].id}`, { status: 'disabled' });
  await client.nova('DELETE', `servers/${second.id}`);
  const api = cloud.logs.lines('nova-api').filter((line) => line.includes('nova.compute.api'));
  expect(api.map((line) => line.split('] ').at(-1))).toEqual([
    `Compute service on host ${host} is down. The COMPUTE_STATUS_DISABLED trait will be synchronized when the service is restarted.`,
    `instance's host ${host} is down, deleting from database`,
  ]);
  expect(api[1]).toMatch(/ WARNING nova\.compute\.api \[.*\] \[instance: /);
});

/** The host whose nova-compute has claimed the resources of a server. */
const hostOf = (cloud: SimulatedCloud, id: string): string =>
  cloud.logs
    .processes()
    .find((log) => log.service === 'nova-compute' && log.lines().some((line) => line.includes(id)))?.host ??
  '';

test('a guest that shuts itself down: what the look at it says, and nothing of a user', async () => {
  const { cloud, client } = await started();
  const { id } = await aServer(client);
  cloud.guests.shutDown(id);
  await cloud.clock.advance('11m');
  expect(
    linesWith(cloud, id)
      .slice(-2)
      .map((line) => line.replace(/^.*? \d+ ([A-Z]+ nova)/, '$1')),
  ).toEqual([
    `INFO nova.compute.manager [-] [instance: ${id}] During _sync_instance_power_state the DB power_state (1) does not match the vm_power_state from the hypervisor (4). Updating power_state in the DB to match the hypervisor.`,
    `WARNING nova.compute.manager [-] [instance: ${id}] Instance shutdown by itself. Calling the stop API. Current vm_state: active, current task_state: None, original DB power_state: 1, current VM power_state: 4`,
  ]);
});

test('an evacuation: its target says it, and its source when it starts again, as another process', async () => {
  const { cloud, client } = await started({}, 'admin', 'admin');
  const { id } = await aServer(client);
  const source = hostOf(cloud, id);
  cloud.hosts.kill(source);
  await cloud.clock.advance('2m');
  const reply = await client.nova('POST', `servers/${id}/action`, { evacuate: {} });
  await cloud.clock.advance('10s');
  const requestId = reply.headers.get('X-Openstack-Request-Id') ?? '';
  const target = cloud.logs
    .processes()
    .find((log) => log.lines().some((line) => line.includes('Evacuating')));
  expect(target?.host).not.toBe(source);
  const said = (target?.lines() ?? []).filter((line) => line.includes(requestId));
  expect(said.map((line) => line.split('] ').at(-1))).toEqual([
    'Evacuating instance',
    `Claim successful on node ${target?.host}`,
    expect.stringMatching(/^disk not on shared storage, evacuating from image: '[0-9a-f-]{36}'$/),
  ]);
  cloud.hosts.revive(source);
  await cloud.clock.advance('10s');
  const lines = cloud.logs.lines('nova-compute', source);
  expect(lines.at(-1)).toMatch(
    / INFO nova\.compute\.manager \[None req-[0-9a-f-]{36} - - - - - -\] \[instance: [0-9a-f-]{36}\] Cleaning up allocations of the instance as it has been evacuated from this host$/,
  );
  expect(new Set(lines.map((line) => line.split(' ')[2])).size).toBe(2);
});

test('a live migration, on both hosts', async () => {
  const { cloud, client } = await started({}, 'admin', 'admin');
  const { id } = await aServer(client);
  const source = hostOf(cloud, id);
  await client.nova('POST', `servers/${id}/action`, {
    'os-migrateLive': { host: null, block_migration: 'auto' },
  });
  await cloud.clock.advance('10s');
  const server = await client.nova('GET', `servers/${id}`);
  const target = server.body.server['OS-EXT-SRV-ATTR:host'];
  expect(target).not.toBe(source);
  expect(
    cloud.logs
      .lines('nova-compute', source)
      .slice(-3)
      .map((line) => line.split('] ').at(-1)),
  ).toEqual([
    `Took 0.00 seconds for pre_live_migration on destination host ${target}.`,
    '_post_live_migration() is started..',
    `Migrating instance to ${target} finished successfully.`,
  ]);
  expect(cloud.logs.lines('nova-compute', target).at(-1)).toContain('Post operation of migration started');
});

test('no valid host: the conductor gives up, in the words of the fault', async () => {
  const { cloud, client } = await started({}, 'admin', 'admin');
  for (const host of ['compute-1', 'compute-2', 'compute-3']) cloud.hosts.kill(host);
  await cloud.clock.advance('2m');
  const { id } = await aServer(client);
  const { fault } = (await client.nova('GET', `servers/${id}`)).body.server;
  const lines = cloud.logs.lines('nova-conductor');
  expect(lines[0]).toMatch(
    / ERROR nova\.conductor\.manager \[None req-.*\] Failed to schedule instances: nova\.exception_Remote\.NoValidHost_Remote: No valid host was found\./,
  );
  expect(lines[0]).toContain(fault.message);
  expect(lines.at(-1)).toContain(`[instance: ${id}] Setting instance to ERROR state.: `);
});

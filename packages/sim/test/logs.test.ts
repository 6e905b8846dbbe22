// What the services write into their logs. The forms and words are those of the lab's services (Zed), whose logs were read for them;
// packages/logging-levels/live/sim-logs.test.ts compares both.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  ConnectionReset,
  htmlPage,
  reset,
  type SimulatedCloud,
  simulateCloud,
  status,
} from '../src/index.ts';
import { Client, parts } from './client.ts';

const GLOBAL = 'req-11111111-2222-4333-8444-555555555555';

async function started(options: Parameters<typeof simulateCloud>[0] = {}, user = 'admin', project = 'demo') {
  const cloud = simulateCloud({ seed: 5, logs: true, ...options });
  const client = await new Client(cloud).login(user, project);
  return { cloud, client };
}

/** Creates a server, and lets it be built. */
async function aServer(client: Client, headers: Record<string, string> = {}, name = 'web') {
  const { flavor, image } = await parts(client);
  const reply = await client.send(
    'POST',
    '/compute/v2.1/servers',
    { server: { name, flavorRef: flavor, imageRef: image, networks: 'none' } },
    { 'OpenStack-API-Version': 'compute 2.93', ...headers },
  );
  expect(reply.status).toBe(202);
  await client.cloud.clock.advance('10s');
  const requestId = reply.headers.get('X-Openstack-Request-Id') ?? '';
  return { id: reply.body.server.id as string, requestId, bytes: reply.text.length };
}

const linesWith = (cloud: SimulatedCloud, text: string): string[] =>
  cloud.logs.processes().flatMap((log) => log.lines().filter((line) => line.includes(text)));
const loggersIn = (lines: readonly string[]): string[] =>
  lines.map((line) => line.split(' ').slice(3, 5).join(' '));

test('one id in the answer, the list of requests, the instance action, the notification and each log, at the same moments', async () => {
  const { cloud, client } = await started();
  const queue = cloud.notifications.queue();
  const { id, requestId, bytes } = await aServer(client, { 'X-OpenStack-Request-ID': GLOBAL });
  expect(cloud.requests.filter({ operation: 'servers.create' }).map((entry) => entry.requestId)).toEqual([
    requestId,
  ]);
  const actions = await client.nova('GET', `servers/${id}/os-instance-actions`);
  expect(actions.body.instanceActions).toMatchObject([{ action: 'create', request_id: requestId }]);
  const messages = queue.take().map((text) => JSON.parse(JSON.parse(text)['oslo.message']));
  expect(messages.map(({ _context_request_id }) => _context_request_id)).toEqual([requestId, requestId]);

  const api = cloud.logs.lines('nova-api').filter((line) => line.includes(requestId));
  const { user_id: user, project_id: project } = actions.body.instanceActions[0];
  const context = `[${GLOBAL} ${requestId} ${user} ${project} - - default default]`;
  expect(api).toEqual([
    expect.stringMatching(/^2026-01-01 00:00:00\.000 \d+ INFO nova\.api\.openstack\.requestlog \[/),
  ]);
  expect(api[0]).toContain(
    `${context} 127.0.0.1 "POST /v2.1/servers" status: 202 len: ${bytes} microversion: 2.93 time: 0.000000`,
  );
  const said = linesWith(cloud, `[instance: ${id}]`);
  expect(loggersIn(said)).toEqual([
    'INFO nova.compute.claims',
    'INFO nova.compute.manager',
    'INFO nova.compute.manager',
  ]);
  for (const line of said) expect(line).toContain(`${context} [instance: ${id}] `);
  expect(said.map((line) => line.split('] ').at(-1))).toEqual([
    expect.stringMatching(/^Claim successful on node compute-\d$/),
    'Took 7.00 seconds to spawn the instance on the hypervisor.',
    'Took 7.00 seconds to build instance.',
  ]);
  // The notifications of the beginning and the end have the times of these lines.
  expect(said.map((line) => line.slice(0, 23)).filter((_, index) => index !== 1)).toEqual(
    messages.map(({ timestamp }) => timestamp.slice(0, 23)),
  );
  // Nova asks Placement as its own user, with the id that it was given.
  const placement = linesWith(cloud, `/allocations/${id}`);
  expect(placement.map((line) => line.split('] ').at(-1))).toEqual([
    `127.0.0.1 "GET /allocations/${id}" status: 200 len: 19 microversion: 1.28`,
    `127.0.0.1 "PUT /allocations/${id}" status: 204 len: 0 microversion: 1.36`,
  ]);
  for (const line of placement) expect(line).toMatch(new RegExp(`placement\\.requestlog \\[${GLOBAL} req-`));
});

test('before Zed a context has no global id, and five parts of an identity', async () => {
  const { cloud, client } = await started({ release: 'yoga' });
  await client.send('GET', '/compute/v2.1/servers', undefined, { 'X-OpenStack-Request-ID': GLOBAL });
  const [line] = cloud.logs.lines('nova-api');
  expect(line).toMatch(/requestlog \[req-[0-9a-f-]{36} [0-9a-f]{32} [0-9a-f]{32} - default default\] 127/);
  expect(
    cloud.logs
      .processes()
      .flatMap((log) => log.lines())
      .join('\n'),
  ).not.toContain('None');
});

test('the scope of a domain and of the system, and no token at all', async () => {
  const { cloud, client } = await started();
  const auth = (scope: unknown) => ({
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'admin', domain: { id: 'default' }, password: 'secret-of-sim' } },
      },
      scope,
    },
  });
  const token = await client.send('POST', '/identity/v3/auth/tokens', auth({ system: { all: true } }));
  client.token = token.headers.get('X-Subject-Token') ?? '';
  await client.nova('GET', 'os-services');
  client.token = '';
  await client.placement('GET', '');
  const [nova] = cloud.logs.lines('nova-api').slice(-1);
  expect(nova).toMatch(/ \[None req-[0-9a-f-]{36} [0-9a-f]{32} - - all default -\] /);
  expect(cloud.logs.lines('placement-api').at(-1)).toMatch(/ \[None req-[0-9a-f-]{36} - - - - - -\] 127/);
});

test('Glance takes the id of its client for its own', async () => {
  const { cloud, client } = await started();
  const reply = await client.glance('GET', 'images?limit=1', undefined, { 'X-OpenStack-Request-ID': GLOBAL });
  expect(reply.headers.get('X-Openstack-Request-Id')).toBe(GLOBAL);
  expect(cloud.requests.all.at(-1)?.requestId).toBe(GLOBAL);
  expect(cloud.logs.lines('glance-api').at(-1)).toMatch(
    /INFO eventlet\.wsgi\.server \[None req-11111111-2222-4333-8444-555555555555 [0-9a-f]{32} [0-9a-f]{32} - - default default\] 127\.0\.0\.1 - - \[01\/Jan\/2026 00:00:00\] "GET \/v2\/images\?limit=1 HTTP\/1\.1" 200 \d+ 0\.000000$/,
  );
  for (const bad of ['no id', 'x'.repeat(65)]) {
    const own = await client.glance('GET', 'images', undefined, { 'X-OpenStack-Request-ID': bad });
    expect(own.headers.get('X-Openstack-Request-Id')).toMatch(/^req-[0-9a-f-]{36}$/);
  }
});

test('whether logs are kept changes no answer, no id and no choice', async () => {
  const work = async (logs: boolean) => {
    const { cloud, client } = await started({ logs });
    const { id } = await aServer(client);
    const set = { binary: 'cinder-api', prefix: 'cinder.api', level: 'DEBUG' };
    const level = async () =>
      (
        await client.cinder('PUT', 'os-services/get-log', {
          binary: 'cinder-api',
          prefix: 'cinder.api.common',
        })
      ).text;
    const told = [await level()];
    await client.cinder('PUT', 'os-services/set-log', set);
    await client.cinder('GET', 'volumes');
    told.push(await level(), await level(), await level());
    await client.nova('DELETE', `servers/${id}`);
    await cloud.clock.advance('10s');
    await client.nova('GET', `servers/${id}`);
    return { told, requests: cloud.requests.all };
  };
  expect(await work(true)).toEqual(await work(false));
});

test('a cloud that keeps no logs, and a service that writes none, are refused', async () => {
  const off = simulateCloud();
  expect(() => off.logs.lines('nova-api')).toThrow(/logs\.lines: this cloud keeps no logs/);
  expect(() => off.logs.processes()).toThrow(/keeps no logs/);
  await expect(off.logs.writeTo(tmpdir())).rejects.toThrow(/keeps no logs/);
  const { cloud } = await started();
  expect(() => cloud.logs.lines('nova-apis')).toThrow(/logs\.lines: service: /);
  expect(cloud.logs.lines('nova-conductor')).toEqual([]);
  expect(() => simulateCloud({ logs: 'yes' as never })).toThrow(/logs/);
});

test('levels: the worker that was set to DEBUG writes DEBUG, and no longer once it is put back', async () => {
  const { cloud, client } = await started({ volumeApiWorkers: 2 });
  const set = (level: string) =>
    client.cinder('PUT', 'os-services/set-log', {
      binary: 'cinder-api',
      prefix: 'cinder.api.openstack.wsgi',
      level,
    });
  const debug = () => cloud.logs.lines('cinder-api').filter((line) => line.includes(' DEBUG '));
  const list = async () => {
    for (let asked = 0; asked < 4; asked += 1) await client.cinder('GET', 'volumes/detail');
  };
  await list();
  expect(debug()).toEqual([]);
  await set('DEBUG');
  await list();
  const one = debug();
  // Two of four requests, each with two lines, and of one process.
  expect(one.map((line) => line.split('] ').at(-1))).toEqual(
    [1, 2].flatMap(() => [
      'Empty body provided in request get_body /usr/lib/python3/dist-packages/cinder/api/openstack/wsgi.py:715',
      "Calling method 'detail' _process_stack /usr/lib/python3/dist-packages/cinder/api/openstack/wsgi.py:868",
    ]),
  );
  expect(new Set(one.map((line) => line.split(' ')[2])).size).toBe(1);
  await set('DEBUG');
  await list();
  expect(new Set(debug().map((line) => line.split(' ')[2])).size).toBe(2);
  await set('INFO');
  await set('INFO');
  const before = debug().length;
  await list();
  expect(debug()).toHaveLength(before);
  // At ERROR it does not even say that it was asked.
  await set('ERROR');
  await set('ERROR');
  const lines = cloud.logs.lines('cinder-api').length;
  await client.cinder('GET', 'os-services');
  expect(cloud.logs.lines('cinder-api')).toHaveLength(lines);
});

test('a volume service at DEBUG says each minute that it tells the schedulers, until its level is put back or it starts again', async () => {
  const { cloud, client } = await started();
  const set = (level: string) =>
    client.cinder('PUT', 'os-services/set-log', { binary: 'cinder-volume', prefix: 'cinder', level });
  const debug = () =>
    cloud.logs.lines('cinder-volume').filter((line) => line.includes('DEBUG cinder.manager'));
  await set('DEBUG');
  await set('DEBUG');
  await cloud.clock.advance('3m');
  expect(debug()).toHaveLength(3);
  await set('INFO');
  await cloud.clock.advance('3m');
  expect(debug()).toHaveLength(3);
  await set('DEBUG');
  cloud.volumeProcesses.restart('cinder-volume');
  await cloud.clock.advance('3m');
  expect(debug()).toHaveLength(3);
});

test('volumes: the API before and behind a request, and the service that does the work, without domains', async () => {
  const { cloud, client } = await started();
  const made = await client.cinder('POST', 'volumes', {
    volume: { size: 2, name: 'v\n2026-01-01 00:00:00.000 1 ERROR a b' },
  });
  await cloud.clock.advance('3s');
  const { id } = made.body.volume;
  await client.cinder('DELETE', `volumes/${id}`);
  await cloud.clock.advance('3s');
  expect(cloud.logs.lines('cinder-api').map((line) => line.split('] ').at(-1))).toEqual([
    'POST http://sim.test/v3/volumes',
    'Create volume of 2 GB',
    'Create volume request issued successfully.',
    'http://sim.test/v3/volumes returned with HTTP 202',
    `DELETE http://sim.test/v3/volumes/${id}`,
    `Delete volume with id: ${id} `,
    'Volume info retrieved successfully.',
    'Delete volume request issued successfully.',
    `http://sim.test/v3/volumes/${id} returned with HTTP 202`,
  ]);
  const done = cloud.logs.lines('cinder-volume');
  expect(done.map((line) => line.split('] ').at(-1))).toEqual([
    `Volume ${id}: being created as raw with specification: {'status': 'creating', 'volume_name': 'volume-${id}', 'volume_size': 2}`,
    `Volume volume-${id} (${id}): created successfully`,
    'Created volume successfully.',
    'Deleted volume successfully.',
  ]);
  for (const line of done)
    expect(line).toMatch(/ \[None req-[0-9a-f-]{36} [0-9a-f]{32} [0-9a-f]{32} - - - -\] /);
});

test('a refusal is told as its service tells it', async () => {
  const { cloud, client } = await started();
  const last = (service: string, count: number) =>
    cloud.logs
      .lines(service)
      .slice(-count)
      .map((line) => line.replace(/^\S+ \S+ \d+ /, '').replace(/\[None [^\]]*\] /, ''));
  const id = '11111111-1111-4111-8111-111111111111';
  await client.nova('GET', `servers/${id}`);
  expect(last('nova-api', 2)).toEqual([
    `INFO nova.api.openstack.wsgi HTTP exception thrown: Instance ${id} could not be found.`,
    expect.stringMatching(
      /^INFO nova\.api\.openstack\.requestlog .* status: 404 len: \d+ microversion: 2\.93/,
    ),
  ]);
  await client.nova('POST', 'servers', { server: { name: '' } });
  await client.nova('GET', 'nothing');
  await client.nova('GET', 'servers', undefined, '2.999');
  expect(last('nova-api', 3).map((line) => line.slice(0, 38))).toEqual(
    [1, 2, 3].map(() => 'INFO nova.api.openstack.requestlog 127'),
  );
  expect(last('nova-api', 2).map((line) => /microversion: (\S+)/.exec(line)?.[1])).toEqual(['-', '2.999']);
  await client.cinder('GET', `volumes/${id}`);
  expect(last('cinder-api', 1)).toEqual([
    `INFO cinder.api.openstack.wsgi http://sim.test/v3/volumes/${id} returned with HTTP 404`,
  ]);
  await client.neutron('GET', `networks/${id}`);
  expect(last('neutron-server', 2)).toEqual([
    'INFO neutron.pecan_wsgi.hooks.translation GET failed (client error): The resource could not be found.',
    expect.stringMatching(
      /^INFO neutron\.wsgi 127\.0\.0\.1 "GET \/v2\.0\/networks\/[0-9-]+ HTTP\/1\.1" status: 404 {2}len: \d+ time: 0\.0000000$/,
    ),
  ]);
  await client.neutron('GET', `routers/${id}`);
  expect(last('neutron-server', 2)[0]).toBe(
    'INFO neutron.api.v2.resource show failed (client error): The resource could not be found.',
  );
  await client.glance('DELETE', `images/${id}`);
  expect(last('glance-api', 2)[0]).toBe(
    `WARNING glance.api.v2.images Failed to find image ${id} to delete: glance.common.exception.ImageNotFound: No image found with ID ${id}`,
  );
  await client.send('GET', '/identity/v3/projects/nobody');
  expect(last('keystone', 6)[0]).toMatch(
    /^ERROR keystone\.server\.flask\.application Could not find project: nobody\.?: keystone\.exception\.ProjectNotFound: Could not find project: nobody/,
  );
  expect(last('keystone', 1)).toEqual(['ERROR keystone.server.flask.application ']);
  client.token = 'no-token';
  await client.send('GET', '/identity/v3/projects');
  expect(last('keystone', 1)[0]).toBe(
    'WARNING keystone.server.flask.application Authorization failed. The request you have made requires authentication. from 127.0.0.1: keystone.exception.Unauthorized: The request you have made requires authentication.',
  );
});

test.each([
  ['compute', 'nova-api', 'nova.api.openstack.wsgi', 'Unexpected exception in API method: '],
  ['blockStorage', 'cinder-api', 'cinder.api.middleware.fault', "Caught error: <class 'Exception'> broken: "],
  ['network', 'neutron-server', 'neutron.pecan_wsgi.hooks.translation', 'GET failed.: '],
  ['image', 'glance-api', 'glance.common.wsgi', 'Caught error: broken: '],
  ['placement', 'placement-api', 'placement.fault_wrap', 'Placement API unexpected error: broken: '],
  [
    'identity',
    'keystone',
    'keystone.server.flask.application',
    'broken: keystone.exception.UnexpectedError: broken',
  ],
])(
  'a scripted 500 of %s: an error with its traceback, and the request',
  async (service, process, logger, words) => {
    const { cloud, client } = await started();
    cloud.fault({ match: { service }, reply: status(500, { message: 'broken' }) });
    const paths: Record<string, string> = {
      compute: '/compute/v2.1/servers',
      blockStorage: '/volume/v3/volumes',
      network: '/network/v2.0/networks',
      image: '/image/v2/images',
      placement: '/placement/resource_providers',
      identity: '/identity/v3/projects',
    };
    const reply = await client.send('GET', paths[service] ?? '');
    expect(reply.status).toBe(500);
    const lines = cloud.logs.lines(process).filter((line) => line.includes(` ERROR ${logger} `));
    const prefix = `${lines[0]?.split(' ERROR ')[0]} ERROR ${logger} `;
    expect(lines[0]).toContain(`] ${words}`);
    expect(lines[0]).toContain(reply.headers.get('X-Openstack-Request-Id'));
    expect(lines.slice(1).map((line) => line.slice(prefix.length))).toEqual([
      'Traceback (most recent call last):',
      expect.stringMatching(/^ {2}File "\/usr\/lib\/python3\/dist-packages\/[\w./]+", line \d+, in \w+$/),
      expect.stringMatching(/^ {4}\S/),
      expect.stringMatching(/(?:Exception|UnexpectedError): broken$/),
      '',
    ]);
    for (const line of lines.slice(1)) expect(line.startsWith(prefix)).toBe(true);
  },
);

test('what a service has not seen is in no log of it; an answer that was lost is', async () => {
  const { cloud, client } = await started();
  const count = () => cloud.logs.lines('nova-api').length;
  const before = count();
  const page = cloud.fault({ match: { service: 'compute' }, reply: htmlPage() });
  await client.nova('GET', 'servers');
  page.stop();
  const broken = cloud.fault({ match: { service: 'compute' }, reply: reset() });
  await expect(client.nova('GET', 'servers')).rejects.toBeInstanceOf(ConnectionReset);
  broken.stop();
  expect(count()).toBe(before);
  cloud.fault({ match: { service: 'compute' }, reply: reset('after') });
  await expect(client.nova('GET', 'servers')).rejects.toBeInstanceOf(ConnectionReset);
  expect(count()).toBe(before + 1);
});

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

test('a directory: what was said since is added, for each process a file', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sim-logs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { cloud, client } = await started();
  await aServer(client);
  const first = await cloud.logs.writeTo(folder);
  expect(first.lost).toBe(0);
  // In the order in which they first said something.
  expect(first.files.map((file) => path.basename(file))).toEqual([
    'nova-api.log',
    'glance-api.log',
    'neutron-server.log',
    'placement-api.log',
    expect.stringMatching(/^nova-compute@compute-\d\.log$/),
  ]);
  await client.nova('GET', 'servers');
  // At once: each line is written once.
  const [second, third] = await Promise.all([cloud.logs.writeTo(folder), cloud.logs.writeTo(folder)]);
  expect(second.files).toEqual([path.join(folder, 'nova-api.log')]);
  expect(third.files).toEqual([]);
  expect(await readFile(path.join(folder, 'nova-api.log'), 'utf8')).toBe(
    cloud.logs
      .lines('nova-api')
      .map((line) => `${line}\n`)
      .join(''),
  );
});

test('of a process no more than 20,000 messages are kept, and it is told how many are not', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sim-logs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { cloud } = await started();
  const keystone = { service: 'keystone', host: 'controller-1' } as const;
  for (let said = 0; said < 20_001; said += 1)
    cloud.state.logs.write(keystone, { level: 'INFO', logger: 'keystone', message: `${said}` });
  const log = cloud.logs.processes().find(({ service }) => service === 'keystone');
  expect([log?.dropped, log?.lines().length]).toEqual([5000, 15_001]);
  expect((await cloud.logs.writeTo(folder)).lost).toBe(5000);
});

test('text of a client forges no record: a line feed is escaped in what a service tells of a refusal', async () => {
  const { cloud, client } = await started();
  const forged = '%0A2026-01-01%2000:00:00.000%201%20ERROR%20nova.compute.manager%20[-]%20forged%1B[2J';
  await client.nova('GET', `servers/${forged}`);
  await client.nova('GET', `flavors/${forged}?name=${forged}`);
  await client.cinder('GET', `volumes/${forged}`);
  await client.neutron('GET', `networks/${forged}`);
  await client.glance('DELETE', `images/${forged}`);
  await client.placement('GET', `resource_providers/${forged}`);
  await client.send('GET', `/identity/v3/projects/${forged}`);
  for (const log of cloud.logs.processes())
    for (const line of log.lines()) {
      expect(line).toMatch(/^2026-01-01 00:00:00\.000 \d{4} [A-Z]+ [\w.]+ /);
      expect(line).not.toContain('\u001B');
      expect(line.startsWith('2026-01-01 00:00:00.000 1 ')).toBe(false);
    }
  expect(cloud.logs.lines('nova-api').join('\n')).toContain(
    String.raw`Instance \n2026-01-01 00:00:00.000 1 ERROR`,
  );
});

// What the services write into their logs. The forms and words are those of the lab's services (Zed), whose logs were read for them;
// packages/logging-levels/live/sim-logs.test.ts compares both.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConnectionReset, htmlPage, reset, simulateCloud, status } from '../src/index.ts';
import { GLOBAL, started, aServer, linesWith, loggersIn } from './logging-cloud.ts';

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

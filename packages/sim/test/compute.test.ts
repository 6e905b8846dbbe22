import { describe, expect, test } from 'vitest';
import { simulateCloud } from '../src/index.ts';
import { Client, parts } from './client.ts';

async function withServer(user = 'admin') {
  const cloud = simulateCloud({ seed: 3 });
  const client = await new Client(cloud).login(user, 'demo');
  const { flavor, image, network } = await parts(client);
  const made = await client.nova('POST', 'servers', {
    server: { name: 'web', flavorRef: flavor, imageRef: image, networks: [{ uuid: network }] },
  });
  expect(made.status).toBe(202);
  const id: string = made.body.server.id;
  const show = async (version = '2.93') =>
    (await client.nova('GET', `servers/${id}`, undefined, version)).body.server;
  const act = (body: unknown, version = '2.93') => client.nova('POST', `servers/${id}/action`, body, version);
  return { cloud, client, id, show, act, flavor, image, network };
}

describe('the life of a server', () => {
  test('BUILD, then ACTIVE with a host, an address and an allocation; then it is gone', async () => {
    const { cloud, client, id, show } = await withServer();
    expect(await show()).toMatchObject({
      status: 'BUILD',
      addresses: {},
      'OS-EXT-STS:task_state': 'scheduling',
    });
    await cloud.clock.advance('8s');
    const server = await show();
    expect(server).toMatchObject({
      status: 'ACTIVE',
      'OS-EXT-STS:power_state': 1,
      host_status: 'UP',
      security_groups: [{ name: 'default' }],
    });
    expect(server.addresses.private[0]['OS-EXT-IPS:type']).toBe('fixed');
    const port = (await client.neutron('GET', `ports?device_id=${id}`)).body.ports[0];
    expect(port).toMatchObject({
      status: 'ACTIVE',
      device_owner: 'compute:nova',
      'binding:host_id': server['OS-EXT-SRV-ATTR:host'],
    });
    const allocations = (await client.placement('GET', `allocations/${id}`)).body.allocations;
    expect(Object.values(allocations)).toMatchObject([
      { resources: { VCPU: 1, MEMORY_MB: 512, DISK_GB: 1 } },
    ]);

    expect((await client.nova('DELETE', `servers/${id}`)).status).toBe(204);
    expect((await show())['OS-EXT-STS:task_state']).toBe('deleting');
    await cloud.clock.advance('2s');
    expect(await client.nova('GET', `servers/${id}`)).toMatchObject({
      status: 404,
      body: { itemNotFound: { code: 404, message: `Instance ${id} could not be found.` } },
    });
    expect((await client.neutron('GET', `ports?device_id=${id}`)).body.ports).toEqual([]);
    expect((await client.placement('GET', `allocations/${id}`)).body).toEqual({ allocations: {} });
  });

  test('what the state does not allow is refused in the words of Nova', async () => {
    const { cloud, id, show, act } = await withServer();
    await cloud.clock.advance('8s');
    expect(await act({ 'os-start': null })).toMatchObject({
      status: 409,
      body: {
        conflictingRequest: {
          code: 409,
          message: `Cannot 'start' instance ${id} while it is in vm_state active`,
        },
      },
    });
    expect((await act({ 'os-stop': null })).status).toBe(202);
    expect((await act({ 'os-stop': null })).body.conflictingRequest.message).toBe(
      `Cannot 'stop' instance ${id} while it is in task_state powering-off`,
    );
    await cloud.clock.advance('4s');
    expect((await show()).status).toBe('SHUTOFF');
    expect((await act({ foo: null })).body.badRequest.message).toBe('There is no such action: foo');
    expect((await act({})).body.badRequest.message).toBe('Malformed request body');
  });

  test('resize waits to be confirmed, and holds both hosts until then', async () => {
    const { cloud, client, show, act } = await withServer();
    await cloud.clock.advance('8s');
    const flavors = (await client.nova('GET', 'flavors')).body.flavors;
    const bigger = flavors.find((flavor: { name: string }) => flavor.name === 'm1.small').id;
    expect((await act({ resize: { flavorRef: bigger } })).status).toBe(202);
    expect((await show()).status).toBe('RESIZE');
    await cloud.clock.advance('4s');
    expect(await show()).toMatchObject({ status: 'VERIFY_RESIZE', flavor: { original_name: 'm1.small' } });
    expect((await act({ revertResize: null })).status).toBe(202);
    await cloud.clock.advance('4s');
    expect(await show()).toMatchObject({ status: 'ACTIVE', flavor: { original_name: 'm1.tiny' } });
    const { migrations } = (await client.nova('GET', 'os-migrations')).body;
    expect(migrations[0]).toMatchObject({ migration_type: 'resize', status: 'reverted' });
  });

  test('evacuate is refused while the host is up, and works when it is dead', async () => {
    const { cloud, client, show, act } = await withServer();
    await cloud.clock.advance('8s');
    const host = (await show())['OS-EXT-SRV-ATTR:host'];
    expect((await act({ evacuate: {} })).body.badRequest.message).toBe(
      `Compute service of ${host} is still in use.`,
    );
    cloud.hosts.kill(host);
    const state = async () => (await client.nova('GET', `os-services?host=${host}`)).body.services[0].state;
    expect(await state()).toBe('up');
    await cloud.clock.advance('70s');
    expect(await state()).toBe('down');
    const agent = async () => (await client.neutron('GET', `agents?host=${host}`)).body.agents[0].alive;
    await cloud.clock.advance('40s');
    expect(await agent()).toBe(false);
    expect((await show()).status).toBe('ACTIVE');
    expect((await act({ evacuate: {} })).status).toBe(200);
    await cloud.clock.advance('4s');
    const after = await show();
    expect(after.status).toBe('ACTIVE');
    expect(after['OS-EXT-SRV-ATTR:host']).not.toBe(host);
  });

  test('no host has room: ERROR, with the reason', async () => {
    const { cloud, client, image, network } = await withServer();
    const flavor = await client.nova('POST', 'flavors', {
      flavor: { name: 'giant', ram: 900_000, vcpus: 1, disk: 1 },
    });
    await client.nova(
      'PUT',
      `os-quota-sets/${(await client.send('GET', '/identity/v3/projects?name=demo')).body.projects[0].id}`,
      { quota_set: { ram: -1 } },
    );
    const made = await client.nova('POST', 'servers', {
      server: {
        name: 'giant',
        flavorRef: flavor.body.flavor.id,
        imageRef: image,
        networks: [{ uuid: network }],
      },
    });
    await cloud.clock.advance('8s');
    expect((await client.nova('GET', `servers/${made.body.server.id}`)).body.server).toMatchObject({
      status: 'ERROR',
      fault: { code: 500, message: 'No valid host was found. There are not enough hosts available.' },
    });
  });
});

test('a quota binds', async () => {
  const { client, flavor, image, network } = await withServer();
  const reply = await client.nova('POST', 'servers', {
    server: {
      name: 'many',
      flavorRef: flavor,
      imageRef: image,
      networks: [{ uuid: network }],
      min_count: 10,
    },
  });
  expect(reply.status).toBe(403);
  expect(reply.body.forbidden.message).toBe(
    'Quota exceeded for instances: Requested 10, but already used 1 of 10 instances',
  );
});

test('the answer has the shape of the microversion', async () => {
  const { cloud, client, show } = await withServer();
  await cloud.clock.advance('8s');
  const old = await show('2.1');
  expect(Object.keys(old.flavor)).toEqual(['id', 'links']);
  for (const field of ['locked', 'description', 'tags', 'host_status', 'locked_reason', 'server_groups'])
    expect(old).not.toHaveProperty(field);
  expect(await show('2.93')).toMatchObject({ locked: false, tags: [], flavor: { original_name: 'm1.tiny' } });
  expect(
    (await client.nova('GET', 'os-hypervisors/detail', undefined, '2.1')).body.hypervisors[0],
  ).toMatchObject({ id: 1, running_vms: expect.any(Number) });
  const now = (await client.nova('GET', 'os-hypervisors/detail', undefined, '2.93')).body.hypervisors[0];
  expect(now.id).toMatch(/-/);
  expect(now).not.toHaveProperty('vcpus');
});

test('microversions out of range, and malformed', async () => {
  const client = await new Client(simulateCloud()).login();
  const reply = await client.nova('GET', 'servers', undefined, '2.200');
  expect(reply).toMatchObject({
    status: 406,
    body: {
      computeFault: {
        code: 406,
        message: 'Version 2.200 is not supported by the API. Minimum is 2.1 and maximum is 2.93.',
      },
    },
  });
  expect((await client.nova('GET', 'servers', undefined, 'abc')).body.badRequest.message).toBe(
    'API Version String abc is of invalid format. Must be of format MajorNum.MinorNum.',
  );
  expect((await client.nova('GET', 'servers/x/topology', undefined, '2.1')).body.itemNotFound.message).toBe(
    'The resource could not be found.',
  );
});

test('unknown fields, unknown queries, unknown paths', async () => {
  const { client, cloud, flavor } = await withServer();
  const reply = await client.nova(
    'POST',
    'servers',
    { server: { name: 'x', foo: 1, flavorRef: flavor, networks: 'none' } },
    '2.37',
  );
  expect(reply.status).toBe(400);
  expect(reply.body.badRequest.message).toContain(
    "Additional properties are not allowed ('foo' was unexpected)",
  );
  expect((await client.nova('GET', 'servers/detail?foo=1', undefined, '2.74')).status).toBe(200);
  expect((await client.nova('GET', 'servers/detail?foo=1', undefined, '2.75')).status).toBe(400);
  expect(await client.nova('GET', 'nothing')).toMatchObject({
    status: 404,
    text: expect.stringContaining('The resource could not be found.'),
  });
  expect(cloud.requests.unknown.map((request) => request.path)).toEqual(['/compute/v2.1/nothing']);
});

test('members see their own, and no more', async () => {
  const { client, cloud } = await withServer('demo');
  expect((await client.nova('GET', 'os-services')).body).toEqual({
    forbidden: {
      code: 403,
      message: "Policy doesn't allow os_compute_api:os-services:list to be performed.",
    },
  });
  expect((await client.nova('GET', 'servers/detail?all_tenants=1')).status).toBe(403);
  await cloud.clock.advance('8s');
  const [server] = (await client.nova('GET', 'servers/detail')).body.servers;
  expect(server).not.toHaveProperty('OS-EXT-SRV-ATTR:host');
});

test('pages to the end, without gap or repetition', async () => {
  const { client } = await withServer();
  const project = (await client.send('GET', '/identity/v3/projects?name=demo')).body.projects[0].id;
  await client.nova('PUT', `os-quota-sets/${project}`, { quota_set: { instances: 100, cores: 100 } });
  const { flavor, image, network } = await parts(client);
  await client.nova('POST', 'servers', {
    server: { name: 'n', flavorRef: flavor, imageRef: image, networks: [{ uuid: network }], min_count: 24 },
  });
  const seen: string[] = [];
  let path: string | undefined = 'servers/detail?limit=10';
  while (path !== undefined) {
    const { body } = await client.nova('GET', path);
    seen.push(...body.servers.map((server: { id: string }) => server.id));
    path = body.servers_links?.[0].href.split('/compute/v2.1/')[1];
  }
  expect(seen).toHaveLength(25);
  expect(new Set(seen).size).toBe(25);
  expect(
    (await client.nova('GET', 'servers?marker=11111111-1111-1111-1111-111111111111')).body.badRequest.message,
  ).toBe('marker [11111111-1111-1111-1111-111111111111] not found');
});

import { expect, test } from 'vitest';
import { simulateCloud } from '../../src/index.ts';
import { Client, parts } from '../client.ts';

/*
 * Where the simulated cloud was kinder, or harsher, than the services: what fog-openstack, gophercloud, libcloud and Ansible met on a
 * real Zed (Debian 12: nova/compute/manager.py, cinder/volume/manager.py, glance/api/versions.py). The others of these are in `live/foreign.test.ts`, which runs on both.
 */

test('a port that the user made remains after the server and after its detachment', async () => {
  const cloud = simulateCloud();
  const client = await new Client(cloud).login('demo');
  const { flavor, image, network } = await parts(client);
  const port = (await client.neutron('POST', 'ports', { port: { network_id: network } })).body.port.id;
  const { body } = await client.nova('POST', 'servers', {
    server: { name: 's', flavorRef: flavor, imageRef: image, networks: [{ port }, { uuid: network }] },
  });
  await cloud.clock.advance('1m');
  const list = async () =>
    (await client.neutron('GET', `ports?device_id=${body.server.id}`)).body.ports as { id: string }[];
  const made = (await list()).find(({ id }) => id !== port)?.id;
  expect(made).toBeDefined();
  const detached = await client.nova('DELETE', `servers/${body.server.id}/os-interface/${port}`);
  expect(detached.status).toBe(202);
  expect((await client.neutron('GET', `ports/${port}`)).body.port).toMatchObject({
    device_id: '',
    device_owner: '',
    status: 'DOWN',
  });
  await client.nova('POST', `servers/${body.server.id}/os-interface`, {
    interfaceAttachment: { port_id: port },
  });
  await client.nova('DELETE', `servers/${body.server.id}`);
  await cloud.clock.advance('1m');
  expect((await client.neutron('GET', `ports/${port}`)).body.port.device_id).toBe('');
  expect((await client.neutron('GET', `ports/${made}`)).status).toBe(404);
});

test('a log level of Cinder that was set is told, of that process and prefix only', async () => {
  const client = await new Client(simulateCloud()).login();
  const put = (name: string, body: unknown) => client.cinder('PUT', `os-services/${name}`, body);
  expect((await put('set-log', { binary: '*', level: 'NOPE' })).status).toBe(400);
  expect((await put('get-log', { binary: 'nope' })).status).toBe(400);
  const set = { binary: 'cinder-scheduler', prefix: 'cinder.scheduler', level: 'debug' };
  expect((await put('set-log', set)).status).toBe(202);
  const levels = async (binary: string, prefix: string) =>
    (await put('get-log', { binary, prefix })).body.log_levels[0].levels;
  expect(await levels('cinder-scheduler', 'cinder.scheduler.manager')).toEqual({
    'cinder.scheduler.manager': 'DEBUG',
  });
  // Only loggers that there are: set-log makes none.
  expect(await levels('cinder-volume', 'cinder.scheduler')).toEqual({});
  expect(await levels('cinder-volume', 'cinder.manager')).toEqual({ 'cinder.manager': 'INFO' });
});

test('the path of Glance without its slash leads to that with it', async () => {
  const client = await new Client(simulateCloud()).login();
  const reply = await client.send('GET', '/image/v2');
  expect([reply.status, reply.headers.get('Location')]).toEqual([302, 'http://sim.test/image/v2/']);
});

test('a value in quotes may hold a comma; an unknown operator is refused where there is no image, too', async () => {
  const client = await new Client(simulateCloud()).login();
  await client.glance('POST', 'images', { name: 'a,b' });
  await client.glance('POST', 'images', { name: 'Ubuntu: 22.04' });
  const names = async (query: string) =>
    (await client.glance('GET', `images?name=${encodeURIComponent(query)}`)).body?.images.map(
      (image: { name: string }) => image.name,
    );
  expect(await names('in:"a,b",c')).toEqual(['a,b']);
  expect(await names('in:a,b')).toEqual([]);
  expect(await names('eq:Ubuntu: 22.04')).toEqual(['Ubuntu: 22.04']);
  expect((await client.glance('GET', 'images?name=Ubuntu:%2022.04')).status).toBe(400);
});

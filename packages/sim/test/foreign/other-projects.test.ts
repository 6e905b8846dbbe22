import { expect, test } from 'vitest';
import { simulateCloud } from '../../src/index.ts';
import { Client, parts } from '../client.ts';

/*
 * What of other projects a request may name: the lab refused each of these to a member of another project. Who may look at
 * whose things by id is in `live/other-projects.test.ts`, which runs on both.
 */

/** A member of a project that has nothing. */
async function stranger(client: Client): Promise<Client> {
  const project = await client.send('POST', '/identity/v3/projects', { project: { name: 'other' } });
  const user = await client.send('POST', '/identity/v3/users', { user: { name: 'other', password: 'word' } });
  const roles = await client.send('GET', '/identity/v3/roles?name=member');
  const grant = `projects/${project.body.project.id}/users/${user.body.user.id}/roles/${roles.body.roles[0].id}`;
  await client.send('PUT', `/identity/v3/${grant}`);
  return new Client(client.cloud).login('other', 'other', 'word');
}

test('a server is not built of what is not of its project', async () => {
  const cloud = simulateCloud();
  const client = await new Client(cloud).login('demo');
  const other = await stranger(await new Client(cloud).login());
  const { flavor, image, network } = await parts(client);
  const mine = await client.glance('POST', 'images', {
    name: 'mine',
    disk_format: 'raw',
    container_format: 'bare',
  });
  const port = (await client.neutron('POST', 'ports', { port: { network_id: network } })).body.port.id;
  const group = (await client.neutron('POST', 'security-groups', { security_group: { name: 'g' } })).body
    .security_group.id;
  const volume = (await client.cinder('POST', 'volumes', { volume: { size: 1 } })).body.volume.id;
  await cloud.clock.advance('1m');
  const snapshot = (await client.cinder('POST', 'snapshots', { snapshot: { volume_id: volume } })).body
    .snapshot.id;
  const servers = (
    await client.nova('POST', 'os-server-groups', { server_group: { name: 'g', policy: 'affinity' } })
  ).body.server_group.id;
  const create = async (fields: object, hints?: object) => {
    const server = { name: 's', flavorRef: flavor, imageRef: image, networks: 'none', ...fields };
    const reply = await other.nova('POST', 'servers', {
      server,
      ...(hints === undefined ? {} : { 'os:scheduler_hints': hints }),
    });
    return [reply.status, reply.body.badRequest?.message];
  };
  expect(await create({})).toEqual([202, undefined]);
  expect(await create({ imageRef: mine.body.id })).toEqual([400, 'Can not find requested image']);
  expect(await create({ networks: [{ uuid: network }] })).toEqual([
    400,
    `Network ${network} could not be found.`,
  ]);
  expect(await create({ networks: [{ port }] })).toEqual([400, `Port id ${port} could not be found.`]);
  expect(await create({ security_groups: [{ name: group }] })).toEqual([
    400,
    `Unable to find security_group with name or id '${group}'`,
  ]);
  const device = (source_type: string, uuid: string) => ({
    imageRef: '',
    block_device_mapping_v2: [{ source_type, destination_type: 'volume', uuid, boot_index: 0 }],
  });
  expect(await create(device('volume', volume))).toEqual([
    400,
    `Block Device Mapping is Invalid: failed to get volume ${volume}.`,
  ]);
  expect(await create(device('snapshot', snapshot))).toEqual([
    400,
    `Snapshot ${snapshot} could not be found.`,
  ]);
  expect(await create({}, { group: servers })).toEqual([
    400,
    `Instance group ${servers} could not be found.`,
  ]);
});

test('a member changes neither the own project nor the own user, and may read both', async () => {
  const cloud = simulateCloud();
  const client = await new Client(cloud).login('demo');
  const admin = await new Client(cloud).login();
  const { users } = (await admin.send('GET', '/identity/v3/users?name=demo')).body;
  const { projects } = (await admin.send('GET', '/identity/v3/projects?name=demo')).body;
  for (const [path, body] of [
    [`users/${users[0].id}`, { user: { description: 'x' } }],
    [`projects/${projects[0].id}`, { project: { description: 'x' } }],
  ] as const) {
    expect((await client.send('GET', `/identity/v3/${path}`)).status).toBe(200);
    expect((await client.send('PATCH', `/identity/v3/${path}`, body)).status).toBe(403);
    expect((await client.send('DELETE', `/identity/v3/${path}`)).status).toBe(403);
  }
  expect((await client.send('GET', `/identity/v3/users/${users[0].id}/groups`)).status).toBe(200);
  expect((await client.send('GET', '/identity/v3/services/x')).status).toBe(403);
  expect((await client.send('DELETE', '/identity/v3/groups/x')).status).toBe(404);
  expect((await client.send('GET', '/identity/v3/limits/x')).status).toBe(403);
  expect((await client.send('DELETE', '/identity/v3/limits/x')).status).toBe(404);
});

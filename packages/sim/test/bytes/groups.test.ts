import { expect, onTestFinished, test } from 'vitest';
import { simulateCloud } from '../../src/index.ts';
import { Client } from '../client.ts';

async function site() {
  const cloud = simulateCloud();
  onTestFinished(() => cloud.close());
  const client = await new Client(cloud).login();
  const done = async (method: string, path: string, body?: object) => {
    const reply = await client.cinder(method, path, body);
    await cloud.clock.advance('30s');
    return reply;
  };
  const type = cloud.state.blockStorage.types.values()[0]?.name ?? '';
  const group = async (specs: object = {}): Promise<string> => {
    const name = `kind ${JSON.stringify(specs)}`;
    await done('POST', 'group_types', { group_type: { name, group_specs: specs } });
    const made = { group: { group_type: name, volume_types: [type], name: 'g' } };
    return (await done('POST', 'groups', made)).body.group.id;
  };
  const volume = async (fields: object = {}): Promise<string> =>
    (await done('POST', 'volumes', { volume: { size: 1, volume_type: type, ...fields } })).body.volume.id;
  const first = async (id: string): Promise<string> =>
    Buffer.concat(await Array.fromAsync(cloud.volumes.read(id, 0, 5))).toString();
  return { cloud, client, done, group, volume, first };
}

const CONSISTENT = { consistent_group_snapshot_enabled: '<is> True' };

test.each([
  [CONSISTENT, ['one-1', 'two-1']],
  [{}, ['one-2', 'two-2']],
])('a snapshot of a group is of one moment if its type says so (%j)', async (specs, expected) => {
  const { cloud, client, done, group, volume, first } = await site();
  const id = await group(specs);
  const volumes = [await volume({ group_id: id }), await volume({ group_id: id })];
  const write = async (number: number): Promise<void> => {
    await cloud.volumes.write(volumes[0] ?? '', 0, Buffer.from(`one-${number}`));
    await cloud.volumes.write(volumes[1] ?? '', 0, Buffer.from(`two-${number}`));
  };
  await write(1);
  const asked = { group_snapshot: { group_id: id, name: 's' } };
  const { group_snapshot } = (await client.cinder('POST', 'group_snapshots', asked)).body;
  expect(
    (await client.cinder('GET', `group_snapshots/${group_snapshot.id}`)).body.group_snapshot,
  ).toMatchObject({
    status: 'creating',
    group_id: id,
  });
  await write(2);
  await cloud.clock.advance('30s');
  expect(
    (await client.cinder('GET', 'group_snapshots/detail')).body.group_snapshots.map(
      ({ status }: { status: string }) => status,
    ),
  ).toEqual(['available']);
  const { snapshots } = (await client.cinder('GET', 'snapshots/detail')).body;
  const mine = snapshots.filter(
    (snapshot: { group_snapshot_id: string }) => snapshot.group_snapshot_id === group_snapshot.id,
  );
  const taken: string[] = await Promise.all(mine.map(({ id: each }: { id: string }) => first(each)));
  expect(taken.toSorted()).toEqual(expected);
  // One of them cannot be deleted by itself, nor the group before its snapshot.
  expect((await client.cinder('DELETE', `snapshots/${mine[0].id}`)).status).toBe(400);
  expect(
    (await client.cinder('POST', `groups/${id}/action`, { delete: { 'delete-volumes': true } })).body,
  ).toEqual({
    badRequest: { code: 400, message: 'Invalid Group: Group has existing snapshots.' },
  });
  const copied = { 'create-from-src': { group_snapshot_id: group_snapshot.id, name: 'copy' } };
  const copy = (await done('POST', 'groups/action', copied)).body.group.id;
  const shown = (await client.cinder('GET', `groups/${copy}?list_volume=true`)).body.group;
  expect(shown).toMatchObject({ status: 'available', group_snapshot_id: group_snapshot.id });
  const copies: string[] = await Promise.all(shown.volumes.map((each: string) => first(each)));
  expect(copies.toSorted()).toEqual(expected);
  await done('DELETE', `group_snapshots/${group_snapshot.id}`);
  expect((await client.cinder('GET', `group_snapshots/${group_snapshot.id}`)).status).toBe(404);
  expect((await client.cinder('GET', `snapshots/${mine[0].id}`)).status).toBe(404);
});

test('volumes come into a group and leave it, and cannot be deleted while they are in it', async () => {
  const { client, done, group, volume } = await site();
  const [id, other] = [await group(), await volume()];
  expect((await done('PUT', `groups/${id}`, { group: { add_volumes: other } })).status).toBe(202);
  expect((await client.cinder('GET', `volumes/${other}`)).body.volume.group_id).toBe(id);
  expect((await client.cinder('DELETE', `volumes/${other}`)).status).toBe(400);
  expect((await client.cinder('PUT', `groups/${id}`, { group: { add_volumes: 'nobody' } })).body).toEqual({
    badRequest: {
      code: 400,
      message: `Invalid volume: Cannot add volume nobody to group ${id} because volume cannot be found.`,
    },
  });
  expect((await client.cinder('PUT', `groups/${id}`, { group: {} })).body.badRequest.message).toMatch(
    /^Invalid Group: Cannot update group .* because no valid name, description, add_volumes/,
  );
  await done('PUT', `groups/${id}`, { group: { remove_volumes: other, name: 'renamed' } });
  expect((await client.cinder('GET', `groups/${id}`)).body.group).toMatchObject({ name: 'renamed' });
  expect((await client.cinder('DELETE', `volumes/${other}`)).status).toBe(202);
  await done('POST', `groups/${id}/action`, { delete: {} });
  expect((await client.cinder('GET', `groups/${id}`)).status).toBe(404);
});

test('a type of groups is made by an administrator, has specs, and stays while it is used', async () => {
  const { cloud, client, done, group } = await site();
  const id = await group(CONSISTENT);
  const { group_type } = (await client.cinder('GET', `groups/${id}`)).body.group;
  const specs = `group_types/${group_type}/group_specs`;
  await client.cinder('POST', specs, { group_specs: { color: 'red' } });
  await client.cinder('PUT', `${specs}/color`, { color: 'blue' });
  expect((await client.cinder('GET', specs)).body).toEqual({ group_specs: { ...CONSISTENT, color: 'blue' } });
  expect((await client.cinder('PUT', `${specs}/color`, { size: '1' })).status).toBe(400);
  expect((await client.cinder('DELETE', `${specs}/color`)).status).toBe(202);
  expect((await client.cinder('GET', `${specs}/color`)).status).toBe(404);
  expect((await client.cinder('DELETE', `group_types/${group_type}`)).body.badRequest.message).toMatch(
    /^Target group type is still in use. Group Type .* deletion is not allowed with groups present/,
  );
  const member = await new Client(cloud).login('demo');
  expect((await member.cinder('GET', specs)).status).toBe(403);
  expect((await member.cinder('GET', `group_types/${group_type}`)).body.group_type).not.toHaveProperty(
    'group_specs',
  );
  expect((await member.cinder('GET', `groups/${id}`)).status).toBe(404);
  await done('POST', `groups/${id}/action`, { delete: {} });
  expect((await client.cinder('DELETE', `group_types/${group_type}`)).status).toBe(202);
});

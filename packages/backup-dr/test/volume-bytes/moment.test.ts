import { type Cloud, connect } from '@groundcrew/core';
import { status } from '@groundcrew/sim';
import { expect, test } from 'vitest';
import { sweepTemporaries } from '../../src/volume-bytes.ts';
import { consistentGroup } from '../../src/volume-bytes/consistent-group.ts';
import { takeMoment } from '../../src/volume-bytes/moment.ts';
import { CONSISTENT } from '../backup/shop.ts';
import { type Site, siteOf } from '../recovery/site.ts';

interface Grouped {
  readonly cloud: Cloud;
  readonly group: string;
  readonly volumes: readonly string[];
}

/** Two volumes in a group. */
async function grouped(site: Site, cloud: Cloud): Promise<Grouped> {
  const { groupTypes, groups, volumeTypes, volumes } = cloud.blockStorage;
  const kind = await groupTypes.create({ name: 'as-one', group_specs: CONSISTENT });
  const [type] = await Array.fromAsync(volumeTypes.list());
  const { id: group } = await groups.create({ group_type: kind.id, volume_types: [type?.id ?? ''] });
  await groups.waitFor(group, 'available');
  const made: string[] = [];
  for (const seed of [1, 2]) {
    const body = { size: 1, volume_type: type?.name ?? '', group_id: group };
    const { id } = await cloud.blockStorage.at('3.13').volumes.create(body);
    await volumes.waitFor(id, 'available');
    site.simulated.volumes.fill(id, { seed });
    made.push(id);
  }
  return { cloud, group, volumes: made };
}

const POOL = 'controller-1@ceph#ceph';
const disksOf = (volumes: readonly string[], group: string) =>
  volumes.map((id) => ({ id, group, pool: POOL }));
const NOTHING = { images: 0, volumes: 0, snapshots: 0, groupSnapshots: 0, failed: [] };
const taking = { run: 'killed', signal: new AbortController().signal };

test('the snapshots of a group have the bytes of one moment, and go with it', async () => {
  const site = siteOf();
  const { cloud } = await site.project('shop');
  const { group, volumes } = await grouped(site, cloud);
  const before = await Promise.all(volumes.map((id) => site.simulated.volumes.sha256(id)));
  const moment = await takeMoment(cloud, volumes, { ...taking, group });
  for (const id of volumes) await site.simulated.volumes.write(id, 0, new Uint8Array([1, 2, 3]));
  expect(moment).toMatchObject({ how: 'group', spreadMs: 0, groupFailure: undefined });
  const taken = volumes.map((id) => moment.snapshots.get(id)?.id ?? '');
  expect(await Promise.all(taken.map((id) => site.simulated.volumes.sha256(id)))).toEqual(before);
  await moment[Symbol.asyncDispose]();
  expect(await Array.fromAsync(cloud.blockStorage.snapshots.list())).toEqual([]);
  expect(await Array.fromAsync(cloud.blockStorage.groupSnapshots.list())).toEqual([]);
});

test('what a kill left of one is swept by its name, when it is old and of no run that goes on', async () => {
  const site = siteOf();
  const { cloud } = await site.project('shop');
  const { group, volumes } = await grouped(site, cloud);
  const { groupSnapshots, snapshots } = cloud.blockStorage;
  // It is never disposed.
  await takeMoment(cloud, volumes, { ...taking, group });
  const { id: theirs } = await groupSnapshots.create({ group_id: group, name: 'groundcrew-temporary-mine' });
  await groupSnapshots.waitFor(theirs, 'available');
  await site.simulated.clock.advance('2h');
  expect(await sweepTemporaries(cloud, { olderThan: '1h', keep: ['killed'] })).toEqual(NOTHING);
  expect(await sweepTemporaries(cloud, { olderThan: '3h' })).toEqual(NOTHING);
  expect(await sweepTemporaries(cloud, { olderThan: '1h' })).toEqual({ ...NOTHING, groupSnapshots: 1 });
  expect((await Array.fromAsync(groupSnapshots.list())).map(({ id }) => id)).toEqual([theirs]);
  expect(await Array.fromAsync(snapshots.list())).toHaveLength(2);
});

test('a volume that has left the group meanwhile: a snapshot of each, and what there is of the group goes', async () => {
  const site = siteOf();
  const { cloud } = await site.project('shop');
  const { group, volumes } = await grouped(site, cloud);
  const [first = ''] = volumes;
  await cloud.blockStorage.groups.update({ id: group, remove_volumes: first });
  await cloud.blockStorage.groups.waitFor(group, 'available');
  const moment = await takeMoment(cloud, volumes, { ...taking, group });
  expect(moment.how).toBe('snapshots');
  expect(moment.groupFailure).toBe(`volume ${first} is not in group ${group} any more`);
  expect([...moment.snapshots.keys()].toSorted()).toEqual([...volumes].toSorted());
  await moment[Symbol.asyncDispose]();
  expect(await Array.fromAsync(cloud.blockStorage.snapshots.list())).toEqual([]);
});

test('aborted, a moment leaves nothing and throws the reason', async () => {
  const site = siteOf();
  const { cloud } = await site.project('shop');
  const { group, volumes } = await grouped(site, cloud);
  const stop = new AbortController();
  cloud.events.once('wait', () => stop.abort(new Error('enough')));
  await expect(takeMoment(cloud, volumes, { run: 'r', signal: stop.signal, group })).rejects.toThrow(
    'enough',
  );
  expect(await Array.fromAsync(cloud.blockStorage.snapshots.list())).toEqual([]);
});

test('a group is used where all disks are in it, and nothing is said where none is in one', async () => {
  const site = siteOf();
  const { cloud } = await site.project('shop');
  const { group, volumes } = await grouped(site, cloud);
  const disks = disksOf(volumes, group);
  expect(await consistentGroup(cloud, disks)).toEqual({ group });
  const why = 'its disks are not all in one group of volumes';
  const lone = { id: 'other', group: undefined, pool: POOL };
  expect(await consistentGroup(cloud, [...disks, lone])).toEqual({ group: undefined, why });
  expect(await consistentGroup(cloud, [lone, ...disks])).toEqual({ group: undefined, why });
  expect(await consistentGroup(cloud, [...disks, { id: 'x', group: 'y', pool: POOL }])).toEqual({
    group: undefined,
    why,
  });
  expect(await consistentGroup(cloud, [lone, lone])).toEqual({ group: undefined, why: undefined });
});

test('what a type promises is seen by administrators alone', async () => {
  const site = siteOf();
  const [project] = await Array.fromAsync(site.admin.identity.projects.list({ name: 'demo' }));
  const { group, volumes } = await grouped(site, site.client(project?.id ?? ''));
  const disks = disksOf(volumes, group);
  await using member = connect({
    auth: {
      auth_url: 'http://sim.test/identity/v3',
      username: 'demo',
      password: 'secret-of-sim',
      project_name: 'demo',
      user_domain_name: 'Default',
      project_domain_name: 'Default',
    },
    region_name: 'RegionOne',
    clock: site.simulated.clock,
    fetch: (input, init) => site.simulated.handle(new Request(input, init)),
  });
  expect(await consistentGroup(member, disks)).toEqual({
    group: undefined,
    why: 'what group type as-one promises is shown to administrators only',
  });
});

test('where they could not be found again, none is made, and a sweep goes on without them', async () => {
  const site = siteOf();
  const { cloud } = await site.project('shop');
  const { group, volumes } = await grouped(site, cloud);
  const disks = disksOf(volumes, group);
  site.simulated.fault({ match: { method: 'GET', path: /group_snapshots/ }, reply: status(403) });
  expect(await consistentGroup(cloud, disks)).toMatchObject({
    group: undefined,
    why: expect.stringContaining(`what group ${group} promises was not seen`),
  });
  expect(await sweepTemporaries(cloud, { olderThan: '1h' })).toEqual(NOTHING);
});

test('a Cinder that is too old gets a snapshot of each disk, and is swept', async () => {
  const site = siteOf();
  const { id: project, cloud } = await site.project('shop');
  const { group, volumes } = await grouped(site, cloud);
  // Ocata's, whose list of group snapshots has no end: of a newer version it says that it is none of its own.
  const message = 'Version 3.29 is not supported by the API. Minimum is 3.0 and maximum is 3.27.';
  const old = site.client(project, async (input, init) => {
    const request = new Request(input, init);
    if (request.headers.get('openstack-api-version') !== 'volume 3.29') return site.simulated.handle(request);
    return Response.json({ computeFault: { code: 406, message } }, { status: 406 });
  });
  expect(await consistentGroup(old, disksOf(volumes, group))).toMatchObject({
    group: undefined,
    why: expect.stringContaining('3.27'),
  });
  expect(await sweepTemporaries(old, { olderThan: '1h' })).toEqual(NOTHING);
});

test('storage that does not say that it can is not believed, whatever the type of the group says', async () => {
  const site = siteOf();
  const { id: project, cloud } = await site.project('shop');
  const { group, volumes } = await grouped(site, cloud);
  const why = 'its storage does not say that it keeps what group type as-one promises';
  // As the driver of LVM answers.
  const lvm = site.client(project, async (input, init) => {
    const request = new Request(input, init);
    const answer = await site.simulated.handle(request);
    if (!request.url.includes('get_pools')) return answer;
    return Response.json(
      JSON.parse((await answer.text()).replaceAll('consistent_group_snapshot_enabled', 'x')),
    );
  });
  expect(await consistentGroup(lvm, disksOf(volumes, group))).toEqual({ group: undefined, why });
  const unseen = volumes.map((id) => ({ id, group, pool: undefined }));
  expect(await consistentGroup(cloud, unseen)).toEqual({ group: undefined, why });
});

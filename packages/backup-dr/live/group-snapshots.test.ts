import type { Cloud } from '@groundcrew/core';
import { beforeAll, expect, test } from 'vitest';
import { imageReader, sweepTemporaries } from '../src/volume-bytes.ts';
import { consistentGroup, type GroupedDisk } from '../src/volume-bytes/consistent-group.ts';
import { takeMoment } from '../src/volume-bytes/moment.ts';
import { labProject, type LabProject, pattern } from './lab-project.ts';

// Groups of volumes on the lab's real Cinder, whose LVM promises no snapshots of one moment: its driver takes one after the other
// (`_create_group_snapshot_generic` of cinder/volume/manager.py). So that the promise is not kept here, however a group is snapshot; what
// is tried is how the parts of a group's snapshot are found, read, and gone.
let shop: LabProject;
const kinds: string[] = [];
const beginning = pattern(0, 8);
const signal = AbortSignal.timeout(900_000);

const SPEC = { consistent_group_snapshot_enabled: '<is> True' };

async function kindOf(cloud: Cloud, name: string, group_specs: Record<string, string>): Promise<string> {
  const { id } = await cloud.blockStorage.groupTypes.create({ name: `${shop.name}-${name}`, group_specs });
  kinds.push(id);
  return id;
}

async function typeOf({ blockStorage }: Cloud): Promise<{ readonly id: string; readonly name: string }> {
  const { id } = await blockStorage.volumes.create({ name: 'of-the-default-type', size: 1 });
  const { volume_type } = await blockStorage.volumes.waitFor(id, 'available');
  await blockStorage.volumes.delete({ id });
  return blockStorage.volumeTypes.find(volume_type ?? '');
}

async function groupOf({ blockStorage }: Cloud, kind: string, type: string): Promise<string> {
  const { id } = await blockStorage.groups.create({ name: kind, group_type: kind, volume_types: [type] });
  return id;
}

beforeAll(async () => {
  shop = await labProject(`groundcrew-groups-${process.pid}`);
  return async () => {
    const { groups } = shop.cloud.blockStorage;
    for (const { id } of await Array.fromAsync(groups.listBrief())) {
      await groups.delete({ id, 'delete-volumes': true });
      await groups.waitGone(id);
    }
    for (const id of kinds) await shop.admin.blockStorage.groupTypes.delete({ id });
    await shop[Symbol.asyncDispose]();
  };
}, 900_000);

test(
  'a group whose promise nobody keeps is not used; the parts of a snapshot of one are read, and go with it',
  { timeout: 900_000 },
  async () => {
    const { cloud } = shop;
    const { volumes, groupTypes, groupTypeSpecs, groups, snapshots, groupSnapshots } = cloud.blockStorage;
    const kind = await kindOf(cloud, 'plain', { color: 'red' });
    const type = await typeOf(cloud);
    const group = await groupOf(cloud, kind, type.id);
    await groups.waitFor(group, 'available');
    const imageRef = await shop.image('data', beginning);
    const ids: string[] = [];
    for (const name of ['data', 'log']) {
      const body = { name, size: 1, volume_type: type.name, group_id: group, imageRef };
      const { id } = await cloud.blockStorage.at('3.13').volumes.create(body);
      await volumes.waitFor(id, 'available');
      ids.push(id);
    }
    const disks: GroupedDisk[] = [];
    for (const id of ids)
      disks.push({ id, group, pool: (await volumes.get({ id }))['os-vol-host-attr:host'] ?? undefined });
    const { name } = await groupTypes.get({ id: kind });
    expect(await consistentGroup(cloud, disks)).toEqual({
      group: undefined,
      why: `group type ${name} does not promise snapshots of one moment`,
    });
    const each = await takeMoment(cloud, ids, { run: 'each', signal });
    expect([each.how, each.snapshots.size]).toEqual(['snapshots', 2]);
    await each[Symbol.asyncDispose]();

    // Cinder believes whatever a type says; its storage says nothing of the kind.
    await groupTypeSpecs.merge({ group_type_id: kind, group_specs: SPEC });
    expect(await consistentGroup(cloud, disks)).toEqual({
      group: undefined,
      why: `its storage does not say that it keeps what group type ${name} promises`,
    });
    const moment = await takeMoment(cloud, ids, { run: 'as-one', signal, group });
    expect(moment).toMatchObject({ how: 'group', groupFailure: undefined });
    const [first = ''] = ids;
    const open = await imageReader(cloud).open(
      { id: first, snapshot: moment.snapshots.get(first) },
      { run: 'as-one', signal },
    );
    const read: Uint8Array[] = [];
    let size = 0;
    for await (const piece of open.content) {
      read.push(piece);
      size += piece.length;
      if (size >= beginning.length) break;
    }
    expect(Buffer.concat(read).subarray(0, beginning.length).equals(Buffer.from(beginning))).toBe(true);
    await open[Symbol.asyncDispose]();
    // As after a kill: the moment is never disposed.
    expect(await sweepTemporaries(cloud, { olderThan: 1, keep: ['as-one'] })).toMatchObject({
      groupSnapshots: 0,
    });
    expect(await sweepTemporaries(cloud, { olderThan: 1 })).toMatchObject({ groupSnapshots: 1, failed: [] });
    expect(await Array.fromAsync(groupSnapshots.listBrief())).toEqual([]);
    expect(await Array.fromAsync(snapshots.listBrief())).toEqual([]);
  },
);

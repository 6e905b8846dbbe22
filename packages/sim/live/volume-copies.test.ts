import type { Cloud } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, parityClouds, unique } from './parity-clouds.ts';

const caught = (error: unknown): unknown => error;
const messageOf = (error: unknown): unknown =>
  (error as { readonly fault?: { readonly message?: string } }).fault?.message;
const soon = { interval: 300 } as const;

async function aVolume(cloud: Cloud, clean: CleanUp, fields: object = {}): Promise<string> {
  const { volumes } = cloud.blockStorage;
  const { id } = await volumes.create({ size: 1, name: unique('volume'), ...fields });
  clean.later(async () => {
    await volumes.delete({ id }, { missingOk: true });
    await volumes.waitGone(id, soon);
  });
  await volumes.waitFor(id, 'available', soon);
  return id;
}

describe.each(parityClouds)('copies of volumes on $name', (parityCloud) => {
  test('a chain of backups knows whom it needs, and when its data was', async () => {
    const clean = new CleanUp();
    const cloud = await asAdmin(parityCloud);
    const { backups, snapshots, volumes } = cloud.blockStorage;
    const id = await aVolume(cloud, clean);
    const none = await backups.create({ volume_id: id, incremental: true }).catch(caught);
    expect(messageOf(none)).toBe('Invalid backup: No backups available to do an incremental backup.');
    const backup = async (fields: object = {}) => {
      const made = await backups.create({ volume_id: id, name: unique('backup'), ...fields });
      clean.later(async () => {
        await backups.delete({ id: made.id }, { missingOk: true });
        await backups.waitGone(made.id, soon);
      });
      const ready = await backups.waitFor(made.id, 'available', soon);
      await volumes.waitFor(id, 'available', soon);
      return ready;
    };
    const full = await backup();
    const snapshot = await snapshots.create({ volume_id: id, name: unique('snapshot') });
    clean.later(async () => {
      await snapshots.delete({ id: snapshot.id }, { missingOk: true });
      await snapshots.waitGone(snapshot.id, soon);
    });
    const taken = await snapshots.waitFor(snapshot.id, 'available', soon);
    const increment = await backup({ incremental: true, snapshot_id: snapshot.id });
    expect(increment).toMatchObject({
      is_incremental: true,
      has_dependent_backups: false,
      snapshot_id: snapshot.id,
      data_timestamp: taken.created_at,
    });
    expect(await backups.get({ id: full.id })).toMatchObject({
      is_incremental: false,
      has_dependent_backups: true,
      data_timestamp: full.created_at,
    });
    expect(messageOf(await backups.delete({ id: full.id }).catch(caught))).toBe(
      'Invalid backup: Incremental backups exist for this backup.',
    );
    const small = await backups.restore({ id: increment.id, name: unique('restored') });
    clean.later(async () => {
      await volumes.delete({ id: small.volume_id }, { missingOk: true });
      await volumes.waitGone(small.volume_id, soon);
    });
    expect(await volumes.waitFor(small.volume_id, 'available', soon)).toMatchObject({
      description: 'auto-created_from_restore_from_backup',
    });
    await backups.waitFor(increment.id, 'available', soon);
    const { backup_url } = await backups.exportRecord({ id: increment.id });
    const again = await backups.importRecord({ backup_service: 'x', backup_url }).catch(caught);
    expect(messageOf(again)).toBe('Invalid backup: Backup already exists in database.');
    const nonsense = await backups
      .importRecord({ backup_service: 'x', backup_url: 'bm9uc2Vuc2U=' })
      .catch(caught);
    expect(messageOf(nonsense)).toBe("Invalid input received: Can't parse backup record.");
  }, 600_000);

  test('a group: its members, its snapshots, a copy of it, its end', async () => {
    const clean = new CleanUp();
    const cloud = await asAdmin(parityCloud);
    const { groupTypes, groups, groupSnapshots, snapshots, volumes, volumeTypes } = cloud.blockStorage;
    const kind = await groupTypes.create({ name: unique('kind'), group_specs: { color: 'red' } });
    clean.later(() => groupTypes.delete({ id: kind.id }));
    const plain = await aVolume(cloud, clean);
    const type = (await volumes.get({ id: plain })).volume_type ?? '';
    const { id: typeId } = await volumeTypes.find(type);
    const group = await groups.create({
      name: unique('group'),
      group_type: kind.name,
      volume_types: [typeId],
    });
    clean.later(async () => {
      await groups.delete({ id: group.id, 'delete-volumes': true }).catch(caught);
      await groups.waitGone(group.id, soon);
    });
    await groups.waitFor(group.id, 'available', soon);
    expect(messageOf(await groupTypes.delete({ id: kind.id }).catch(caught))).toBe(
      `Target group type is still in use. Group Type ${kind.id} deletion is not allowed with groups present with the type.`,
    );
    // Only a volume of the group's own back end can come into it: one that was made in it.
    const made = async () => {
      const fields = { size: 1, name: unique('member'), volume_type: type, group_id: group.id };
      const created = await cloud.blockStorage.at('3.13').volumes.create(fields);
      return volumes.waitFor(created.id, 'available', soon);
    };
    const [member, { id }] = [await made(), await made()];
    expect(messageOf(await volumes.delete({ id: member.id }).catch(caught))).toMatch(/belong to a group/);
    const { name } = await groups.get({ id: group.id });
    expect(messageOf(await groups.update({ id: group.id, name }).catch(caught))).toBe(
      `Invalid Group: Cannot update group ${group.id} because no valid name, description, add_volumes, or remove_volumes were provided.`,
    );
    await groups.update({ id: group.id, remove_volumes: id });
    await groups.waitFor(group.id, 'available', soon);
    expect((await volumes.get({ id })).status).toBe('available');
    await groups.update({ id: group.id, add_volumes: id });
    await groups.waitFor(group.id, 'available', soon);
    const listed = await cloud.blockStorage.at('3.25').groups.get({ id: group.id, list_volume: true });
    expect(listed.volumes?.toSorted()).toEqual([id, member.id].toSorted());
    const taken = await groupSnapshots.create({ group_id: group.id, name: unique('moment') });
    clean.later(async () => {
      await groupSnapshots.delete({ id: taken.id }, { missingOk: true });
      await groupSnapshots.waitGone(taken.id, soon);
    });
    expect(await groupSnapshots.waitFor(taken.id, 'available', soon)).toMatchObject({
      group_id: group.id,
      group_type_id: kind.id,
    });
    const parts = (await Array.fromAsync(snapshots.list({}))).filter(({ volume_id }) =>
      [id, member.id].includes(volume_id),
    );
    expect(parts.map(({ status }) => status)).toEqual(['available', 'available']);
    expect(messageOf(await snapshots.delete({ id: parts[0]?.id ?? '' }).catch(caught))).toBe(
      'Invalid snapshot: Snapshot status must be available or error and must not be part of a group.',
    );
    expect(messageOf(await groups.delete({ id: group.id, 'delete-volumes': true }).catch(caught))).toBe(
      'Invalid Group: Group has existing snapshots.',
    );
    const copy = await groups.createFromSrc({ group_snapshot_id: taken.id, name: unique('copy') });
    clean.later(async () => {
      await groups.delete({ id: copy.id, 'delete-volumes': true }).catch(caught);
      await groups.waitGone(copy.id, soon);
    });
    await groups.waitFor(copy.id, 'available', soon);
    const copies = await cloud.blockStorage.at('3.25').groups.get({ id: copy.id, list_volume: true });
    expect([copies.group_snapshot_id, copies.volumes?.length]).toEqual([taken.id, 2]);
  });

  test('an attachment: reserved, made, complete, gone', async () => {
    const clean = new CleanUp();
    const cloud = await asAdmin(parityCloud);
    const { attachments, volumes } = cloud.blockStorage;
    const id = await aVolume(cloud, clean);
    const reserved = await attachments.create({ volume_uuid: id });
    clean.later(() => attachments.delete({ id: reserved.id }, { missingOk: true }));
    expect(reserved).toMatchObject({
      status: 'reserved',
      instance: null,
      attached_at: '',
      connection_info: {},
    });
    expect((await volumes.get({ id })).status).toBe('reserved');
    const twice = await attachments.create({ volume_uuid: id }).catch(caught);
    expect(messageOf(twice)).toBe(
      `Invalid volume: Volume ${id} status must be available or downloading to reserve, but the current status is reserved.`,
    );
    const connector = { host: 'mover', ip: '192.0.2.7', initiator: 'iqn.2026-01.example:mover' };
    const made = await attachments.update({ id: reserved.id, connector });
    // The answer has the state of before the request.
    expect(made).toMatchObject({
      status: 'reserved',
      attach_mode: 'null',
      connection_info: {
        driver_volume_type: 'local',
        access_mode: 'rw',
        encrypted: false,
        cacheable: false,
        qos_specs: null,
        attachment_id: reserved.id,
        device_path: expect.stringContaining(`volume-${id}`),
      },
    });
    expect(Object.keys(made.connection_info ?? {})).toHaveLength(7);
    expect(await volumes.get({ id })).toMatchObject({ status: 'attaching', attachments: [] });
    expect(await attachments.get({ id: reserved.id })).toMatchObject({
      status: 'attaching',
      attach_mode: 'rw',
    });
    await attachments.complete({ id: reserved.id });
    expect((await attachments.get({ id: reserved.id })).status).toBe('attached');
    expect(await volumes.get({ id })).toMatchObject({
      status: 'in-use',
      attachments: [{ attachment_id: reserved.id, server_id: null, host_name: 'mover' }],
    });
    expect(await attachments.delete({ id: reserved.id })).toEqual([]);
    expect(await volumes.get({ id })).toMatchObject({ status: 'available', attachments: [] });
  });
});

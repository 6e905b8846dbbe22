import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { byteAt } from '../../src/bytes/generator.ts';
import { Ids } from '../../src/ids.ts';
import { simulateCloud, type SimulatedCloud, type SimulateOptions } from '../../src/index.ts';
import { Client } from '../client.ts';

const GIB = 2 ** 30;
/** What is looked at: the end of the first object of a backup, and the beginning of the second. */
const FROM = 52_428_800 - 100_000;
const TO = FROM + 200_000;

async function site(options: SimulateOptions = {}) {
  const cloud = simulateCloud(options);
  onTestFinished(() => cloud.close());
  const client = await new Client(cloud).login();
  const project = cloud.state.identity.project('admin').id;
  const none = { volumes: -1, snapshots: -1, gigabytes: -1, backups: -1, backup_gigabytes: -1, groups: -1 };
  cloud.state.blockStorage.quotas.set(project, none);
  /** Sends a request, and lets the time pass that its work takes. */
  const done = async (method: string, path: string, body?: object) => {
    const reply = await client.cinder(method, path, body);
    await cloud.clock.advance('30s');
    return reply.body;
  };
  const show = async (kind: string, id: string) =>
    Object.values((await client.cinder('GET', `${kind}/${id}`)).body)[0] as Record<string, unknown>;
  const volume = async (fields: object = {}): Promise<string> =>
    (await done('POST', 'volumes', { volume: { size: 1, ...fields } })).volume.id;
  const snapshot = async (id: string): Promise<string> =>
    (await done('POST', 'snapshots', { snapshot: { volume_id: id } })).snapshot.id;
  const backup = async (fields: object): Promise<string> =>
    (await done('POST', 'backups', { backup: fields })).backup.id;
  const restore = async (id: string, into?: string): Promise<string> =>
    (await done('POST', `backups/${id}/restore`, { restore: into === undefined ? {} : { volume_id: into } }))
      .restore.volume_id;
  return { cloud, client, done, show, volume, snapshot, backup, restore };
}

type Site = Awaited<ReturnType<typeof site>>;

const part = async (cloud: SimulatedCloud, id: string, from = FROM, to = TO): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(cloud.volumes.read(id, from, to)));
const ofSeed = (seed: number, from: number, to: number): Buffer =>
  Buffer.from(Array.from({ length: to - from }, (_, index) => byteAt(seed, from + index)));

describe('any sequence of writes, copies, backups and restores leaves what a plain model has', () => {
  /** What each volume, snapshot and backup holds between `FROM` and `TO`. */
  interface Model {
    readonly volumes: Map<string, Buffer>;
    readonly snapshots: Map<string, { readonly volume: string; readonly bytes: Buffer }>;
    readonly backups: Map<string, Buffer>;
    /** What there was behind the end of volumes that were extended. */
    readonly grown: Buffer[];
  }

  async function step(at: Site, model: Model, chance: Ids): Promise<void> {
    const ids = [...model.volumes.keys()];
    const id = ids.length === 0 ? await newVolume(at, model) : chance.pick(ids);
    const bytes = model.volumes.get(id) ?? Buffer.alloc(0);
    const kept = [...model.snapshots].filter(([, { volume }]) => volume === id);
    switch (chance.below(10)) {
      case 0:
        await newVolume(at, model);
        return;
      case 1: {
        const seed = chance.below(1000);
        at.cloud.volumes.fill(id, { seed });
        model.volumes.set(id, ofSeed(seed, FROM, TO));
        return;
      }
      case 2:
        model.snapshots.set(await at.snapshot(id), { volume: id, bytes: Buffer.from(bytes) });
        return;
      case 3: {
        const copy = await at.volume({ source_volid: id, size: undefined });
        model.volumes.set(copy, Buffer.from(bytes));
        return;
      }
      case 4: {
        const [from] = kept;
        if (from === undefined) return;
        const copy = await at.volume({ snapshot_id: from[0], size: undefined });
        model.volumes.set(copy, Buffer.from(from[1].bytes));
        return;
      }
      case 5: {
        const made = await at.backup({ volume_id: id, incremental: chance.below(2) === 0 }).catch(() => '');
        if (made !== '' && (await at.show('backups', made))['status'] === 'available')
          model.backups.set(made, Buffer.from(bytes));
        return;
      }
      case 6: {
        const [from] = kept;
        if (from === undefined) return;
        const made = await at.backup({ volume_id: id, snapshot_id: from[0] });
        model.backups.set(made, Buffer.from(from[1].bytes));
        return;
      }
      case 7: {
        const backups = [...model.backups];
        if (backups.length === 0) return;
        const [backup, was] = chance.pick(backups);
        const size = Number((await at.show('backups', backup))['size']);
        const fits = Number((await at.show('volumes', id))['size']) >= size;
        const target = await at.restore(backup, fits && chance.below(2) === 0 ? id : undefined);
        model.volumes.set(target, Buffer.from(was));
        return;
      }
      case 8: {
        const size = Number((await at.show('volumes', id))['size']);
        await at.done('POST', `volumes/${id}/action`, { 'os-extend': { new_size: size + 1 } });
        model.grown.push(await part(at.cloud, id, size * GIB, size * GIB + 64));
        return;
      }
      default: {
        const offset = chance.below(TO - FROM - 1);
        const length = 1 + chance.below(Math.min(40_000, TO - FROM - offset));
        const written = Buffer.alloc(length, 1 + chance.below(255));
        await at.cloud.volumes.write(id, FROM + offset, written);
        written.copy(bytes, offset);
        return;
      }
    }
  }

  async function newVolume(at: Site, model: Model): Promise<string> {
    const id = await at.volume();
    model.volumes.set(id, Buffer.alloc(TO - FROM));
    return id;
  }

  test.each(Array.from({ length: 25 }, (_, seed) => [seed]))('seed %i', async (seed) => {
    const at = await site({ seed });
    const chance = new Ids(seed + 1000);
    const model: Model = { volumes: new Map(), snapshots: new Map(), backups: new Map(), grown: [] };
    for (let count = 0; count < 25; count += 1) await step(at, model, chance);
    const all = [
      ...model.volumes,
      ...[...model.snapshots].map(([id, { bytes }]) => [id, bytes] as const),
      ...model.backups,
    ];
    expect(all.length).toBeGreaterThan(1);
    expect(model.grown.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
    for (const [id, bytes] of all) expect([id, (await part(at.cloud, id)).compare(bytes)]).toEqual([id, 0]);
  });
});

describe('where bytes come from, and where they go', () => {
  test('a volume of 100 TiB takes no room; its seed can be read anywhere', async () => {
    const { cloud, volume } = await site();
    const [pool] = cloud.state.blockStorage.pools.values();
    if (pool !== undefined) Object.assign(pool, { total: 10_000_000 });
    const id = await volume({ size: 102_400 });
    cloud.volumes.fill(id, { seed: 7 });
    const end = 102_400 * GIB;
    expect(await part(cloud, id, end - 100, end)).toEqual(ofSeed(7, end - 100, end));
  });

  test('an image is written to a volume, and a volume to an image: the same bytes, and hashes that are true', async () => {
    const { cloud, client, done, volume } = await site();
    const id = await volume();
    cloud.volumes.fill(id, { seed: 3, share: 0.1 });
    await cloud.volumes.write(id, 1000, Buffer.from('hello'));
    const { image_id } = (
      await done('POST', `volumes/${id}/action`, { 'os-volume_upload_image': { image_name: 'copy' } })
    )['os-volume_upload_image'];
    // What is written from now on is not in the image.
    const before = await part(cloud, id, 0, 200_000);
    await cloud.volumes.write(id, 0, Buffer.from('later'));
    const image = (await client.glance('GET', `images/${image_id}`)).body;
    expect(image).toMatchObject({ status: 'active', size: GIB, os_hash_algo: 'sha512' });
    const made = await volume({ imageRef: image_id });
    expect((await part(cloud, made, 0, 200_000)).equals(before)).toBe(true);
    // What a client has read of the image, it compares with this.
    const hash = createHash('sha512');
    for await (const chunk of cloud.volumes.read(made)) hash.update(chunk);
    expect(image.os_hash_value).toBe(hash.digest('hex'));
    // A GiB is hashed twice.
  }, 240_000);

  test('an image that was uploaded is on the volume, and zeros behind it', async () => {
    const { cloud, client, volume } = await site();
    const fields = { name: 'i', disk_format: 'raw', container_format: 'bare' };
    const { id } = (await client.glance('POST', 'images', fields)).body;
    const bytes = Uint8Array.from({ length: 3000 }, (_, index) => index % 251);
    const type = { 'Content-Type': 'application/octet-stream' };
    expect((await client.glance('PUT', `images/${id}/file`, bytes, type)).status).toBe(204);
    const made = await volume({ imageRef: id });
    await client.glance('DELETE', `images/${id}`);
    expect(await part(cloud, made, 0, 3002)).toEqual(Buffer.concat([bytes, Buffer.alloc(2)]));
  });

  test('a chain of backups: what it holds, whom it needs, and what a lost one means', async () => {
    const { cloud, client, show, volume, backup, restore } = await site();
    const id = await volume();
    cloud.volumes.fill(id, { seed: 1 });
    const full = await backup({ volume_id: id });
    await cloud.volumes.write(id, FROM, Buffer.from('first'));
    await cloud.volumes.write(id, TO, Buffer.from('second'));
    const second = await backup({ volume_id: id, incremental: true });
    const third = await backup({ volume_id: id, incremental: true });
    expect(await show('backups', full)).toMatchObject({
      object_count: 21,
      is_incremental: false,
      has_dependent_backups: true,
    });
    expect(await show('backups', second)).toMatchObject({ object_count: 2, is_incremental: true });
    expect(await show('backups', third)).toMatchObject({ object_count: 0, has_dependent_backups: false });
    expect((await client.cinder('DELETE', `backups/${second}`)).body.badRequest.message).toBe(
      'Invalid backup: Incremental backups exist for this backup.',
    );
    const restored = await restore(third);
    expect(
      (await part(cloud, restored, FROM - 50, TO + 50)).equals(await part(cloud, id, FROM - 50, TO + 50)),
    ).toBe(true);
    cloud.volumes.backupStore.delete(full);
    const broken = await restore(third);
    expect(await show('volumes', broken)).toMatchObject({ status: 'error_restoring' });
    expect(await show('backups', third)).toMatchObject({ status: 'available' });
  });

  test('a volume that has grown needs a full backup', async () => {
    const { show, done, volume, backup } = await site();
    const id = await volume();
    await backup({ volume_id: id });
    await done('POST', `volumes/${id}/action`, { 'os-extend': { new_size: 2 } });
    expect(await show('backups', await backup({ volume_id: id, incremental: true }))).toMatchObject({
      status: 'error',
      fail_reason: 'Invalid backup: Volume size increased since the last backup. Do a full backup.',
    });
  });

  test('a backup of a snapshot has the time of the snapshot, and finds a parent that is older', async () => {
    const { cloud, show, volume, snapshot, backup } = await site();
    const id = await volume();
    const old = await backup({ volume_id: id });
    await cloud.volumes.write(id, 0, Buffer.from('a'));
    const taken = await snapshot(id);
    const { created_at } = await show('snapshots', taken);
    await cloud.volumes.write(id, 0, Buffer.from('b'));
    await backup({ volume_id: id });
    const late = await backup({ volume_id: id, snapshot_id: taken, incremental: true });
    expect(await show('backups', late)).toMatchObject({ data_timestamp: created_at, snapshot_id: taken });
    expect(cloud.state.blockStorage.backups.get(late)?.parent).toBe(old);
    expect((await part(cloud, late, 0, 1)).toString()).toBe('a');
  });

  test('another cloud with the same store imports a record, and restores from it', async () => {
    const first = await site({ seed: 1 });
    const id = await first.volume();
    first.cloud.volumes.fill(id, { seed: 5 });
    await first.backup({ volume_id: id });
    await first.cloud.volumes.write(id, FROM, Buffer.from('more'));
    const increment = await first.backup({ volume_id: id, incremental: true });
    const record = (await first.client.cinder('GET', `backups/${increment}/export_record`)).body;
    const second = await site({ seed: 2, backupStore: first.cloud.volumes.backupStore });
    expect((await second.client.cinder('POST', 'backups/import_record', record)).status).toBe(201);
    expect(await second.show('backups', increment)).toMatchObject({ is_incremental: true, volume_id: id });
    const restored = await second.restore(increment);
    expect((await part(second.cloud, restored)).compare(await part(first.cloud, id))).toBe(0);
    const again = await second.client.cinder('POST', 'backups/import_record', record);
    expect(again.body.badRequest.message).toBe('Invalid backup: Backup already exists in database.');
    const nonsense = { 'backup-record': { backup_service: 'x', backup_url: 'bm9uc2Vuc2U=' } };
    expect(
      (await second.client.cinder('POST', 'backups/import_record', nonsense)).body.badRequest.message,
    ).toBe("Invalid input received: Can't parse backup record.");
  });

  test('an attachment with a connector makes a device on its host, until it is deleted', async () => {
    const { cloud, client, volume } = await site();
    const id = await volume();
    const given = { volume_uuid: id, connector: { host: 'mover', ip: '192.0.2.7' }, mode: 'ro' };
    const { attachment } = (await client.cinder('POST', 'attachments', { attachment: given })).body;
    expect(attachment).toMatchObject({
      status: 'reserved',
      instance: null,
      attach_mode: 'ro',
      connection_info: { driver_volume_type: 'local', access_mode: 'rw', attachment_id: attachment.id },
    });
    const device = cloud.volumes.device(attachment.id);
    await cloud.volumes.write(id, 10, Buffer.from('guest'));
    expect(Buffer.concat(await Array.fromAsync(device.read(10, 15))).toString()).toBe('guest');
    expect(() => device.write(0, Buffer.from('x'))).toThrow(/may only read/);
    await client.cinder('POST', `attachments/${attachment.id}/action`, { 'os-complete': null });
    expect((await client.cinder('GET', `volumes/${id}`)).body.volume).toMatchObject({
      status: 'in-use',
      attachments: [{ attachment_id: attachment.id, host_name: 'mover' }],
    });
    expect((await client.cinder('DELETE', `attachments/${attachment.id}`)).body).toEqual({ attachments: [] });
    expect(() => device.read()).toThrow(/no host has an attachment/);
    expect((await client.cinder('GET', `volumes/${id}`)).body.volume.status).toBe('available');
  });

  test('a reserved attachment has no device', async () => {
    const { cloud, client, volume } = await site();
    const given = { volume_uuid: await volume(), instance_uuid: '11111111-1111-4111-8111-111111111111' };
    const { attachment } = (await client.cinder('POST', 'attachments', { attachment: given })).body;
    expect(attachment).toMatchObject({ status: 'reserved', connection_info: {}, attached_at: '' });
    expect(() => cloud.volumes.device(attachment.id)).toThrow(/no host has an attachment/);
  });

  test('a byte that has rotted is another one, and a range outside is refused', async () => {
    const { cloud, volume, backup } = await site();
    const id = await volume();
    const made = await backup({ volume_id: id });
    await cloud.volumes.damage(made, 1000);
    expect([...(await part(cloud, made, 999, 1002))]).toEqual([0, 255, 0]);
    await cloud.volumes.damage(id, 5);
    expect([...(await part(cloud, id, 4, 7))]).toEqual([0, 255, 0]);
    expect(() => cloud.volumes.read(id, 0, GIB + 1)).toThrow(/not within/);
    expect(() => cloud.volumes.read('nobody')).toThrow(/there is no volume, snapshot or backup nobody/);
    expect(() => cloud.volumes.fill(id, { seed: 1.5 })).toThrow(/seed/);
    await expect(cloud.volumes.write(id, GIB - 1, Buffer.from('ab'))).rejects.toThrow(/not within/);
  });

  test('tasks fail behind an API that accepted them, as often as they were told', async () => {
    const { cloud, show, volume, snapshot, backup, restore } = await site();
    const id = await volume();
    cloud.volumes.fail('snapshot');
    expect(await show('snapshots', await snapshot(id))).toMatchObject({ status: 'error' });
    expect(await show('snapshots', await snapshot(id))).toMatchObject({ status: 'available' });
    cloud.volumes.fail('backup', { first: 2, reason: 'Unable to connect to the backup store' });
    for (let count = 0; count < 2; count += 1) {
      expect(await show('backups', await backup({ volume_id: id }))).toMatchObject({
        status: 'error',
        fail_reason: 'Unable to connect to the backup store',
      });
    }
    const good = await backup({ volume_id: id });
    cloud.volumes.fail('restore');
    expect(await show('volumes', await restore(good))).toMatchObject({ status: 'error_restoring' });
    cloud.volumes.fail('create');
    expect(await show('volumes', await volume())).toMatchObject({ status: 'error' });
    expect(() => cloud.volumes.fail('bakcup' as 'backup')).toThrow(/job/);
  });
});

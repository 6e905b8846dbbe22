import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { loseCell } from './lose-cell.ts';
import { raw } from './raw.ts';
import { asAdmin, asMember, unique, parityClouds } from './parity-clouds.ts';

const keys = (value: object): string[] => Object.keys(value).toSorted();

describe.each(parityClouds)('a cell that does not answer, on $name', (parityCloud) => {
  test('its server and its host, before 2.69 and from then on', async () => {
    const clean = new CleanUp();
    const cloud = await asMember(parityCloud);
    const name = unique('cell');
    const image = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
    clean.later(() => cloud.image.images.delete({ id: image.id }));
    await cloud.image.data.upload({ id: image.id }, new Uint8Array(1024));
    const flavors = await Array.fromAsync(cloud.compute.flavors.list());
    const { servers } = cloud.compute.at('2.37');
    const model = await servers.create({
      name,
      imageRef: image.id,
      flavorRef: flavors.toSorted((a, b) => a.ram - b.ram)[0]?.id ?? '',
      networks: 'none',
    });
    clean.later(async () => {
      await servers.delete({ id: model.id });
      await servers.waitGone(model.id);
    });
    await servers.waitFor(model.id, 'ACTIVE', { interval: 300 });
    const { host, server } = await loseCell(parityCloud, cloud, model.id, clean);
    const [asks, admins] = [await raw(asMember, parityCloud), await raw(asAdmin, parityCloud)];
    const ask = (method: string, path: string, version: string, body?: unknown) =>
      asks(method, 'compute', path, body, { 'OpenStack-API-Version': `compute ${version}` });
    const admin = (path: string, version: string) =>
      admins('GET', 'compute', path, undefined, { 'OpenStack-API-Version': `compute ${version}` });
    const listed = async (query: string, version: string) =>
      (await ask('GET', `servers${query}`, version)).body.servers.find(
        ({ id }: { id: string }) => id === server,
      );

    expect(await listed('', '2.68')).toBeUndefined();
    expect(await listed('/detail', '2.68')).toBeUndefined();
    expect(keys(await listed('', '2.69'))).toEqual(['id', 'links', 'status']);
    const detail = await listed('/detail', '2.69');
    expect(keys(detail)).toEqual(['created', 'id', 'links', 'status', 'tenant_id']);
    expect(detail.status).toBe('UNKNOWN');
    expect(await listed('/detail?status=ACTIVE', '2.69')).toBeUndefined();
    expect(await listed('?limit=100', '2.69')).toBeUndefined();
    expect(await listed('?bogus=1', '2.69')).toMatchObject({ status: 'UNKNOWN' });

    expect((await ask('GET', `servers/${server}`, '2.68')).status).toBe(500);
    const shown = (await ask('GET', `servers/${server}`, '2.71')).body.server;
    expect(keys(shown)).toEqual([
      'OS-EXT-AZ:availability_zone',
      'OS-EXT-STS:power_state',
      'created',
      'flavor',
      'id',
      'image',
      'links',
      'server_groups',
      'status',
      'tenant_id',
      'user_id',
    ]);
    expect(shown).toMatchObject({
      status: 'UNKNOWN',
      image: { id: image.id },
      'OS-EXT-AZ:availability_zone': 'UNKNOWN',
      'OS-EXT-STS:power_state': 0,
    });
    expect((await ask('GET', `servers/${server}/metadata`, '2.69')).status).toBe(500);
    expect((await ask('PUT', `servers/${server}`, '2.69', { server: { name: 'x' } })).status).toBe(500);
    expect((await ask('DELETE', `servers/${server}`, '2.69')).status).toBe(500);
    expect((await ask('POST', `servers/${server}/action`, '2.69', { 'os-stop': null })).status).toBe(500);

    expect((await admin(`os-services?host=${host}`, '2.68')).body.services).toEqual([]);
    expect((await admin(`os-services?host=${host}`, '2.69')).body.services).toEqual([
      { binary: 'nova-compute', host, status: 'UNKNOWN' },
    ]);
    expect((await admin('os-hypervisors', '2.69')).status).toBe(500);
    expect((await admin('os-availability-zone/detail', '2.69')).text).not.toContain(host);
  });
});

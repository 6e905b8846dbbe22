import type { Cloud } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { type Ask, raw } from './raw.ts';
import { asMember, unique, parityClouds } from './parity-clouds.ts';

/*
 * What Nova hands on to Neutron, Glance and Cinder below 2.36, as gophercloud, fog-openstack and libcloud ask for it, and
 * what it says afterwards. The answers were taken from the lab (Zed).
 */

const NOBODY = '11111111-1111-4111-8111-111111111111';

const nova =
  (ask: Ask, version: string) =>
  async (method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> => {
    const { status, body: answer } = await ask(method, 'compute', path, body, {
      'OpenStack-API-Version': `compute ${version}`,
    });
    return { status, body: answer };
  };

/** A network with a way out, and a server on it. */
async function site(cloud: Cloud, clean: CleanUp) {
  const { networks, subnets, routers } = cloud.network;
  const name = unique('proxies');
  const [external] = await Array.fromAsync(networks.list({ 'router:external': true }));
  const network = await networks.create({ name });
  clean.later(() => networks.delete({ id: network.id }, { missingOk: true }));
  const subnet = await subnets.create({ network_id: network.id, ip_version: 4, cidr: '10.87.0.0/24' });
  const router = await routers.create({ name, external_gateway_info: { network_id: external?.id ?? '' } });
  clean.later(() => routers.delete({ id: router.id }));
  await routers.addInterface({ id: router.id, subnet_id: subnet.id });
  clean.later(() => routers.removeInterface({ id: router.id, subnet_id: subnet.id }));
  const image = await cloud.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
  clean.later(() => cloud.image.images.delete({ id: image.id }, { missingOk: true }));
  await cloud.image.data.upload({ id: image.id }, new Uint8Array(1024));
  const flavors = await Array.fromAsync(cloud.compute.flavors.list());
  const { servers } = cloud.compute;
  const made = await servers.create({
    name,
    imageRef: image.id,
    flavorRef: flavors.toSorted((a, b) => a.ram - b.ram)[0]?.id ?? '',
    networks: [{ uuid: network.id }],
  });
  clean.later(async () => {
    await servers.delete({ id: made.id }, { missingOk: true });
    await servers.waitGone(made.id);
  });
  const server = await servers.waitFor(made.id, 'ACTIVE', { interval: 300 });
  return { name, network, image, server, external: external?.name ?? '' };
}

describe.each(parityClouds)("Nova's proxies on $name", (parityCloud) => {
  test('are there until 2.35, 2.38, 2.42 or 2.43, and afterwards not; what is removed is gone', async () => {
    const ask = await raw(asMember, parityCloud);
    const status = async (version: string, path: string) => (await nova(ask, version)('GET', path)).status;
    const proxied = [
      'os-networks',
      'os-tenant-networks',
      'os-floating-ips',
      'os-floating-ip-pools',
      'os-security-groups',
      'images',
      'images/detail',
      'os-volumes',
      'os-volumes/detail',
      'os-snapshots',
      'os-snapshots/detail',
    ];
    for (const path of proxied) {
      expect([path, await status('2.1', path), await status('2.35', path)]).toEqual([path, 200, 200]);
      expect([path, await status('2.36', path), await status('2.93', path)]).toEqual([path, 404, 404]);
    }
    expect([await status('2.42', 'os-hosts'), await status('2.43', 'os-hosts')]).toEqual([403, 404]);
    for (const path of ['os-fping', 'os-cells', 'os-agents', 'os-fixed-ips/10.0.0.1', 'os-floating-ips-bulk'])
      expect([path, await status('2.1', path), await status('2.93', path)]).toEqual([path, 410, 410]);
    for (const path of ['os-volume-types', 'os-certificates', 'os-security-group-rules'])
      expect([path, await status('2.1', path)]).toEqual([path, 404]);
    expect((await nova(ask, '2.1')('POST', 'os-networks', { network: { label: 'x' } })).status).toBe(410);
    expect((await nova(ask, '2.1')('POST', 'os-security-groups', {})).status).toBe(400);
  });

  test('networks, and floating IPs that come to a server and go', async () => {
    const clean = new CleanUp();
    const cloud = await asMember(parityCloud);
    const { network, server, external } = await site(cloud, clean);
    const ask = nova(await raw(asMember, parityCloud), '2.1');
    expect((await ask('GET', `os-networks/${network.id}`)).body.network).toMatchObject({
      id: network.id,
      label: network.name,
      cidr: null,
    });
    expect((await ask('GET', `os-tenant-networks/${network.id}`)).body).toEqual({
      network: { id: network.id, label: network.name, cidr: 'None' },
    });
    expect((await ask('GET', `os-networks/${NOBODY}`)).body.itemNotFound.message).toBe('Network not found');

    expect((await ask('GET', 'os-floating-ip-pools')).body.floating_ip_pools).toContainEqual({
      name: external,
    });
    for (const body of [{}, { pool: 'nope' }, { pool: network.name }]) {
      const none = await ask('POST', 'os-floating-ips', body);
      expect([none.status, none.body.itemNotFound?.message]).toEqual([404, 'Floating IP pool not found.']);
    }
    const made = await ask('POST', 'os-floating-ips', { pool: external });
    expect(made).toMatchObject({
      status: 200,
      body: { floating_ip: { pool: external, fixed_ip: null, instance_id: null } },
    });
    const { id, ip: address } = made.body.floating_ip;
    clean.later(() => cloud.network.floatingIps.delete({ id }, { missingOk: true }));
    const act = async (body: unknown, version = '2.43') =>
      (await nova(await raw(asMember, parityCloud), version)('POST', `servers/${server.id}/action`, body))
        .status;
    expect(await act({ addFloatingIp: {} })).toBe(400);
    expect(await act({ addFloatingIp: { address: 'nope' } })).toBe(400);
    expect(await act({ addFloatingIp: { address, fixed_address: '10.9.9.9' } })).toBe(400);
    expect(await act({ removeFloatingIp: { address } })).toBe(403);
    expect(await act({ addFloatingIp: { address } }, '2.44')).toBe(404);
    expect(await act({ addFloatingIp: { address } })).toBe(202);
    expect((await ask('GET', `os-floating-ips/${id}`)).body.floating_ip).toMatchObject({
      instance_id: server.id,
      fixed_ip: expect.stringMatching(/^10\.87\.0\./),
    });
    const second = (await ask('POST', 'os-floating-ips', { pool: external })).body.floating_ip;
    clean.later(() => cloud.network.floatingIps.delete({ id: second.id }, { missingOk: true }));
    expect(await act({ addFloatingIp: { address: second.ip } })).toBe(400);
    expect(await act({ removeFloatingIp: { address } })).toBe(202);
    expect((await ask('DELETE', `os-floating-ips/${id}`)).status).toBe(202);
    expect((await ask('DELETE', `os-floating-ips/${id}`)).body.itemNotFound.message).toBe(
      `Floating IP not found for ID ${id}`,
    );
  });

  test('security groups, their rules, and those of a server', async () => {
    const clean = new CleanUp();
    const cloud = await asMember(parityCloud);
    const { server } = await site(cloud, clean);
    const ask = nova(await raw(asMember, parityCloud), '2.1');
    const name = unique('group');
    const made = await ask('POST', 'os-security-groups', { security_group: { name, description: 'd' } });
    expect(made).toMatchObject({ status: 200, body: { security_group: { name, rules: [] } } });
    const { id } = made.body.security_group;
    clean.later(() => cloud.network.securityGroups.delete({ id }, { missingOk: true }));
    expect((await ask('POST', 'os-security-groups', { security_group: { name } })).status).toBe(400);
    expect((await ask('GET', 'os-security-groups/nope')).status).toBe(400);
    expect((await ask('GET', `os-security-groups/${NOBODY}`)).status).toBe(404);

    const rule = (fields: Record<string, unknown>) =>
      ask('POST', 'os-security-group-rules', { security_group_rule: { parent_group_id: id, ...fields } });
    const ssh = { ip_protocol: 'tcp', from_port: 22, to_port: '22', cidr: '0.0.0.0/0' };
    const first = await rule(ssh);
    expect(first.body.security_group_rule).toEqual({
      id: expect.any(String),
      parent_group_id: id,
      ip_protocol: 'tcp',
      from_port: 22,
      to_port: 22,
      group: {},
      ip_range: { cidr: '0.0.0.0/0' },
    });
    expect((await rule(ssh)).status).toBe(400);
    expect((await rule({ ip_protocol: 'tcp' })).status).toBe(400);
    expect((await rule({ ...ssh, ip_protocol: 'foo' })).status).toBe(400);
    expect((await rule({ ...ssh, from_port: 23 })).status).toBe(400);
    expect((await rule({ ...ssh, cidr: '10.0.0.0/0' })).status).toBe(400);
    expect((await rule({ ...ssh, parent_group_id: NOBODY })).status).toBe(404);
    expect((await rule({ group_id: id, ip_protocol: 'tcp' })).body.security_group_rule).toMatchObject({
      from_port: 1,
      to_port: 65_535,
      group: { name },
      ip_range: {},
    });
    const icmp = { ip_protocol: 'icmp', from_port: -1, to_port: -1 };
    expect((await rule(icmp)).body.security_group_rule).toMatchObject({ from_port: -1, to_port: -1 });
    const ruleId = first.body.security_group_rule.id;
    expect((await ask('DELETE', `os-security-group-rules/${ruleId}`)).status).toBe(202);
    expect((await ask('DELETE', `os-security-group-rules/${ruleId}`)).status).toBe(404);

    const act = async (body: unknown) => (await ask('POST', `servers/${server.id}/action`, body)).status;
    expect(await act({ addSecurityGroup: {} })).toBe(400);
    expect(await act({ addSecurityGroup: { name: 'nope-at-all' } })).toBe(404);
    expect(await act({ addSecurityGroup: { name } })).toBe(202);
    expect(await act({ addSecurityGroup: { name } })).toBe(400);
    const groups = (await ask('GET', `servers/${server.id}/os-security-groups`)).body.security_groups;
    expect(groups.map((group: { name: string }) => group.name).toSorted()).toEqual(
      ['default', name].toSorted(),
    );
    expect(groups.find((group: { id: string }) => group.id === id).rules).toHaveLength(2);
    expect((await ask('DELETE', `os-security-groups/${id}`)).status).toBe(400);
    expect(await act({ removeSecurityGroup: { name } })).toBe(202);
    expect(await act({ removeSecurityGroup: { name } })).toBe(404);
    expect((await ask('DELETE', `os-security-groups/${id}`)).status).toBe(202);
  });

  test('images with their metadata', async () => {
    const clean = new CleanUp();
    const { images } = (await asMember(parityCloud)).image;
    const name = unique('image');
    const { id } = await images.create({ name, disk_format: 'raw', container_format: 'bare' });
    clean.later(() => images.delete({ id }, { missingOk: true }));
    const raws = await raw(asMember, parityCloud);
    const ask = nova(raws, '2.1');
    expect((await ask('GET', `images/detail?name=${name}`)).body.images).toMatchObject([
      { id, status: 'SAVING', progress: 25, minDisk: 0, metadata: {} },
    ]);
    expect((await ask('GET', `images/${NOBODY}`)).body.itemNotFound.message).toBe('Image not found.');
    expect((await ask('GET', 'images?limit=x')).status).toBe(400);
    expect((await ask('GET', `images?marker=${NOBODY}`)).status).toBe(400);
    const meta = `images/${id}/metadata`;
    expect((await ask('POST', meta, { metadata: { a: 'b' } })).body).toEqual({ metadata: { a: 'b' } });
    expect((await ask('POST', meta, { metadata: { a: 1 } })).status).toBe(400);
    expect((await ask('PUT', meta, { metadata: { c: 'd' } })).body).toEqual({ metadata: { c: 'd' } });
    expect((await ask('PUT', `${meta}/c`, { meta: { x: 'e' } })).status).toBe(400);
    expect((await nova(raws, '2.38')('GET', `${meta}/c`)).body).toEqual({ meta: { c: 'd' } });
    expect((await nova(raws, '2.39')('GET', meta)).status).toBe(404);
    expect((await ask('DELETE', `${meta}/c`)).status).toBe(204);
    expect((await ask('DELETE', `${meta}/c`)).status).toBe(404);
    expect((await ask('DELETE', `images/${id}`)).status).toBe(204);
    expect((await ask('DELETE', `images/${id}`)).status).toBe(404);
  });

  test('volumes and snapshots', async () => {
    const clean = new CleanUp();
    const { volumes, snapshots } = (await asMember(parityCloud)).blockStorage;
    const ask = nova(await raw(asMember, parityCloud), '2.1');
    for (const volume of [{}, { size: 0 }, { size: 'x' }, { size: 1, foo: 1 }])
      expect((await ask('POST', 'os-volumes', { volume })).status).toBe(400);
    expect((await ask('POST', 'os-volumes', { volume: { size: 1, snapshot_id: NOBODY } })).status).toBe(404);
    const made = await ask('POST', 'os-volumes', { volume: { size: 1, display_name: unique('volume') } });
    expect(made.status).toBe(200);
    const { id, displayName } = made.body.volume;
    clean.later(async () => {
      await ask('DELETE', `os-volumes/${id}`);
      await volumes.waitGone(id);
    });
    await volumes.waitFor(id, 'available', { interval: 300 });
    expect((await ask('GET', `os-volumes/${id}`)).body.volume).toMatchObject({
      displayName,
      size: 1,
      status: 'available',
      attachments: [{}],
      snapshotId: null,
    });
    const snap = await ask('POST', 'os-snapshots', { snapshot: { volume_id: id } });
    expect(snap).toMatchObject({ status: 200, body: { snapshot: { volumeId: id, size: 1 } } });
    const snapId = snap.body.snapshot.id;
    await snapshots.waitFor(snapId, 'available', { interval: 300 });
    expect((await ask('DELETE', `os-volumes/${id}`)).status).toBe(400);
    expect((await ask('DELETE', `os-snapshots/${snapId}`)).status).toBe(202);
    await snapshots.waitGone(snapId);
    expect((await ask('GET', `os-snapshots/${snapId}`)).status).toBe(404);
    expect((await ask('DELETE', `os-volumes/${id}`)).status).toBe(202);
    expect((await ask('DELETE', `os-volumes/${NOBODY}`)).status).toBe(404);
  });
});

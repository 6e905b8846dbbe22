import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { simulateCloud } from '../src/index.ts';
import { Client } from './client.ts';

const setup = async (user = 'demo') => {
  const cloud = simulateCloud({ seed: 5 });
  return { cloud, client: await new Client(cloud).login(user, 'demo') };
};

describe('identity', () => {
  test('a wrong password, a token that expires, one that is revoked', async () => {
    const { cloud, client } = await setup();
    const wrong = await new Client(cloud).send('POST', '/identity/v3/auth/tokens', {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'demo', domain: { id: 'default' }, password: 'no' } },
        },
      },
    });
    expect(wrong).toMatchObject({
      status: 401,
      body: {
        error: {
          code: 401,
          message: 'The request you have made requires authentication.',
          title: 'Unauthorized',
        },
      },
    });
    expect((await client.nova('GET', 'servers')).status).toBe(200);
    await cloud.clock.advance('5h');
    expect((await client.nova('GET', 'servers')).status).toBe(401);
    const other = await new Client(cloud).login('demo');
    const gone = await other.send('DELETE', '/identity/v3/auth/tokens', undefined, {
      'X-Subject-Token': other.token,
    });
    expect(gone.status).toBe(204);
    expect((await other.neutron('GET', 'networks')).status).toBe(401);
  });

  test('a token without roles for its scope is refused; with them it carries roles and catalogue', async () => {
    const { cloud } = await setup();
    const reply = await new Client(cloud).send('POST', '/identity/v3/auth/tokens', {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'admin', domain: { name: 'Default' }, password: 'secret-of-sim' } },
        },
        scope: { system: { all: true } },
      },
    });
    expect(reply.body.token).toMatchObject({ system: { all: true } });
    expect(reply.body.token.catalog.map((service: { type: string }) => service.type)).toEqual(
      expect.arrayContaining(['identity', 'compute', 'network', 'block-storage', 'image', 'placement']),
    );
    const denied = await new Client(cloud).send('POST', '/identity/v3/auth/tokens', {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'demo', domain: { id: 'default' }, password: 'secret-of-sim' } },
        },
        scope: { project: { name: 'admin', domain: { id: 'default' } } },
      },
    });
    expect(denied.status).toBe(401);
  });

  test('an application credential has the roles of its maker', async () => {
    const { cloud, client } = await setup();
    const { user } = (
      await client.send('GET', '/identity/v3/auth/tokens', undefined, { 'X-Subject-Token': client.token })
    ).body.token;
    const made = await client.send('POST', `/identity/v3/users/${user.id}/application_credentials`, {
      application_credential: { name: 'robot' },
    });
    expect(made.status).toBe(201);
    const { id, secret } = made.body.application_credential;
    const reply = await new Client(cloud).send('POST', '/identity/v3/auth/tokens', {
      auth: { identity: { methods: ['application_credential'], application_credential: { id, secret } } },
    });
    expect(reply.status).toBe(201);
    expect(reply.body.token.project.name).toBe('demo');
  });

  test('members may not list users, nor make a project twice', async () => {
    const { cloud, client } = await setup();
    expect((await client.send('GET', '/identity/v3/users')).body.error.message).toBe(
      'You are not authorized to perform the requested action: identity:list_users.',
    );
    const admin = await new Client(cloud).login();
    expect((await admin.send('POST', '/identity/v3/projects', { project: { name: 'demo' } })).status).toBe(
      409,
    );
  });
});

describe('network', () => {
  test('addresses, overlaps, what is in use', async () => {
    const { client } = await setup();
    const network = (await client.neutron('POST', 'networks', { network: { name: 'n' } })).body.network;
    expect(network).toMatchObject({ status: 'ACTIVE', mtu: 1450, subnets: [] });
    expect(network).not.toHaveProperty('provider:network_type');
    const subnet = (
      await client.neutron('POST', 'subnets', {
        subnet: { network_id: network.id, cidr: '10.9.0.0/24', ip_version: 4 },
      })
    ).body.subnet;
    expect(subnet).toMatchObject({
      gateway_ip: '10.9.0.1',
      allocation_pools: [{ start: '10.9.0.2', end: '10.9.0.254' }],
    });
    const overlap = await client.neutron('POST', 'subnets', {
      subnet: { network_id: network.id, cidr: '10.9.0.0/25', ip_version: 4 },
    });
    expect(overlap.body.NeutronError).toMatchObject({ type: 'InvalidInput', detail: '' });
    const port = (await client.neutron('POST', 'ports', { port: { network_id: network.id } })).body.port;
    expect(port).toMatchObject({
      status: 'DOWN',
      fixed_ips: [{ subnet_id: subnet.id, ip_address: '10.9.0.2' }],
    });
    expect((await client.neutron('DELETE', `networks/${network.id}`)).body.NeutronError.type).toBe(
      'NetworkInUse',
    );
    expect((await client.neutron('DELETE', `ports/${port.id}`)).status).toBe(204);
    expect((await client.neutron('DELETE', `networks/${network.id}`)).status).toBe(204);
    expect(
      (await client.neutron('POST', 'networks', { network: { foo: 1 } })).body.NeutronError.message,
    ).toBe("Unrecognized attribute(s) 'foo'");
  });

  test('security groups: the default, duplicates, port ranges', async () => {
    const { client } = await setup();
    const [group] = (await client.neutron('GET', 'security-groups?name=default')).body.security_groups;
    expect(group.security_group_rules).toHaveLength(4);
    expect((await client.neutron('DELETE', `security-groups/${group.id}`)).body.NeutronError.type).toBe(
      'SecurityGroupCannotRemoveDefault',
    );
    const rule = {
      security_group_rule: {
        security_group_id: group.id,
        direction: 'ingress',
        protocol: 'tcp',
        port_range_min: 22,
        port_range_max: 22,
      },
    };
    const made = await client.neutron('POST', 'security-group-rules', rule);
    expect(made.status).toBe(201);
    expect((await client.neutron('POST', 'security-group-rules', rule)).body.NeutronError).toEqual({
      type: 'SecurityGroupRuleExists',
      message: `Security group rule already exists. Rule id is ${made.body.security_group_rule.id}.`,
      detail: '',
    });
  });

  test('a quota binds, and a page has links both ways', async () => {
    const { cloud, client } = await setup();
    const admin = await new Client(cloud).login();
    const project = (await admin.send('GET', '/identity/v3/projects?name=demo')).body.projects[0].id;
    await admin.neutron('PUT', `quotas/${project}`, { quota: { network: 1 } });
    expect(await client.neutron('POST', 'networks', { network: { name: 'q' } })).toMatchObject({
      status: 409,
      body: {
        NeutronError: {
          type: 'OverQuota',
          message: "Quota exceeded for resources: ['network'].",
          detail: '',
        },
      },
    });
    const page = (await client.neutron('GET', 'networks?limit=1&fields=id')).body;
    expect(Object.keys(page.networks[0])).toEqual(['id']);
    expect(page.networks_links.map((link: { rel: string }) => link.rel)).toEqual(['next', 'previous']);
  });
});

describe('block storage', () => {
  test('a volume, its snapshot, its backup, its restore, its end', async () => {
    const { cloud, client } = await setup();
    const volume = (await client.cinder('POST', 'volumes', { volume: { size: 2, name: 'data' } })).body
      .volume;
    expect(volume.status).toBe('creating');
    await cloud.clock.advance('2s');
    const show = async (kind: string, id: string) =>
      Object.values((await client.cinder('GET', `${kind}/${id}`)).body)[0];
    expect(await show('volumes', volume.id)).toMatchObject({
      status: 'available',
      'os-vol-tenant-attr:tenant_id': expect.any(String),
    });
    expect(await show('volumes', volume.id)).not.toHaveProperty('os-vol-host-attr:host');
    const snapshot = (await client.cinder('POST', 'snapshots', { snapshot: { volume_id: volume.id } })).body
      .snapshot;
    const backup = (await client.cinder('POST', 'backups', { backup: { volume_id: volume.id, name: 'b' } }))
      .body.backup;
    expect(await show('volumes', volume.id)).toMatchObject({ status: 'backing-up' });
    await cloud.clock.advance('20s');
    expect(await show('snapshots', snapshot.id)).toMatchObject({ status: 'available', size: 2 });
    expect(await show('backups', backup.id)).toMatchObject({ status: 'available' });
    expect((await client.cinder('DELETE', `volumes/${volume.id}`)).body.badRequest.message).toMatch(
      /^Invalid volume: Volume status must be available or error/,
    );
    const { restore } = (await client.cinder('POST', `backups/${backup.id}/restore`, { restore: {} })).body;
    expect(await show('volumes', restore.volume_id)).toMatchObject({ status: 'restoring-backup' });
    await cloud.clock.advance('20s');
    expect(await show('volumes', restore.volume_id)).toMatchObject({ status: 'available' });
    await client.cinder('DELETE', `snapshots/${snapshot.id}`);
    await cloud.clock.advance('2s');
    expect((await client.cinder('DELETE', `volumes/${volume.id}`)).status).toBe(202);
    await cloud.clock.advance('2s');
    expect((await client.cinder('GET', `volumes/${volume.id}`)).body).toEqual({
      itemNotFound: { code: 404, message: `Volume ${volume.id} could not be found.` },
    });
  });

  test('a quota answers 413, as Cinder does', async () => {
    const { client } = await setup();
    const reply = await client.cinder('POST', 'volumes', { volume: { size: 2000 } });
    expect(reply.status).toBe(413);
    expect(reply.headers.get('Retry-After')).toBe('0');
    expect(reply.body.overLimit).toEqual({
      code: 413,
      message:
        'VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested 2000G, quota is 1000G and 0G has been consumed.',
      retryAfter: '0',
    });
  });

  test('fields of later microversions are not shown', async () => {
    const { cloud, client } = await setup();
    const { id } = (await client.cinder('POST', 'volumes', { volume: { size: 1 } })).body.volume;
    await cloud.clock.advance('2s');
    expect((await client.cinder('GET', `volumes/${id}`, undefined, '3.0')).body.volume).not.toHaveProperty(
      'consumes_quota',
    );
    expect((await client.cinder('GET', `volumes/${id}`, undefined, '3.70')).body.volume).toHaveProperty(
      'consumes_quota',
      true,
    );
  });
});

describe('image', () => {
  const patch = { 'Content-Type': 'application/openstack-images-v2.1-json-patch' };

  test('bytes go in hashed and come out whole, from memory and from disk', async () => {
    const cloud = simulateCloud({ imageMemory: 1000 });
    const client = await new Client(cloud).login('demo', 'demo');
    for (const size of [10, 100_000]) {
      const bytes = new Uint8Array(size).fill(7);
      const { id } = (
        await client.glance('POST', 'images', { name: 'i', disk_format: 'raw', container_format: 'bare' })
      ).body;
      expect((await client.glance('GET', `images/${id}/file`)).status).toBe(204);
      expect(
        (
          await client.glance('PUT', `images/${id}/file`, bytes, {
            'Content-Type': 'application/octet-stream',
          })
        ).status,
      ).toBe(204);
      expect((await client.glance('GET', `images/${id}`)).body).toMatchObject({
        status: 'active',
        size,
        checksum: createHash('md5').update(bytes).digest('hex'),
        os_hash_algo: 'sha512',
        os_hash_value: createHash('sha512').update(bytes).digest('hex'),
      });
      const again = await client.glance('PUT', `images/${id}/file`, bytes, {
        'Content-Type': 'application/octet-stream',
      });
      expect(again.text).toContain('Image status transition from active to saving is not allowed');
      const down = await client.glance('GET', `images/${id}/file`);
      expect(down.headers.get('Content-MD5')).toBe(createHash('md5').update(bytes).digest('hex'));
      expect(down.text).toHaveLength(size);
      const part = await client.glance('GET', `images/${id}/file`, undefined, { Range: 'bytes=5-' });
      expect([part.status, part.text.length]).toEqual([206, size - 5]);
    }
    await cloud.close();
  });

  test('patches, protection, faults in plain text, and images of others', async () => {
    const { cloud, client } = await setup();
    const { id } = (await client.glance('POST', 'images', { name: 'i', foo: 'bar' })).body;
    const protect = await client.glance(
      'PATCH',
      `images/${id}`,
      [{ op: 'replace', path: '/protected', value: true }],
      patch,
    );
    expect(protect.body).toMatchObject({ protected: true, foo: 'bar' });
    expect(await client.glance('DELETE', `images/${id}`)).toMatchObject({
      status: 403,
      text: expect.stringContaining('is protected and cannot be deleted.'),
    });
    const missing = await client.glance(
      'PATCH',
      `images/${id}`,
      [{ op: 'replace', path: '/nope', value: 1 }],
      patch,
    );
    expect([missing.status, missing.headers.get('Content-Type')]).toEqual([409, 'text/plain; charset=UTF-8']);
    expect((await client.glance('POST', 'images', { visibility: 'public' })).text).toContain(
      'You are not authorized to complete publicize_image action.',
    );
    const service = await new Client(cloud).login('glance', 'service');
    expect((await service.glance('GET', `images/${id}`)).status).toBe(200);
    const made = await service.glance('POST', 'images', { name: 'private', visibility: 'private' });
    expect((await client.glance('GET', `images/${made.body.id}`)).status).toBe(404);
  });
});

test('releases differ in what they say of themselves', async () => {
  const old = await new Client(simulateCloud({ release: 'victoria' })).login();
  const recent = await new Client(simulateCloud({ release: '2026.1' })).login();
  const aliases = async (client: Client) =>
    (await client.neutron('GET', 'extensions')).body.extensions.map(
      (extension: { alias: string }) => extension.alias,
    );
  expect(await aliases(old)).not.toContain('security-groups-remote-address-group');
  expect(await aliases(recent)).toContain('security-groups-remote-address-group');
  const max = async (client: Client) => (await client.send('GET', '/compute')).body.versions[1].version;
  expect([await max(old), await max(recent)]).toEqual(['2.87', '2.103']);
  expect((await old.send('GET', '/image/versions')).body.versions[0].id).toBe('v2.11');
  const endpoint = async (client: Client) =>
    (await client.send('GET', '/identity/v3/auth/catalog')).body.catalog.find(
      (service: { type: string }) => service.type === 'block-storage',
    ).endpoints[0].url;
  expect(await endpoint(old)).toMatch(/\/volume\/v3\/[0-9a-f]{32}$/);
  expect(await endpoint(recent)).toMatch(/\/volume\/v3$/);
});

test('the same seed makes the same cloud', async () => {
  const ids = async (seed: number) =>
    (await (await new Client(simulateCloud({ seed })).login()).nova('GET', 'flavors')).text;
  expect(await ids(7)).toBe(await ids(7));
  expect(await ids(7)).not.toBe(await ids(8));
});

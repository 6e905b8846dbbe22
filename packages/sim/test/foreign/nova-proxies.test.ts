import { expect, test } from 'vitest';
import { simulateCloud } from '../../src/index.ts';
import { Client, parts } from '../client.ts';

/*
 * What the parity test (`live/nova-proxies.test.ts`) has not: what an administrator sees, what is only done later, and
 * other names of servers.
 */

test("a second address of a port, by Nova's older actions, comes after the answer", async () => {
  const cloud = simulateCloud();
  const client = await new Client(cloud).login('demo');
  const { flavor, image, network } = await parts(client);
  const { body } = await client.nova('POST', 'servers', {
    server: { name: 's', flavorRef: flavor, imageRef: image, networks: [{ uuid: network }] },
  });
  await cloud.clock.advance('1m');
  const id: string = body.server.id;
  const addresses = async () =>
    ((await client.nova('GET', `servers/${id}/ips`)).body.addresses.private as { addr: string }[]).map(
      ({ addr }) => addr,
    );
  const act = async (action: unknown, version = '2.43') =>
    (await client.nova('POST', `servers/${id}/action`, action, version)).status;
  const [first] = await addresses();
  expect(await act({ addFixedIp: {} })).toBe(400);
  expect(await act({ addFixedIp: { networkId: network } }, '2.44')).toBe(404);
  expect(await act({ addFixedIp: { networkId: network } })).toBe(202);
  expect(await addresses()).toEqual([first]);
  await cloud.clock.advance('1m');
  expect(await addresses()).toHaveLength(2);
  expect(await act({ removeFixedIp: { address: first } })).toBe(202);
  // Of one that it does not have nobody is told.
  expect(await act({ removeFixedIp: { address: '10.99.0.1' } })).toBe(202);
  await cloud.clock.advance('1m');
  expect(await addresses()).toHaveLength(1);
  expect(await addresses()).not.toContain(first);
});

test('hosts by their older name: what they have, and what each project has of them', async () => {
  const cloud = simulateCloud();
  const client = await new Client(cloud).login();
  const { hosts } = (await client.nova('GET', 'os-hosts', undefined, '2.42')).body;
  expect(hosts).toContainEqual({ host_name: 'compute-1', service: 'compute', zone: 'nova' });
  expect(hosts).toContainEqual({ host_name: 'controller-1', service: 'scheduler', zone: 'internal' });
  const show = await client.nova('GET', 'os-hosts/compute-1', undefined, '2.42');
  expect(show.body.host.map((row: { resource: { project: string } }) => row.resource.project)).toEqual([
    '(total)',
    '(used_now)',
    '(used_max)',
  ]);
  const put = await client.nova('PUT', 'os-hosts/compute-1', { status: 'disable' }, '2.42');
  expect(put.body).toEqual({ host: 'compute-1', status: 'disabled' });
  const left = (await client.nova('GET', 'os-hosts', undefined, '2.42')).body.hosts;
  expect(left.map((host: { host_name: string }) => host.host_name)).not.toContain('compute-1');
  expect((await client.nova('GET', 'os-hosts/nope', undefined, '2.42')).status).toBe(404);
  // libvirt cannot do it; the lab's fake driver can.
  expect((await client.nova('GET', 'os-hosts/compute-1/reboot', undefined, '2.42')).status).toBe(501);
});

test('servers by another name, extensions that are none, and what is not simulated', async () => {
  const client = await new Client(simulateCloud({ scenario: 'unhealthy' })).login();
  const servers = await client.nova('GET', 'servers/detail?all_tenants=1');
  const other = await client.nova('GET', 'os-volumes_boot/detail?all_tenants=1');
  expect(other.body).toEqual(JSON.parse(servers.text));
  const { extensions } = (await client.nova('GET', 'extensions')).body;
  expect(extensions).toHaveLength(99);
  expect((await client.nova('GET', 'extensions/os-floating-ips')).body.extension).toEqual(
    extensions.find((extension: { alias: string }) => extension.alias === 'os-floating-ips'),
  );
  expect((await client.nova('GET', 'extensions/nope')).status).toBe(404);
  expect((await client.nova('GET', 'os-baremetal-nodes', undefined, '2.1')).status).toBe(501);
  expect((await client.nova('DELETE', 'servers')).status).toBe(404);
});

test('an administrator sees the fields that nova-network had, and the groups of all projects', async () => {
  const cloud = simulateCloud();
  const admin = await new Client(cloud).login();
  const member = await new Client(cloud).login('demo');
  const networks = async (client: Client) => (await client.nova('GET', 'os-networks', undefined, '2.1')).body;
  expect(Object.keys((await networks(admin)).networks[0])).toHaveLength(32);
  expect(Object.keys((await networks(member)).networks[0])).toHaveLength(11);
  const groups = async (client: Client, query = '') =>
    (await client.nova('GET', `os-security-groups${query}`, undefined, '2.1')).body.security_groups;
  await groups(member);
  expect(await groups(admin)).toHaveLength(1);
  expect((await groups(admin, '?all_tenants=1')).length).toBeGreaterThan(1);
  expect(await groups(member, '?all_tenants=1')).toHaveLength(1);
  expect(await groups(admin, '?all_tenants=1&limit=1')).toHaveLength(1);
});

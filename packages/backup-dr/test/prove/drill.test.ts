import { type Cloud, connect } from '@groundcrew/core';
import { milliseconds } from '@groundcrew/ground';
import { simulateCloud } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import { readPoint, type TenantPoint } from '../../src/point.ts';
import { drillMark } from '../../src/prove/drill-project.ts';
import { drill, isRestoreProof, sweepDrills } from '../../src/prove.ts';

interface Estate {
  readonly cloud: Cloud;
  readonly point: TenantPoint;
  /** Everything that there is, of all projects. */
  readonly count: () => Promise<Readonly<Record<string, number>>>;
}

/** A project with a network, a group and a server, and an administrator. */
async function estate(): Promise<Estate> {
  const simulated = simulateCloud({ scenario: 'small' });
  const { connectOptions } = await simulated.listen();
  const cloud = connect({ ...connectOptions, clock: simulated.clock });
  const { id: project } = await cloud.identity.projects.find('demo');
  const demo = cloud.scoped({ project_id: project });
  onTestFinished(async () => {
    await demo[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
    await simulated.close();
  });
  const { id: network } = await demo.network.networks.create({ name: 'inner' });
  await demo.network.subnets.create({
    network_id: network,
    ip_version: 4,
    cidr: '10.9.0.0/24',
    name: 'inner',
  });
  const group = await demo.network.securityGroups.create({ name: 'web' });
  await demo.network.securityGroupRules.create({
    security_group_id: group.id,
    direction: 'ingress',
    protocol: 'tcp',
    port_range_min: 443,
    port_range_max: 443,
  });
  const flavor = await demo.compute.flavors.find('m1.nano');
  const image = await demo.image.images.find('cirros');
  const { id: server } = await demo.compute.at('2.74').servers.create({
    name: 'web-1',
    flavorRef: flavor.id,
    imageRef: image.id,
    networks: [{ uuid: network }],
    security_groups: [{ name: 'web' }],
  });
  await demo.compute.servers.waitFor(server, 'ACTIVE');
  const all = { all_tenants: true } as const;
  const lists = {
    servers: () => cloud.compute.servers.list(all),
    volumes: () => cloud.blockStorage.volumes.list(all),
    networks: () => cloud.network.networks.list(),
    ports: () => cloud.network.ports.list(),
    groups: () => cloud.network.securityGroups.list(),
    projects: () => cloud.identity.projects.list(),
  };
  return {
    cloud,
    point: await readPoint(cloud, { project }),
    async count() {
      const counts = Object.entries(lists).map(async ([name, list]) => {
        const things = await Array.fromAsync(list() as AsyncIterable<unknown>);
        return [name, things.length] as const;
      });
      return Object.fromEntries(await Promise.all(counts));
    },
  };
}

test('a point is restored beside what is there, asked, measured, and nothing is left', async () => {
  const { cloud, point, count } = await estate();
  const before = await count();
  const seen: string[] = [];
  const report = await drill(point, {
    on: cloud,
    id: 'point-1',
    mapping: { volumes: 'empty' },
    probes: [
      async ({ cloud: restored }) => {
        const servers = await Array.fromAsync(restored.compute.servers.list());
        seen.push(...servers.map(({ name }) => name));
        return { what: 'the web server', ok: servers.length > 0, because: `${servers.length} servers` };
      },
    ],
  });
  expect(report.refusals).toEqual([]);
  expect(report.outcome).toMatchObject({ status: 'succeeded' });
  expect(seen).toContain('web-1');
  expect(report.answers.every(({ ok }) => ok)).toBe(true);
  expect(report.rtoMs).toBeGreaterThan(0);
  expect(isRestoreProof(report.proof)).toBe(true);
  expect(report.leftOver).toEqual([]);
  expect(await count()).toEqual(before);
});

test('a probe that says no, or throws, proves nothing; and all is taken down', async () => {
  const { cloud, point, count } = await estate();
  const before = await count();
  const report = await drill(point, {
    on: cloud,
    id: 'point-1',
    mapping: { volumes: 'empty' },
    probes: [
      async () => {
        throw new RangeError('it does not answer');
      },
    ],
  });
  expect(report).toMatchObject({ proof: undefined, rtoMs: undefined });
  expect(report.answers.find(({ ok }) => !ok)).toMatchObject({ because: 'it does not answer' });
  expect(await count()).toEqual(before);
});

test('what cannot be planned is refused, and leaves nothing', async () => {
  const { cloud, point, count } = await estate();
  const before = await count();
  const report = await drill(point, {
    on: cloud,
    id: 'point-1',
    mapping: { flavors: { 'm1.nano': 'no-such' } },
  });
  expect(report.outcome).toBeUndefined();
  expect(report.refusals.length).toBeGreaterThan(0);
  expect(await count()).toEqual(before);
});

/** A project with a network in it, as a killed drill leaves one. */
async function leftBy(cloud: Cloud, mark: { readonly name: string; readonly description?: string }) {
  const { id } = await cloud.identity.projects.create({ ...mark });
  const user = (await cloud.token())?.user?.id ?? '';
  const role = await cloud.identity.roles.find('admin');
  await cloud.identity.projectUserRoles.assign({ project_id: id, user_id: user, role_id: role.id });
  await using there = cloud.scoped({ project_id: id });
  await there.network.networks.create({ name: 'left' });
}

test('what a killed drill left is swept', async () => {
  const { cloud, count } = await estate();
  const before = await count();
  await leftBy(cloud, drillMark('point-1', cloud.clock.now() - milliseconds('25h')));
  expect(await sweepDrills(cloud)).toEqual([]);
  expect(await count()).toEqual(before);
});

test.each([
  ['with a name that begins as a drill’s does', { name: 'groundcrew-drill-of-yesterday' }],
  ['with a drill’s name and no description', { name: drillMark('p', 0).name }],
  ['with a drill’s name and a description of its own', { ...drillMark('p', 0), description: 'ours' }],
  ['with a drill’s description and another name', { ...drillMark('p', 0), name: 'shop-2' }],
])('a project %s is nobody’s to sweep', async (_, mark) => {
  const { cloud, count } = await estate();
  await leftBy(cloud, mark);
  const before = await count();
  expect(await sweepDrills(cloud, { olderThan: 0 })).toEqual([]);
  expect(await count()).toEqual(before);
});

test('a drill that may still be running is not swept', async () => {
  const { cloud, count } = await estate();
  await leftBy(cloud, drillMark('point-1', cloud.clock.now() - milliseconds('2h')));
  const before = await count();
  expect(await sweepDrills(cloud)).toEqual([]);
  expect(await count()).toEqual(before);
  expect(await sweepDrills(cloud, { olderThan: '1h' })).toEqual([]);
  expect(await count()).not.toEqual(before);
});

test('a window of a sweep that is no duration is refused', async () => {
  const { cloud } = await estate();
  await expect(sweepDrills(cloud, { olderThan: 'soon' as never })).rejects.toMatchObject({
    field: 'olderThan',
  });
});

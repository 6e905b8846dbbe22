import { connect } from '@groundcrew/core';
import { status } from '@groundcrew/sim';
import { describe, expect, test } from 'vitest';
import { namedCycles, type PointResource, readPoint, type TenantPoint } from '../../src/point.ts';
import { siteOf } from './site.ts';
import { buildTenant, shop } from './tenant.ts';

const of = ({ resources }: TenantPoint, kind: string): readonly PointResource[] =>
  resources.filter((resource) => resource.kind === kind);

describe('reading', () => {
  test('everything that belongs to a project is in its point, with what it needs', async () => {
    const site = siteOf({ release: '2025.1' });
    const { cloud, id } = await site.project('shop');
    await buildTenant(cloud, shop);
    const point = await readPoint(cloud, { project: 'shop' });

    expect(point).toMatchObject({
      format: 'groundcrew.tenant-point',
      formatVersion: '1.2',
      completeness: 'complete',
      gaps: [],
      project: { id, name: 'shop' },
    });
    expect(point.lists.filter(({ completeness }) => completeness !== 'complete')).toEqual([
      { name: 'load balancers', completeness: 'unsupported', count: 0 },
    ]);
    const [server] = of(point, 'server');
    expect(server?.microversion).toMatch(/^2\.\d{2,3}$/);
    expect(server?.needs.map((need) => need.as).toSorted()).toEqual([
      'flavor',
      'key_pair',
      'port',
      'server_group',
      'volume',
    ]);
    expect(server?.wire).toMatchObject({ flavor: { original_name: 'm1.nano', vcpus: 1 }, image: '' });
    expect(of(point, 'keypair')[0]?.wire['public_key']).toMatch(/^ssh-ed25519 /);
    expect(of(point, 'floating-ip')[0]?.needs.map((need) => need.as)).toEqual([
      'floating_network',
      'port',
      'router',
    ]);
    // The external network is another project's, and there all the same.
    expect(point.external.map(({ kind, name, seen }) => [kind, name, seen])).toEqual(
      expect.arrayContaining([
        ['network', 'public', true],
        ['flavor', 'm1.nano', true],
        ['volume-type', 'ceph', true],
      ]),
    );
    expect(of(point, 'role-assignment')[0]?.wire).toMatchObject({
      role: { name: 'admin' },
      user: { name: 'admin' },
    });
    expect(of(point, 'compute-quota')[0]?.wire).toMatchObject({ instances: -1 });
  });

  test('an administrator of another project reads the same', async () => {
    const site = siteOf();
    const { cloud } = await site.project('shop');
    await buildTenant(cloud, shop);
    const own = await readPoint(cloud, { project: 'shop' });
    const outside = await readPoint(site.admin, { project: 'shop' });
    const named = (point: TenantPoint): string[] =>
      point.resources.map(({ kind, id }) => `${kind} ${id}`).toSorted();
    expect(outside.project).toEqual(own.project);
    expect(named(outside)).toEqual(named(own));
    expect(outside.completeness).toBe('complete');
  });

  test('groups that name each other and a router with its interface are named as circles', async () => {
    const site = siteOf();
    const { cloud } = await site.project('shop');
    await buildTenant(cloud, shop);
    const { cycles, resources } = await readPoint(cloud, { project: 'shop' });
    const kinds = cycles.map((cycle) => cycle.map(({ kind }) => kind).toSorted());
    expect(kinds).toContainEqual(['security-group', 'security-group']);
    expect(kinds).toContainEqual(['port', 'router']);
    // The group `default` names itself.
    expect(kinds).toContainEqual(['security-group']);
    expect(namedCycles(resources)).toEqual(cycles);
  });

  test.each([
    ['compute', 'servers.list', 'servers'],
    ['blockStorage', 'volumes.list', 'volumes'],
    ['network', 'ports.list', 'ports'],
    ['compute', 'quotaSets.get', 'compute quotas'],
    ['identity', 'roleAssignments.list', 'role assignments'],
  ] as const)(
    '%s %s is denied: the point is partial, and says so by its name',
    async (service, operation, name) => {
      const site = siteOf();
      const { cloud } = await site.project('shop');
      site.simulated.fault({ match: { service, operation }, reply: status(403) });
      const point = await readPoint(cloud, { project: 'shop' });
      expect(point.completeness).toBe('partial');
      expect(point.gaps.map(({ what, kind }) => [what, kind])).toContainEqual([name, 'denied']);
      expect(point.lists).toContainEqual({ name, completeness: 'denied', count: 0 });
    },
  );

  test('a list that breaks off in the middle is partial, never complete', async () => {
    const site = siteOf();
    const { cloud } = await site.project('shop');
    for (let number = 0; number < 3; number += 1)
      await cloud.network.ports.create({
        network_id: (await cloud.network.networks.create({ name: 'n' })).id,
      });
    site.simulated.fault({ match: { service: 'network', operation: 'ports.list' }, reply: status(500) });
    const point = await readPoint(cloud, { project: 'shop' });
    expect(point.completeness).toBe('partial');
    expect(point.lists).toContainEqual({ name: 'ports', completeness: 'failed', count: 0 });
  });

  test('who is no administrator is shown no user data and no roles: gaps, and no guesses', async () => {
    const site = siteOf({ scenario: 'unhealthy' });
    const demo = connect({
      auth: {
        auth_url: 'http://sim.test/identity/v3',
        username: 'demo',
        password: 'secret-of-sim',
        project_name: 'demo',
        user_domain_name: 'Default',
        project_domain_name: 'Default',
      },
      clock: site.simulated.clock,
      fetch: async (input, init) => site.simulated.handle(new Request(input, init)),
    });
    const point = await readPoint(demo, { project: 'demo' });
    expect(point.completeness).toBe('partial');
    expect(point.gaps.map(({ what }) => what).toSorted()).toEqual([
      'role assignments',
      'user data of 3 servers',
    ]);
    await expect(readPoint(demo, { project: 'admin' })).rejects.toThrow(
      /readPoint: project: .* and not admin/,
    );
  });

  test('user data are not kept, and that they were there is', async () => {
    const site = siteOf();
    const { cloud } = await site.project('shop');
    const image = await cloud.image.images.find('cirros');
    const flavor = await cloud.compute.flavors.find('m1.nano');
    await cloud.compute.at('2.37').servers.create({
      name: 's',
      imageRef: image.id,
      flavorRef: flavor.id,
      networks: 'none',
      user_data: Buffer.from('password: hunter2').toString('base64'),
    });
    const point = await readPoint(cloud, { project: 'shop' });
    expect(of(point, 'server')[0]?.withheld).toEqual(['OS-EXT-SRV-ATTR:user_data']);
    expect(JSON.stringify(point)).not.toContain(Buffer.from('password: hunter2').toString('base64'));
  });

  test('calls are those of pages: as many for many servers as for one', async () => {
    const calls = async (servers: number): Promise<number> => {
      const site = siteOf();
      const { cloud } = await site.project('shop');
      for (let number = 0; number < servers; number += 1)
        await buildTenant(cloud, {
          ...shop,
          routers: [],
          networks: [{ subnets: 1, dhcp: false, tags: [] }],
          floating: false,
          servers: shop.servers.map((server) => ({ ...server, key: false })),
        });
      const before = site.simulated.requests.all.length;
      await readPoint(cloud, { project: 'shop' });
      return site.simulated.requests.all.length - before;
    };
    expect(await calls(6)).toBe(await calls(1));
  });

  test('1,100 volumes are two pages, and one call more than one page', async () => {
    const calls = async (volumes: number): Promise<number> => {
      const site = siteOf();
      const { cloud } = await site.project('shop');
      for (let number = 0; number < volumes; number += 1)
        await cloud.blockStorage.volumes.create({ name: `v-${number}`, size: 1 });
      const before = site.simulated.requests.all.length;
      const point = await readPoint(cloud, { project: 'shop' });
      expect(of(point, 'volume').length).toBe(volumes);
      return site.simulated.requests.all.length - before;
    };
    expect(await calls(1_100)).toBe((await calls(1)) + 1);
  });
});

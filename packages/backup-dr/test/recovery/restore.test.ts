import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPoint, withVolumeBytes } from '../../src/point.ts';
import { planRestore, readTarget, type VolumeWriter } from '../../src/restore.ts';
import { carriedOut, plannedInto, pointOf } from './restoring.ts';
import { siteOf } from './site.ts';
import { buildTenant, shop, type TenantSpec, tenantSpecs } from './tenant.ts';
import { topologyOf } from './topology.ts';

describe('a tenant comes back', () => {
  test('in another project of the same cloud: the same topology, with other ids', async () => {
    const site = siteOf({ release: '2025.1' });
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('shop-dr');
    const outcome = await carriedOut(await plannedInto(target, point), target.cloud);
    expect(outcome).toMatchObject({ status: 'succeeded' });
    const restored = await readPoint(target.cloud, { project: 'shop-dr' });
    expect(topologyOf(restored)).toEqual(topologyOf(point));
    const ids = new Set(
      point.resources
        .filter(({ kind }) => kind !== 'keypair' && kind !== 'role-assignment')
        .map(({ id }) => id),
    );
    expect(restored.resources.filter(({ id }) => ids.has(id))).toEqual([]);
  });

  test('on another cloud, of another release', async () => {
    const here = siteOf({ release: '2025.1', seed: 1 });
    const there = siteOf({ release: 'victoria', seed: 2 });
    const point = await pointOf(here, 'shop', shop);
    const target = await there.project('shop');
    const mapping = { networks: { public: 'public' }, images: { cirros: 'cirros' } };
    const outcome = await carriedOut(await plannedInto(target, point, mapping), target.cloud);
    expect(outcome).toMatchObject({ status: 'succeeded' });
    expect(topologyOf(await readPoint(target.cloud, { project: 'shop' }))).toEqual(topologyOf(point));
  });

  test('whatever it is: names that are equal, empty or hostile, circles of groups, routers on one subnet', async () => {
    await fc.assert(
      fc.asyncProperty(tenantSpecs, async (spec) => {
        const site = siteOf();
        const point = await pointOf(site, 'any', spec);
        const target = await site.project('other');
        const plan = await plannedInto(target, point);
        expect(await carriedOut(plan, target.cloud)).toMatchObject({ status: 'succeeded' });
        expect(topologyOf(await readPoint(target.cloud, { project: 'other' }))).toEqual(topologyOf(point));
      }),
      { numRuns: 15 },
    );
  });

  test('with a second router on a subnet, whose port a person made: it has the group `default`, and so it has again', async () => {
    const two: TenantSpec = {
      ...shop,
      routers: [
        { subnets: [0], gateway: false },
        { subnets: [0], gateway: false },
      ],
      floating: false,
    };
    const site = siteOf();
    const point = await pointOf(site, 'two', two);
    const groups = point.resources.filter(
      ({ kind, needs }) =>
        kind === 'port' &&
        needs.some(({ kind: of }) => of === 'router') &&
        needs.some(({ as }) => as === 'security_group'),
    );
    expect(groups).toHaveLength(1);
    const target = await site.project('other');
    expect(await carriedOut(await plannedInto(target, point), target.cloud)).toMatchObject({
      status: 'succeeded',
    });
    expect(topologyOf(await readPoint(target.cloud, { project: 'other' }))).toEqual(topologyOf(point));
  });

  test('with 5,000 rules in a group', async () => {
    const site = siteOf();
    const { cloud } = await site.project('many');
    await cloud.network.securityGroups.create({ name: 'many' });
    const { network } = site.simulated.state;
    const group = network.entities.security_groups.find((one) => one['name'] === 'many');
    if (group === undefined) throw new Error('no group');
    // Not by the API, which compares each new rule with all others.
    for (let port = 1; port <= 5_000; port += 1)
      network.addRule(group, {
        protocol: 'tcp',
        port_range_min: port,
        port_range_max: port,
        description: '',
      });
    const point = await readPoint(cloud, { project: 'many' });
    const target = await site.project('others');
    expect(await carriedOut(await plannedInto(target, point), target.cloud)).toMatchObject({
      status: 'succeeded',
    });
    expect(topologyOf(await readPoint(target.cloud, { project: 'others' }))).toEqual(topologyOf(point));
  }, 180_000);

  test('a group whose rules for what goes out were taken away has none again', async () => {
    // Neutron gives a new group two of its own, and a migration that adds to them opens what was closed (os-migrate/os-migrate 172).
    const site = siteOf();
    const { cloud } = await site.project('closed');
    const group = await cloud.network.securityGroups.create({ name: 'closed' });
    for (const { id } of group.security_group_rules) await cloud.network.securityGroupRules.delete({ id });
    const point = await readPoint(cloud, { project: 'closed' });
    const target = await site.project('t');
    expect(await carriedOut(await plannedInto(target, point), target.cloud)).toMatchObject({
      status: 'succeeded',
    });
    const restored = await Array.fromAsync(
      target.cloud.network.securityGroups.list({ name: 'closed', project_id: target.id }),
    );
    expect(restored.map((one) => one.security_group_rules)).toEqual([[]]);
  });

  test('DHCP stays off until every port of a subnet has its address, and servers start after it', async () => {
    // Its own port takes an address as soon as the subnet is there, and it was that of a server (MirantisWorkloadMobility/CloudFerry
    // 140 and 185).
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('t');
    const { steps } = await plannedInto(target, point);
    const named = (start: string): string[] => steps.flatMap(({ id }) => (id.startsWith(start) ? [id] : []));
    const needsOf = (id: string): readonly string[] => steps.find((step) => step.id === id)?.needs ?? [];
    expect(steps.find(({ id }) => id === 'subnet-1')?.input).toMatchObject({ body: { enable_dhcp: false } });
    expect(needsOf('dhcp-1').toSorted()).toEqual(
      [...named('interface-'), ...named('port-'), 'subnet-1'].toSorted(),
    );
    expect(needsOf('server-1')).toContain('dhcp-1');
    const last = steps.map(({ id }) => id);
    expect(last.indexOf('dhcp-1')).toBeGreaterThan(Math.max(...named('port-').map((id) => last.indexOf(id))));
  });

  test('only what was asked for, with what it needs', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('part');
    const plan = await plannedInto(target, point, { only: [{ kind: 'security-group', name: 'shop' }] });
    expect(await carriedOut(plan, target.cloud)).toMatchObject({ status: 'succeeded' });
    const restored = await readPoint(target.cloud, { project: 'part' });
    const kinds = topologyOf(restored).map((line) => line.split(' ')[0]);
    expect(new Set(kinds)).toEqual(new Set(['security-group']));
    expect(topologyOf(restored)).toEqual(
      topologyOf(point).filter((line) => line.startsWith('security-group')),
    );
  });

  test('every made thing carries the run and the step', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('shop-dr');
    await carriedOut(await plannedInto(target, point), target.cloud);
    const { resources } = await readPoint(target.cloud, { project: 'shop-dr' });
    const marked = resources.filter(({ wire }) =>
      /groundcrew:[\w-]+:[a-z-]+-\d+/.test(JSON.stringify([wire['tags'], wire['metadata']])),
    );
    expect(new Set(marked.map(({ kind }) => kind))).toEqual(
      new Set(['server', 'volume', 'network', 'subnet', 'router', 'port', 'security-group', 'floating-ip']),
    );
  });

  test('a restored project is itself restored: marks of an earlier restore do not count', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const first = await site.project('first');
    await carriedOut(await plannedInto(first, point), first.cloud);
    const again = await readPoint(first.cloud, { project: 'first' });
    const second = await site.project('second');
    expect(await carriedOut(await plannedInto(second, again), second.cloud)).toMatchObject({
      status: 'succeeded',
    });
    expect(topologyOf(await readPoint(second.cloud, { project: 'second' }))).toEqual(topologyOf(point));
  });

  test('bytes of volumes are written by the writer, before a server boots from them', async () => {
    const site = siteOf();
    const { cloud } = await site.project('shop');
    await buildTenant(cloud, shop);
    const bare = await readPoint(cloud, { project: 'shop' });
    const volume = bare.resources.find(({ kind }) => kind === 'volume');
    const point = withVolumeBytes(bare, [
      { kind: 'volume', id: volume?.id ?? '', bytes: { repository: 'r', stream: 'v/1', size: 1024 ** 3 } },
    ]);
    const target = await site.project('shop-dr');
    const seen = await readTarget(target.cloud, { project: 'shop-dr' });
    const restore = planRestore(point, seen, { project: 'shop-dr' });
    if (!restore.ok) throw new Error(JSON.stringify(restore.refusals));
    const without = await carriedOut(restore.plan, target.cloud);
    expect(without).toMatchObject({ status: 'failed' });
    expect(JSON.stringify(without)).toContain('restore.no-writer');

    const other = await site.project('shop-dr-2');
    const written: unknown[] = [];
    const writer: VolumeWriter = {
      async write({ id }, bytes) {
        const servers = await Array.fromAsync(other.cloud.compute.servers.list());
        const { status } = await other.cloud.blockStorage.volumes.get({ id });
        written.push([bytes.stream, status, servers.length]);
        return { bytes: bytes.size };
      },
    };
    const again = planRestore(point, await readTarget(other.cloud, { project: 'shop-dr-2' }), {
      project: 'shop-dr-2',
    });
    if (!again.ok) throw new Error(JSON.stringify(again.refusals));
    expect(await carriedOut(again.plan, other.cloud, writer)).toMatchObject({ status: 'succeeded' });
    expect(written).toEqual([['v/1', 'available', 0]]);
  });

  test('the project that the plan is for is asked before anything is made', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('shop-dr');
    const plan = await plannedInto(target, point);
    const other = await site.project('wrong');
    const outcome = await carriedOut(plan, other.cloud);
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(JSON.stringify(outcome)).toContain('restore.other-project');
    expect(
      (await readPoint(other.cloud, { project: 'wrong' })).resources.map(({ kind }) => kind),
    ).not.toContain('network');
  });
});

test('a plan says what a point does not have', async () => {
  const site = siteOf();
  const point = await pointOf(site, 'shop', shop);
  const target = await site.project('t');
  const partial = {
    ...point,
    completeness: 'partial' as const,
    gaps: [{ what: 'stacks', kind: 'unsupported' as const, why: 'none', remedy: undefined, requestIds: [] }],
  };
  const { warnings } = await plannedInto(target, partial);
  expect(warnings).toContain('The point is partial: stacks could not be seen, and cannot come back');
  expect(warnings).toContain('volume shop is made empty: its bytes are not in the point');
});

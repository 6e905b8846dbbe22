import { describe, expect, test } from 'vitest';
import { readPoint } from '../../src/point.ts';
import { planRestore, readTarget, type RestoreMapping } from '../../src/restore.ts';
import { carriedOut, plannedInto, pointOf, refusalsOf } from './restoring.ts';
import { siteOf } from './site.ts';
import { shop } from './tenant.ts';
import { topologyOf } from './topology.ts';

describe('refusals', () => {
  test('a volume without bytes, unless volumes are made empty', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('t');
    const refusals = await refusalsOf(target, point, { volumes: undefined });
    expect(refusals.map(({ code }) => code)).toContain('volume-bytes-missing');
  });

  test('quotas, each with its numbers', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('t');
    await site.admin.compute.at('2.79').quotaSets.update({ id: target.id, instances: 0, ram: 100 });
    await site.admin.network.quotas.update({ project_id: target.id, port: 2 });
    await site.admin.blockStorage.quotaSets.update({ id: target.id, gigabytes: 0 });
    const refusals = await refusalsOf(target, point);
    expect(
      refusals
        .filter(({ code }) => code === 'quota')
        .map(({ reason }) => reason)
        .toSorted(),
    ).toEqual([
      'gigabytes of Cinder: 1 are needed, and 0 of 0 are free',
      'instances of Nova: 1 are needed, and 0 of 0 are free',
      'port of Neutron: 3 are needed, and 2 of 2 are free',
      'ram of Nova: 128 are needed, and 100 of 100 are free',
    ]);
  });

  test('names that are taken, unless replaced or given a prefix', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('t');
    const { id: network } = await target.cloud.network.networks.create({ name: 'shop' });
    const { id: volume } = await target.cloud.blockStorage.volumes.create({ name: 'shop', size: 1 });
    await target.cloud.blockStorage.volumes.waitFor(volume, 'available');
    const refusals = await refusalsOf(target, point);
    expect(refusals.map(({ code }) => code)).toEqual(['name-taken', 'name-taken']);
    expect(refusals.map(({ reason }) => reason)).toEqual([
      `the target has a volume shop already (${volume})`,
      `the target has a network shop already (${network})`,
    ]);
    // A network has too much hanging on it to be replaced.
    const replacing = await refusalsOf(target, point, {
      replace: [
        { kind: 'volume', name: 'shop' },
        { kind: 'network', name: 'shop' },
      ],
    });
    expect(replacing.map(({ reason }) => reason)).toEqual([
      `the target has a network shop already (${network})`,
    ]);
    const plan = await plannedInto(target, point, { names: { prefix: 'dr-' } });
    expect(await carriedOut(plan, target.cloud)).toMatchObject({ status: 'succeeded' });
    const names = (await Array.fromAsync(target.cloud.network.networks.list({ project_id: target.id }))).map(
      ({ name }) => name,
    );
    expect(names.toSorted()).toEqual(['dr-shop', 'shop']);
    // Nothing that was there has changed.
    expect((await target.cloud.blockStorage.volumes.get({ id: volume })).name).toBe('shop');
  });

  test('what replace names is deleted, and nothing else', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('t');
    const old = await target.cloud.blockStorage.volumes.create({ name: 'shop', size: 1 });
    const kept = await target.cloud.blockStorage.volumes.create({ name: 'kept', size: 1 });
    for (const { id } of [old, kept]) await target.cloud.blockStorage.volumes.waitFor(id, 'available');
    const plan = await plannedInto(target, point, { replace: [{ kind: 'volume', id: old.id }] });
    expect(await carriedOut(plan, target.cloud)).toMatchObject({ status: 'succeeded' });
    const ids = (await Array.fromAsync(target.cloud.blockStorage.volumes.list())).map(({ id }) => id);
    expect(ids).toContain(kept.id);
    expect(ids).not.toContain(old.id);
  });

  test('the group `default` with rules of its own, unless replaced', async () => {
    const site = siteOf();
    const { cloud } = await site.project('shop');
    const all = await Array.fromAsync(
      cloud.network.securityGroups.list({ project_id: (await cloud.token())?.project?.id, name: 'default' }),
    );
    await cloud.network.securityGroupRules.create({
      security_group_id: all[0]?.id ?? '',
      direction: 'ingress',
      protocol: 'tcp',
      port_range_min: 22,
      port_range_max: 22,
    });
    const point = await readPoint(cloud, { project: 'shop' });
    const target = await site.project('t');
    expect((await refusalsOf(target, point)).map(({ code }) => code)).toEqual(['name-taken']);
    const plan = await plannedInto(target, point, { replace: [{ kind: 'security-group', name: 'default' }] });
    expect(await carriedOut(plan, target.cloud)).toMatchObject({ status: 'succeeded' });
    expect(topologyOf(await readPoint(target.cloud, { project: 't' }))).toEqual(topologyOf(point));
  });

  test('no such flavor, with the closest as its remedy; a type, an image, an external network that are not there', async () => {
    const here = siteOf({ seed: 1 });
    const there = siteOf({ seed: 2 });
    const point = await pointOf(here, 'shop', {
      ...shop,
      servers: shop.servers.map((server) => ({ ...server, boot: 'image' as const })),
    });
    const nano = await there.admin.compute.flavors.find('m1.nano');
    await there.admin.compute.flavors.delete({ id: nano.id });
    const type = point.external.find(({ kind }) => kind === 'volume-type');
    const renamed = {
      ...point,
      external: point.external.map((thing) => (thing === type ? { ...thing, id: 'gold' } : thing)),
      resources: point.resources.map((resource) => ({
        ...resource,
        needs: resource.needs.map((need) => (need.kind === 'volume-type' ? { ...need, id: 'gold' } : need)),
      })),
    };
    const target = await there.project('t');
    const refusals = await refusalsOf(target, renamed);
    const byCode = new Map(refusals.map((refusal) => [refusal.code, refusal]));
    expect([...byCode.keys()].toSorted()).toEqual([
      'external-network-unmapped',
      'no-such-flavor',
      'no-such-type',
    ]);
    expect(byCode.get('no-such-flavor')?.remedy).toContain('The closest is m1.tiny');
    expect(byCode.get('no-such-type')?.remedy).toContain('ceph');
    expect(byCode.get('external-network-unmapped')?.remedy).toContain('public');
    const mapped = await refusalsOf(target, renamed, {
      flavors: 'closest',
      types: { gold: 'ceph' },
      networks: { public: 'public' },
    });
    expect(mapped).toEqual([]);
  });

  test('an image whose bytes the target does not have', async () => {
    const here = siteOf({ seed: 1 });
    const there = siteOf({ seed: 2 });
    const { cloud } = await here.project('shop');
    const { id } = await cloud.image.images.create({
      name: 'own',
      disk_format: 'raw',
      container_format: 'bare',
    });
    await cloud.image.data.upload({ id }, new TextEncoder().encode('bytes of its own'));
    const flavor = await cloud.compute.flavors.find('m1.nano');
    await cloud.compute
      .at('2.37')
      .servers.create({ name: 's', imageRef: id, flavorRef: flavor.id, networks: 'none' });
    const point = await readPoint(cloud, { project: 'shop' });
    const target = await there.project('t');
    expect((await refusalsOf(target, point)).map(({ code }) => code)).toEqual(['image-missing']);
    expect(await refusalsOf(target, point, { images: { own: 'cirros' } })).toEqual([]);
  });

  test('a key pair that is another one in the target, and one whose key is not in the point', async () => {
    const here = siteOf({ seed: 1 });
    const there = siteOf({ seed: 2 });
    const point = await pointOf(here, 'shop', shop);
    const target = await there.project('t');
    await target.cloud.compute.keypairs.create({
      name: 'key',
      public_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEz other',
    });
    const networks = { public: 'public' };
    expect((await refusalsOf(target, point, { networks })).map(({ code }) => code)).toEqual(['name-taken']);
    expect(
      await refusalsOf(target, point, { networks, replace: [{ kind: 'keypair', name: 'key' }] }),
    ).toEqual([]);
    expect(await refusalsOf(target, point, { networks, names: { prefix: 'dr-' } })).toEqual([]);
    const keyless = { ...point, resources: point.resources.filter(({ kind }) => kind !== 'keypair') };
    expect((await refusalsOf(target, keyless, { networks })).map(({ code }) => code)).toEqual([
      'key-missing',
    ]);
  });

  test('addresses that are to be the same and are taken', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('t');
    // The floating IP is still the first project's.
    const refusals = await refusalsOf(target, point, { addresses: 'same' });
    expect(refusals.map(({ code }) => code)).toEqual(['address-taken']);
  });

  test('a field that an older release does not know, unless it may be lost', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('t');
    const seen = await readTarget(target.cloud, { project: 't' });
    const older = { ...seen, microversions: { ...seen.microversions, compute: '2.40' } };
    const planned = (mapping: Partial<RestoreMapping>) =>
      planRestore(point, older, { project: 't', volumes: 'empty', ...mapping });
    const refused = planned({});
    expect(refused.ok ? [] : refused.refusals.map(({ code, reason }) => [code, reason])).toEqual([
      [
        'older-release',
        'server shop has tags, which takes microversion 2.52 of Nova, and the target does not have it',
      ],
    ]);
    const lossy = planned({ without: ['tags'] });
    expect(lossy.ok && lossy.plan.warnings).toContain('server shop is restored without its tags');
  });

  test('a list of the target that was not seen: nothing is decided without it', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('t');
    const seen = await readTarget(target.cloud, { project: 't' });
    const blind = { ...seen, servers: { ...seen.servers, completeness: 'denied' as const, value: [] } };
    const restore = planRestore(point, blind, { project: 't', volumes: 'empty' });
    expect(restore.ok ? [] : restore.refusals.map(({ code }) => code)).toEqual(['unseen']);
  });

  test('what only names and is not there, another project, a misspelt mapping', async () => {
    const site = siteOf();
    const point = await pointOf(site, 'shop', shop);
    const target = await site.project('t');
    expect(
      (await refusalsOf(target, point, { only: [{ kind: 'server', name: 'nobody' }] })).map(
        ({ code }) => code,
      ),
    ).toEqual(['not-in-point']);
    expect((await refusalsOf(target, point, { project: 'u' })).map(({ code }) => code)).toEqual([
      'other-project',
    ]);
    const seen = await readTarget(target.cloud, { project: 't' });
    expect(() => planRestore(point, seen, { project: 't', flavours: 'closest' } as never)).toThrow(
      'flavours',
    );
  });
});

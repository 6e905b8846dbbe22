import { type Cloud, isForbidden, isMicroversionError, isOverLimit } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, asMember, unique, type ParityCloud, parityClouds } from './parity-clouds.ts';

/** A project in which the administrator may do everything, and the quota nothing. */
async function exhaustedProject(parityCloud: ParityCloud, clean: CleanUp): Promise<Cloud> {
  const admin = await asAdmin(parityCloud);
  const token = await admin.token();
  const project = await admin.identity.projects.create({ name: unique('project'), domain_id: 'default' });
  clean.later(() => admin.identity.projects.delete({ id: project.id }));
  const role = await admin.identity.roles.find('admin');
  await admin.identity.projectUserRoles.assign({
    project_id: project.id,
    user_id: token?.user?.id ?? '',
    role_id: role.id,
  });
  await admin.compute.quotaSets.update({ id: project.id, instances: 0 });
  await admin.blockStorage.quotaSets.update({ id: project.id, volumes: 0 });
  await admin.network.quotas.update({ project_id: project.id, network: 0 });
  return admin.scoped({ project_id: project.id });
}

describe.each(parityClouds)('limits on $name', (parityCloud) => {
  test('a used-up quota is over-limit, whichever status its service has for it', async () => {
    const clean = new CleanUp();
    const cloud = await exhaustedProject(parityCloud, clean);
    const flavor = (await Array.fromAsync(cloud.compute.flavors.list()))[0];
    const image = await cloud.image.images.create({
      name: unique('image'),
      disk_format: 'raw',
      container_format: 'bare',
    });
    clean.later(() => cloud.image.images.delete({ id: image.id }));
    await cloud.image.data.upload({ id: image.id }, new Uint8Array(1024));
    const compute = cloud.compute.at('2.37');
    const server = await compute.servers
      .create({ name: 'x', imageRef: image.id, flavorRef: flavor?.id ?? '', networks: 'none' })
      .catch((caught: unknown) => caught);
    expect(isOverLimit(server)).toBe(true);
    expect(server).toMatchObject({
      status: 403,
      fault: {
        type: 'forbidden',
        message: expect.stringMatching(
          /^Quota exceeded for instances: Requested 1, but already used 0 of 0 instances/,
        ),
      },
    });
    const volume = await cloud.blockStorage.volumes.create({ size: 1 }).catch((caught: unknown) => caught);
    expect(isOverLimit(volume)).toBe(true);
    expect(volume).toMatchObject({
      status: 413,
      fault: {
        type: 'overLimit',
        message: expect.stringContaining('Maximum number of volumes allowed (0) exceeded'),
      },
    });
    const network = await cloud.network.networks.create({ name: 'x' }).catch((caught: unknown) => caught);
    expect(isOverLimit(network)).toBe(true);
    expect(network).toMatchObject({
      status: 409,
      fault: {
        type: 'OverQuota',
        message: expect.stringContaining("Quota exceeded for resources: ['network']"),
      },
    });
  });

  test("a member is forbidden what is the administrator's", async () => {
    const { compute, identity, placement } = await asMember(parityCloud);
    const services = await Array.fromAsync(compute.services.list()).catch((caught: unknown) => caught);
    expect(isForbidden(services)).toBe(true);
    expect(services).toMatchObject({
      fault: {
        type: 'forbidden',
        message: expect.stringContaining(
          "Policy doesn't allow os_compute_api:os-services:list to be performed.",
        ),
      },
    });
    const all = await Array.fromAsync(compute.servers.list({ all_tenants: true })).catch(
      (caught: unknown) => caught,
    );
    expect(isForbidden(all)).toBe(true);
    const users = await Array.fromAsync(identity.users.list()).catch((caught: unknown) => caught);
    expect(isForbidden(users)).toBe(true);
    expect(users).toMatchObject({
      fault: {
        type: 'Forbidden',
        message: expect.stringContaining(
          'You are not authorized to perform the requested action: identity:list_users.',
        ),
      },
    });
    const providers = await Array.fromAsync(placement.resourceProviders.list()).catch(
      (caught: unknown) => caught,
    );
    expect(isForbidden(providers)).toBe(true);
  });
});

describe.each(parityClouds)('microversions on $name', (parityCloud) => {
  test('a flavor is a reference before 2.47 and embedded from then on', async () => {
    const cloud = await asAdmin(parityCloud);
    const [flavor] = await Array.fromAsync(cloud.compute.flavors.list());
    expect(flavor).not.toHaveProperty('extra_specs');
    const [described] = await Array.fromAsync(cloud.compute.at('2.61').flavors.list());
    expect(described).toMatchObject({ description: null, extra_specs: expect.any(Object) });
  });

  test('hypervisors have numbers before 2.53 and UUIDs from then on', async () => {
    const { compute } = await asAdmin(parityCloud);
    const [old] = await Array.fromAsync(compute.at('2.52').hypervisors.list());
    const [now] = await Array.fromAsync(compute.at('2.53').hypervisors.list());
    expect(old?.id).toBeTypeOf('number');
    expect(now?.id).toMatch(/^[0-9a-f-]{36}$/);
    const [newest] = await Array.fromAsync(compute.at('2.88').hypervisors.list());
    expect(newest).not.toHaveProperty('vcpus');
  });

  test('what the service does not speak is an error with the range that it does', async () => {
    const cloud = await asAdmin(parityCloud);
    const error = await cloud.compute
      .at('2.999')
      .servers.get({ id: 'x' })
      .catch((caught: unknown) => caught);
    expect(isMicroversionError(error)).toBe(true);
    expect(error).toMatchObject({ asked: '2.999', supported: { min: '2.1', max: '2.93' } });
    expect(await cloud.supports('compute', '2.93')).toBe(true);
    expect(await cloud.supports('compute', '2.94')).toBe(false);
    const block = await Array.fromAsync(cloud.blockStorage.at('3.999').volumes.list()).catch(
      (caught: unknown) => caught,
    );
    expect(block).toMatchObject({ code: 'microversion', supported: { min: '3.0', max: '3.70' } });
    const placement = await Array.fromAsync(cloud.placement.at('1.999').resourceProviders.list()).catch(
      (caught: unknown) => caught,
    );
    expect(placement).toMatchObject({ code: 'microversion', supported: { min: '1.0', max: '1.39' } });
  });
});

import { isBadRequest, isConflict, isNotFound } from '@groundcrew/core';
import { ensureLab } from '@groundcrew/lab';
import { beforeAll, describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, asMember, type ParityCloud, parityClouds, unique } from './parity-clouds.ts';

// The lab's core has no Octavia. Its amphorae are Octavia's own no-op drivers: they are rows of its database.
beforeAll(() => ensureLab({ only: 'full' }), 1_800_000);

const caughtBy = async (wrong: Promise<unknown>): Promise<unknown> => wrong.catch((error: unknown) => error);

/** A load balancer of the administrator's project, that is ACTIVE. */
async function balancer(parityCloud: ParityCloud, clean: CleanUp) {
  const cloud = await asAdmin(parityCloud);
  const { loadBalancers } = cloud.loadBalancer;
  const name = unique('balancer');
  const network = await cloud.network.networks.create({ name });
  clean.later(() => cloud.network.networks.delete({ id: network.id }));
  const subnet = await cloud.network.subnets.create({
    network_id: network.id,
    ip_version: 4,
    cidr: '10.109.0.0/24',
  });
  const made = await loadBalancers.create({ name, vip_subnet_id: subnet.id });
  expect(made).toMatchObject({ name, provisioning_status: 'PENDING_CREATE', operating_status: 'OFFLINE' });
  clean.later(async () => {
    await loadBalancers.delete({ id: made.id }, { missingOk: true });
    await loadBalancers.waitGone(made.id, { interval: 300 });
  });
  const active = await loadBalancers.waitFor(made.id, 'ACTIVE', { interval: 300 });
  return { cloud, loadBalancers, active, subnet };
}

describe.each(parityClouds)('load balancers on $name', (parityCloud) => {
  test('made, shown, listed, found; gone', async () => {
    const clean = new CleanUp();
    const { loadBalancers, active, subnet } = await balancer(parityCloud, clean);
    expect(active).toMatchObject({ vip_subnet_id: subnet.id, admin_state_up: true, provider: 'amphora' });
    const listed = await Array.fromAsync(loadBalancers.list({ provisioning_status: 'ACTIVE', limit: 1 }));
    expect(listed.map(({ id }) => id)).toContain(active.id);
    expect((await loadBalancers.find(active.name ?? '')).id).toBe(active.id);
    await loadBalancers.delete({ id: active.id });
    const again = await caughtBy(loadBalancers.delete({ id: active.id }));
    // While it goes away it is immutable; once it is gone it is not found.
    expect(isConflict(again) || isNotFound(again)).toBe(true);
    await loadBalancers.waitGone(active.id, { interval: 300 });
    expect(isNotFound(await caughtBy(loadBalancers.get({ id: active.id })))).toBe(true);
  });

  test('a member is shown its own, and no amphorae', async () => {
    const clean = new CleanUp();
    const { active } = await balancer(parityCloud, clean);
    const { loadBalancer } = await asMember(parityCloud);
    const own = await caughtBy(Array.fromAsync(loadBalancer.loadBalancers.list()));
    const ids = Array.isArray(own) ? own.map(({ id }: { readonly id: string }) => id) : ['refused'];
    expect(ids).not.toContain(active.id);
    await expect(Array.fromAsync(loadBalancer.amphorae.list())).rejects.toMatchObject({ status: 403 });
  });

  test('without a network, a subnet or a port there is none', async () => {
    const { loadBalancer } = await asAdmin(parityCloud);
    const wrong = await caughtBy(loadBalancer.loadBalancers.create({ name: unique('nowhere') }));
    expect(isBadRequest(wrong)).toBe(true);
  });
});

test('the fields of a load balancer and of an amphora are the same on both', async () => {
  const clean = new CleanUp();
  const [sim, lab] = await Promise.all(
    parityClouds.map(async (parityCloud) => {
      const { cloud, active } = await balancer(parityCloud, clean);
      const [amphora] = await Array.fromAsync(
        cloud.loadBalancer.amphorae.list({ loadbalancer_id: active.id }),
      );
      return [active, amphora].map((one) => Object.keys(one ?? {}).toSorted());
    }),
  );
  expect(lab?.[0]?.length).toBeGreaterThan(10);
  expect(sim?.[0]).toEqual(lab?.[0]);
  expect(sim?.[1]).toEqual(lab?.[1]);
});

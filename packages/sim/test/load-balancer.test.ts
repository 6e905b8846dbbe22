import {
  type Cloud,
  connect,
  isBadRequest,
  isConflict,
  isEndpointError,
  isForbidden,
  isNotFound,
} from '@groundcrew/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { simulateCloud, type SimulatedCloud, type SimulateOptions } from '../src/index.ts';

interface Site {
  readonly simulated: SimulatedCloud;
  readonly as: (user: string, project?: string) => Cloud;
}

async function site(options: SimulateOptions = {}): Promise<Site> {
  const simulated = simulateCloud({ loadBalancer: true, ...options });
  const { connectOptions } = await simulated.listen();
  const opened: Cloud[] = [];
  onTestFinished(async () => {
    for (const cloud of opened) await cloud.close();
    await simulated.close();
  });
  return {
    simulated,
    as: (username, project_name = username) => {
      const auth = { ...connectOptions.auth, username, project_name };
      const cloud = connect({ ...connectOptions, auth, clock: simulated.clock });
      opened.push(cloud);
      return cloud;
    },
  };
}

/** Gives `demo` a role of Octavia's own. */
function grant({ simulated }: Site, role: string): void {
  const { identity } = simulated.state;
  const user = identity.users.find(({ name }) => name === 'demo');
  identity.grant(
    identity.addRole(role).id,
    { kind: 'user', id: user?.id ?? '' },
    { kind: 'project', id: identity.project('demo').id },
  );
}

const caughtBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const all = (cloud: Cloud) => Array.fromAsync(cloud.loadBalancer.loadBalancers.list());

test('a cloud that was not made with it has no such service', async () => {
  const { as } = await site({ loadBalancer: false });
  const error = await caughtBy(all(as('admin')));
  expect(isEndpointError(error) && error.reason).toBe('no-service');
});

describe('who is shown what', () => {
  test.each(['zed', '2024.2'])('before 2025.1 a plain member is refused (%s)', async (release) => {
    const { as } = await site({ release });
    const error = await caughtBy(all(as('demo')));
    expect(isForbidden(error)).toBe(true);
    expect(String(error)).toContain('Policy does not allow this request to be performed.');
    expect(await all(as('admin'))).toHaveLength(4);
  });

  test.each([
    ['load-balancer_observer', 4],
    ['load-balancer_member', 4],
    ['load-balancer_global_observer', 12],
    ['load-balancer_admin', 12],
  ])('before 2025.1 the role %s is shown %i', async (role, count) => {
    const here = await site({ scenario: 'site' });
    grant(here, role);
    const { state } = here.simulated;
    // Of `site` the first projects have load balancers; `demo` is one of them.
    expect(state.loadBalancer.balancers.size).toBe(12);
    expect(await all(here.as('demo'))).toHaveLength(count);
  });

  test.each(['demo', 'demo-reader'])("since 2025.1 %s is shown the project's", async (user) => {
    const { as, simulated } = await site({ release: '2025.1', scenario: 'site' });
    const { id } = simulated.state.identity.project('demo');
    const shown = await all(as(user, 'demo'));
    expect(new Set(shown.map(({ project_id }) => project_id))).toEqual(new Set([id]));
    expect(shown).toHaveLength(4);
  });

  test("another project's is refused, and a missing one is missed", async () => {
    const { as, simulated } = await site({ release: '2025.1', scenario: 'site' });
    const other = simulated.state.loadBalancer.balancers.find(({ name }) => !name.startsWith('demo'));
    const { loadBalancers } = as('demo').loadBalancer;
    expect(isForbidden(await caughtBy(loadBalancers.get({ id: other?.id ?? '' })))).toBe(true);
    expect(isNotFound(await caughtBy(loadBalancers.get({ id: 'none' })))).toBe(true);
  });

  test('amphorae are for administrators', async () => {
    const { as } = await site({ release: '2025.1' });
    const list = (cloud: Cloud) => Array.fromAsync(cloud.loadBalancer.amphorae.list());
    expect(isForbidden(await caughtBy(list(as('demo'))))).toBe(true);
    expect(await list(as('admin'))).toHaveLength(9);
  });
});

describe('lists', () => {
  test('go on behind a marker, oldest first, and keep their filters though the link has lost them', async () => {
    const here = await site({ scenario: 'site' });
    const cloud = here.as('admin');
    const { body } = await cloud.request('load-balancer', {
      path: 'lbaas/loadbalancers',
      query: { limit: 2, operating_status: 'DEGRADED' },
    });
    const [next] = (body as { loadbalancers_links: { rel: string; href: string }[] }).loadbalancers_links;
    expect(next?.rel).toBe('next');
    expect(next?.href).not.toContain('operating_status');
    const { loadBalancers } = cloud.loadBalancer;
    const degraded = await Array.fromAsync(loadBalancers.list({ operating_status: 'DEGRADED', limit: 2 }));
    expect(degraded.map(({ operating_status }) => operating_status)).toEqual(Array(3).fill('DEGRADED'));
    expect(await Array.fromAsync(loadBalancers.list({ limit: 5 }))).toEqual(await all(cloud));
  });

  test('refuse a filter that no load balancer has, and a marker that is none', async () => {
    const cloud = (await site()).as('admin');
    const ask = (query: Readonly<Record<string, string>>) =>
      caughtBy(cloud.request('load-balancer', { path: 'lbaas/loadbalancers', query }));
    expect(isBadRequest(await ask({ colour: 'red' }))).toBe(true);
    expect(isBadRequest(await ask({ marker: 'none' }))).toBe(true);
  });

  test('of the parts of one load balancer', async () => {
    const cloud = (await site()).as('admin');
    const [first] = await all(cloud);
    const { listeners, pools } = cloud.loadBalancer;
    const id = first?.id ?? '';
    const ids = (items: readonly { readonly id: string }[]) => items.map((item) => ({ id: item.id }));
    expect(ids(await Array.fromAsync(listeners.list({ loadbalancer_id: id })))).toEqual(first?.listeners);
    expect(ids(await Array.fromAsync(pools.list({ loadbalancer_id: id })))).toEqual(first?.pools);
  });
});

test('one is made with a port, boots, has its amphora, and takes both along', async () => {
  const here = await site({ release: '2025.1' });
  const cloud = here.as('demo');
  const { loadBalancers } = cloud.loadBalancer;
  const [subnet] = await Array.fromAsync(cloud.network.subnets.list({ name: 'private-subnet' }));
  expect(isBadRequest(await caughtBy(loadBalancers.create({ name: 'web' })))).toBe(true);
  const subnets = subnet === undefined ? await Array.fromAsync(cloud.network.subnets.list()) : [subnet];
  const made = await loadBalancers.create({ name: 'mine', vip_subnet_id: subnets[0]?.id ?? '' });
  expect(made).toMatchObject({ provisioning_status: 'PENDING_CREATE', operating_status: 'OFFLINE' });
  expect(isConflict(await caughtBy(loadBalancers.delete({ id: made.id })))).toBe(true);
  const ready = await loadBalancers.waitFor(made.id, 'ACTIVE');
  expect(ready.operating_status).toBe('ONLINE');
  const admin = here.as('admin');
  const port = await admin.network.ports.get({ id: ready.vip_port_id ?? '' });
  expect(port).toMatchObject({ device_owner: 'Octavia' });
  const of = { loadbalancer_id: made.id };
  expect(await Array.fromAsync(admin.loadBalancer.amphorae.list(of))).toMatchObject([
    { status: 'ALLOCATED', role: 'STANDALONE' },
  ]);
  await loadBalancers.delete({ id: made.id });
  await loadBalancers.waitGone(made.id);
  expect(isNotFound(await caughtBy(admin.network.ports.get({ id: port.id })))).toBe(true);
  expect(await Array.fromAsync(admin.loadBalancer.amphorae.list(of))).toEqual([]);
});

test('one with parts is deleted only with them', async () => {
  const cloud = (await site()).as('admin');
  const { loadBalancers, pools } = cloud.loadBalancer;
  const { id } = await loadBalancers.find('demo-web');
  expect(isBadRequest(await caughtBy(loadBalancers.delete({ id })))).toBe(true);
  await loadBalancers.delete({ id, cascade: true });
  await loadBalancers.waitGone(id);
  expect(await Array.fromAsync(pools.list({ loadbalancer_id: id }))).toEqual([]);
});

test('the version document has every version at one path', async () => {
  const cloud = (await site({ release: 'zed' })).as('admin');
  const versions = await cloud.versions('load-balancer');
  expect(versions.map(({ id }) => id)).toContain('v2.26');
  expect(versions).toHaveLength(27);
});

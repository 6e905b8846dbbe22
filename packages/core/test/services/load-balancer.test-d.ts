import { expectTypeOf, test } from 'vitest';
import type { ServiceClient } from '../../src/call/client.ts';
import type { loadBalancer } from '../../src/services/load-balancer/load-balancer.ts';

declare const client: ServiceClient<typeof loadBalancer>;

test('states are known, and others are taken', async () => {
  const balancer = await client.loadBalancers.get({ id: 'b' });
  expectTypeOf(balancer.operating_status).toExtend<string>();
  expectTypeOf<'DEGRADED'>().toExtend<typeof balancer.operating_status>();
  void client.loadBalancers.waitFor('b', 'ACTIVE');
  // @ts-expect-error it is a state of amphorae
  void client.loadBalancers.waitFor('b', 'ALLOCATED');
  void client.amphorae.waitFor('a', 'ALLOCATED');
});

test('a list takes the filters of its resource', () => {
  void client.pools.list({ lb_algorithm: 'ROUND_ROBIN' });
  // @ts-expect-error amphorae belong to no project
  void client.amphorae.list({ project_id: 'p' });
});

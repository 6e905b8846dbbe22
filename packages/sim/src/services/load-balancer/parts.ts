import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { listAnswer } from './page.ts';
import { listedProject, requireAdmin, requireRead } from './policy.ts';
import type { Amphora, BalancerListener, BalancerPool } from './state.ts';
import { amphoraView, listenerView, poolView } from './views.ts';

/** Listeners, pools and amphorae, which are looked at only. */
export const partRoutes: Routes = {
  'GET lbaas/listeners': (call) => {
    const project = listedProject(call);
    return listAnswer<BalancerListener>(call, call.state.loadBalancer.listeners, {
      plural: 'listeners',
      isShown: ({ project_id }) => project === undefined || project_id === project,
      view: listenerView,
      filters: { loadbalancer_id: ({ balancer }) => balancer },
    });
  },
  'GET lbaas/listeners/{id}': (call) => {
    const id = call.param('id');
    const listener = call.state.loadBalancer.listeners.get(id);
    if (listener === undefined) throw notFound(`Listener ${id} not found.`);
    requireRead(call, listener.project_id);
    return ok({ listener: listenerView(listener) });
  },
  'GET lbaas/pools': (call) => {
    const project = listedProject(call);
    return listAnswer<BalancerPool>(call, call.state.loadBalancer.pools, {
      plural: 'pools',
      isShown: ({ project_id }) => project === undefined || project_id === project,
      view: (pool) => poolView(call.state, pool),
      filters: { loadbalancer_id: ({ balancer }) => balancer },
    });
  },
  'GET lbaas/pools/{id}': (call) => {
    const id = call.param('id');
    const pool = call.state.loadBalancer.pools.get(id);
    if (pool === undefined) throw notFound(`Pool ${id} not found.`);
    requireRead(call, pool.project_id);
    return ok({ pool: poolView(call.state, pool) });
  },
  'GET octavia/amphorae': (call) => {
    requireAdmin(call);
    return listAnswer<Amphora>(call, call.state.loadBalancer.amphorae, {
      plural: 'amphorae',
      isShown: () => true,
      view: amphoraView,
    });
  },
  'GET octavia/amphorae/{id}': (call) => {
    const id = call.param('id');
    const amphora = call.state.loadBalancer.amphorae.get(id);
    if (amphora === undefined) throw notFound(`Amphora ${id} not found.`);
    requireAdmin(call);
    return ok({ amphora: amphoraView(amphora) });
  },
};

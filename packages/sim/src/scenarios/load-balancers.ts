import { addAmphora, addBalancer, addListener, addPool } from '../services/load-balancer/add.ts';
import type { SimState } from '../sim-state.ts';

/** Projects that have load balancers, at most. */
const MOST_PROJECTS = 3;

/** Of each project one of these: name, and both of its states. */
const BALANCERS = [
  ['web', 'ACTIVE', 'ONLINE'],
  ['api', 'ACTIVE', 'ONLINE'],
  ['shop', 'ACTIVE', 'DEGRADED'],
  ['old', 'ERROR', 'OFFLINE'],
] as const;

/** Gives the first projects load balancers, each with a listener, a pool and two amphorae; and an amphora that nobody has. */
export function addLoadBalancers(state: SimState): void {
  const projects = state.identity.projects.filter(({ name }) => name !== 'admin' && name !== 'service');
  for (const project of projects.slice(0, MOST_PROJECTS))
    for (const [name, provisioning_status, operating_status] of BALANCERS) {
      const balancer = addBalancer(state, {
        name: `${project.name}-${name}`,
        project_id: project.id,
        provisioning_status,
        operating_status,
      });
      const pool = addPool(state, balancer, {
        name: `${name}-servers`,
        operating_status,
        members: [state.ids.uuid(), state.ids.uuid()],
      });
      addListener(state, balancer, { name: `${name}-http`, default_pool_id: pool.id, operating_status });
      addAmphora(state, balancer, { role: 'MASTER' });
      addAmphora(state, balancer, {
        role: 'BACKUP',
        status: provisioning_status === 'ERROR' ? 'ERROR' : 'ALLOCATED',
      });
    }
  addAmphora(state, undefined);
}

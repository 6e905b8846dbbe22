import { killHost } from '../services/compute/hosts.ts';
import type { SimState } from '../sim-state.ts';
import { base } from './base.ts';
import { addServer, openToAll } from './parts.ts';

/** The scenario `small`, an hour after several failures. */
export function unhealthy(state: SimState): void {
  const { projects, demo } = base(state);
  const project = projects.demo.id;
  const network = state.network.entities.networks.find((candidate) => candidate['name'] === 'private');
  const on = (name: string, host: string) =>
    addServer(state, { name, project, user: demo.id, flavor: 'm1.small', image: 'cirros', network, host });
  on('web-1', 'compute-1');
  on('web-2', 'compute-2');
  const broken = on('db-1', 'compute-3');
  broken.vm_state = 'error';
  broken.fault = {
    code: 500,
    message: 'No valid host was found. There are not enough hosts available.',
    created: state.clock.now(),
    details: '',
  };
  openToAll(state, project, 'open');
  killHost(state, 'compute-2');
  const dead = state.network.agents.find((agent) => agent.agent_type === 'L3 agent');
  if (dead !== undefined) dead.deadSince = state.clock.now();
  const backup = state.blockStorage.services.find((service) => service.binary === 'cinder-backup');
  if (backup !== undefined) backup.deadSince = state.clock.now();
  void state.clock.advance('1h');
}

import { killHost } from '../services/compute/hosts.ts';
import type { SimState } from '../sim-state.ts';
import { base } from './base.ts';
import { addServer, openToAll } from './parts.ts';

/** `small`, an hour after things went wrong. */
export function unhealthy(world: SimState): void {
  const { projects, demo } = base(world);
  const project = projects.demo.id;
  const network = world.network.entities.networks.find((one) => one['name'] === 'private');
  const on = (name: string, host: string) =>
    addServer(world, { name, project, user: demo.id, flavor: 'm1.small', image: 'cirros', network, host });
  on('web-1', 'compute-1');
  on('web-2', 'compute-2');
  const broken = on('db-1', 'compute-3');
  broken.vm_state = 'error';
  broken.fault = {
    code: 500,
    message: 'No valid host was found. There are not enough hosts available.',
    created: world.clock.now(),
    details: '',
  };
  openToAll(world, project, 'open');
  killHost(world, 'compute-2');
  const dead = world.network.agents.find((one) => one.agent_type === 'L3 agent');
  if (dead !== undefined) dead.deadSince = world.clock.now();
  const backup = world.blockStorage.services.find((one) => one.binary === 'cinder-backup');
  if (backup !== undefined) backup.deadSince = world.clock.now();
  void world.clock.advance('1h');
}

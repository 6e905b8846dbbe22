import type { SimState } from '../../sim-state.ts';
import type { Server } from './server.ts';

/** A server as it is when it has just been accepted. */
export function blankServer(
  state: SimState,
  fields: Partial<Server> & Pick<Server, 'name' | 'project_id' | 'user_id' | 'flavor'>,
): Server {
  const now = state.clock.now();
  return {
    id: state.ids.uuid(),
    serial: state.compute.row('instances'),
    created: now,
    updated: now,
    description: null,
    hostname: fields.name.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-'),
    vm_state: 'building',
    task_state: 'scheduling',
    power_state: 0,
    hasShutDown: false,
    host: null,
    image: null,
    metadata: {},
    availability_zone: null,
    pinned_zone: null,
    key_name: null,
    config_drive: false,
    user_data: null,
    tags: [],
    locked: false,
    locked_reason: null,
    volumes: [],
    preservedPorts: new Set(),
    launched: null,
    fault: null,
    group: null,
    scheduler_hints: {},
    security_groups: ['default'],
    before: null,
    ...fields,
  };
}

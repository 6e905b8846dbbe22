import type { Call } from '../../call.ts';
import { conflict, notFound } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { bind, removePort } from '../network/ports.ts';
import { detach } from '../block-storage/volume-actions.ts';
import { cellUnreachable, isInDownCell } from './down-cell.ts';
import { setsPower } from './guest.ts';
import { isHostRunning, zoneOf } from './hosts.ts';
import { tellBegun, tellDeleted, tellEnded } from './instance-log.ts';
import { deallocate } from './scheduler.ts';
import type { Port } from '../network/state.ts';
import { notify } from './notifications/notify.ts';
import type { InstanceAction } from './state.ts';
import type { Server } from './server.ts';

const epochs = new WeakMap<Server, number>();

/**
 * Gives a server something to do. It is done after `ms` if nothing else came between; on a host that has died it is
 * never done, and the task state stays, as it does in Nova.
 */
export function startTask(
  state: SimState,
  server: Server,
  task: string | null,
  ms: number,
  done: () => void,
  action?: InstanceAction,
): void {
  const epoch = (epochs.get(server) ?? 0) + 1;
  epochs.set(server, epoch);
  server.task_state = task;
  server.updated = state.clock.now();
  notify(state, server, { task, phase: 'start', by: action });
  tellBegun(state, server, task, action);
  const began = { task, by: action, since: state.clock.now(), from: server.host };
  state.clock.after(ms, () => {
    if (epochs.get(server) !== epoch) return;
    if (server.host !== null && !isHostRunning(state, server.host)) return;
    server.task_state = null;
    done();
    server.updated = state.clock.now();
    if (action !== undefined) action.finish = state.clock.now();
    if (action?.message === 'Error') return;
    if (setsPower(task)) server.hasShutDown = false;
    notify(state, server, { task, phase: 'end', by: action });
    tellEnded(state, server, began);
  });
}

/** Marks a server as running on its host. */
export function markActive(state: SimState, server: Server): void {
  server.vm_state = 'active';
  server.power_state = 1;
  server.launched ??= state.clock.now();
  moveToHost(state, server, server.host);
}

/** Moves a server to a host, with its zone and its ports. */
export function moveToHost(state: SimState, server: Server, host: string | null): void {
  server.host = host;
  server.availability_zone = host === null ? '' : zoneOf(state, host);
  for (const port of state.network.ports.by('project', server.project_id)) {
    if (port.device_id !== server.id) continue;
    bind(port, host ?? '');
    if (host !== null) port.device_owner = `compute:${server.availability_zone}`;
  }
}

export function markFailed(state: SimState, server: Server, message: string, code = 500): void {
  server.vm_state = 'error';
  server.task_state = null;
  server.power_state = 0;
  server.fault = {
    code,
    message,
    created: state.clock.now(),
    details: `Traceback (most recent call last):\nnova.exception: ${message}\n`,
  };
  server.updated = state.clock.now();
}

/** Detaches a port from a server. A port that Nova made is deleted; another one remains, unbound and without a device. */
export function detachPort(state: SimState, server: Server, port: Port): void {
  if (!server.preservedPorts.delete(port.id)) {
    removePort(state, port);
    return;
  }
  Object.assign(port, { device_id: '', device_owner: '' });
  bind(port, '');
}

/** Deletes a server with its ports, attachments and allocations. Where its host is down, Nova's API does it. */
export function terminate(state: SimState, server: Server, isByApi = false): void {
  const volumes = server.volumes.length;
  for (const port of state.network.ports.by('project', server.project_id)) {
    if (port.device_id === server.id) detachPort(state, server, port);
  }
  for (const attached of server.volumes) {
    const volume = state.blockStorage.volumes.get(attached.volume_id);
    if (volume === undefined) continue;
    detach(state, volume, attached.attachment_id);
    if (attached.delete_on_termination) state.blockStorage.volumes.delete(volume.id);
  }
  deallocate(state, server);
  state.compute.servers.delete(server.id);
  const at = state.clock.now();
  Object.assign(server, { vm_state: 'deleted', task_state: null, power_state: 0, updated: at });
  state.compute.deleted.set(server.id, { server, at });
  const deletions = (state.compute.actions.get(server.id) ?? []).filter(({ action }) => action === 'delete');
  for (const action of deletions) action.finish ??= at;
  notify(state, server, { task: 'deleting', phase: 'end', by: deletions[0], isByApi });
  tellDeleted(state, server, { by: deletions[0], volumes, isByApi });
}

/** Finds the server of a request, if the caller may see it. */
export function findServerInAnyCell(call: Call): Server {
  const id = call.param('server_id') === '' ? call.param('id') : call.param('server_id');
  const server = call.state.compute.servers.get(id);
  if (server === undefined || !call.owns(server.project_id)) {
    throw notFound(`Instance ${id} could not be found.`);
  }
  return server;
}

/** Finds the server of a request, whose cell must answer, because an action takes place there. */
export function findServer(call: Call): Server {
  const server = findServerInAnyCell(call);
  if (isInDownCell(call.state, server.host)) throw cellUnreachable();
  return server;
}

/** Refuses an action that the server's state does not allow. */
export function requireState(
  server: Server,
  action: string,
  states: readonly string[] | undefined,
  idle = true,
): void {
  if (states !== undefined && !states.includes(server.vm_state)) {
    throw conflict(`Cannot '${action}' instance ${server.id} while it is in vm_state ${server.vm_state}`);
  }
  if (idle && server.task_state !== null) {
    throw conflict(`Cannot '${action}' instance ${server.id} while it is in task_state ${server.task_state}`);
  }
}

export function requireUnlocked(call: Call, server: Server): void {
  if (server.locked && !call.admin) throw conflict(`Instance ${server.id} is locked`);
}

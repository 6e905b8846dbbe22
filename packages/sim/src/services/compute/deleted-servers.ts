import type { Call } from '../../call.ts';
import { findServer } from './lifecycle.ts';
import type { DeletedServer, Server } from './server.ts';
import type { InstanceAction } from './state.ts';

/** Finds the server of a request; from 2.21 on also one that is deleted and not archived, as its actions are shown then. */
export function findServerOrDeleted(call: Call): Server {
  const deleted = call.state.compute.deleted.get(call.param('server_id'))?.server;
  return deleted !== undefined && call.atLeast('2.21') && call.owns(deleted.project_id)
    ? deleted
    : findServer(call);
}

/** Takes the rows of deleted servers out of the tables that the API reads, and with them those of their actions. */
export function archiveDeleted(
  compute: {
    readonly deleted: Map<string, DeletedServer>;
    readonly actions: Map<string, readonly InstanceAction[]>;
  },
  before: number,
): number {
  let archived = 0;
  for (const [id, { at }] of compute.deleted) {
    if (at >= before) continue;
    compute.deleted.delete(id);
    compute.actions.delete(id);
    archived += 1;
  }
  return archived;
}

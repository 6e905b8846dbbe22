import type { Call, Handler } from '../../call.ts';
import type { ServiceFault } from '../../fault.ts';
import { type Json, seconds } from '../../wire.ts';
import type { SimState } from '../../sim-state.ts';
import { flavorIn, imageIn, linksOf } from './server-view.ts';
import type { Server } from './server.ts';
import { unexpected } from './unexpected.ts';

/*
 * A cell whose database does not answer: what Nova's API tells then of its hosts and servers. Each answer was taken from
 * the lab (Zed), with a cell that was mapped to a port on which nobody listens.
 */

/** Whether a host is in a cell that does not answer. */
export const isInDownCell = (state: SimState, host: string | null): boolean =>
  host !== null && state.compute.hostsInDownCells.has(host);

/** The server is in such a cell, and nobody knows more of it than the API's own database. */
export const cellUnreachable = (): ServiceFault => unexpected('nova.exception.NovaException');

/** A handler that asks every cell, and fails with any of them. */
export const requireAllCells =
  (handler: Handler): Handler =>
  (call) => {
    if (call.state.compute.hostsInDownCells.size > 0) throw unexpected('oslo_db.exception.DBConnectionError');
    return handler(call);
  };

/** From 2.69 on what is in such a cell is told; before, it is left out. */
export const showsDownCells = (call: Call): boolean => call.atLeast('2.69');

const PAGING = ['limit', 'marker', 'sort_key', 'sort_dir'];
/** Filters that Nova passes on to the cells; what it does not know does not count. */
const FILTERS = new Set([
  'name',
  'status',
  'flavor',
  'image',
  'user_id',
  'availability_zone',
  'key_name',
  'uuid',
  'locked',
  'host',
  'node',
  'vm_state',
  'task_state',
  'power_state',
  'project_id',
  'tenant_id',
  'changes-since',
  'changes-before',
  'tags',
  'tags-any',
  'not-tags',
  'not-tags-any',
  'ip',
  'ip6',
]);

/**
 * The servers of such cells that a list begins with: only of a list without filters, order and pages, for of these
 * nobody could say where such a server belongs (`_is_cell_down_supported` of `servers.py`).
 */
export function serversInDownCells(call: Call, all: boolean): Server[] {
  const { compute } = call.state;
  if (compute.hostsInDownCells.size === 0 || !showsDownCells(call)) return [];
  const asked = [...call.query.keys()];
  if (asked.some((name) => PAGING.includes(name) || FILTERS.has(name))) return [];
  return compute.servers
    .kept()
    .filter(
      (server) => isInDownCell(call.state, server.host) && (all || server.project_id === call.projectId),
    );
}

export const downCellBrief = (call: Call, server: Server): Json => ({
  id: server.id,
  status: 'UNKNOWN',
  links: linksOf(call, 'servers', server.id),
});

export const downCellDetail = (call: Call, server: Server): Json => ({
  ...downCellBrief(call, server),
  tenant_id: server.project_id,
  created: seconds(server.created),
});

/** One by its id: with what it was asked for, as its request was kept. */
export const downCellView = (call: Call, server: Server): Json => ({
  ...downCellDetail(call, server),
  image: imageIn(call, server),
  flavor: flavorIn(call, server.flavor),
  'OS-EXT-AZ:availability_zone': server.pinned_zone ?? 'UNKNOWN',
  'OS-EXT-STS:power_state': 0,
  user_id: server.user_id,
  server_groups: server.group === null ? [] : [server.group],
});

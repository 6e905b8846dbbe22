import type { Call, Handler } from '../../call.ts';
import type { ServiceFault } from '../../fault.ts';
import { type Json, seconds } from '../../wire.ts';
import type { SimState } from '../../sim-state.ts';
import { flavorIn, imageIn, linksOf } from './server-view.ts';
import type { Server } from './server.ts';
import { unexpected } from './unexpected.ts';

/*
 * Nova's answers about the hosts and servers of a cell whose database does not answer. Each answer was taken from
 * the lab (Zed), with a cell that was mapped to a port on which nobody listens.
 */

/** Tells whether a host is in a cell that does not answer. */
export const isInDownCell = (state: SimState, host: string | null): boolean =>
  host !== null && state.compute.hostsInDownCells.has(host);

/** The fault of a request about a server in a down cell, of which only the API's own database knows something. */
export const cellUnreachable = (): ServiceFault => unexpected('nova.exception.NovaException');

/** Makes a handler that asks every cell, and fails if one is down. */
export const requireAllCells =
  (handler: Handler): Handler =>
  (call) => {
    if (call.state.compute.hostsInDownCells.size > 0) throw unexpected('oslo_db.exception.DBConnectionError');
    return handler(call);
  };

/** Tells whether lists contain what is in a down cell: since 2.69; before, it is left out. */
export const showsDownCells = (call: Call): boolean => call.atLeast('2.69');

const PAGING = ['limit', 'marker', 'sort_key', 'sort_dir'];
/** The filters that Nova passes on to the cells. Unknown ones do not count. */
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

/** The view of one server, with the fields of its original request, which the API's database keeps. */
export const downCellView = (call: Call, server: Server): Json => ({
  ...downCellDetail(call, server),
  image: imageIn(call, server),
  flavor: flavorIn(call, server.flavor),
  'OS-EXT-AZ:availability_zone': server.pinned_zone ?? 'UNKNOWN',
  'OS-EXT-STS:power_state': 0,
  user_id: server.user_id,
  server_groups: server.group === null ? [] : [server.group],
});

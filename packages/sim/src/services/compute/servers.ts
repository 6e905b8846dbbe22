import { ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, forbidden } from '../../fault.ts';
import { limitOf, paginate, sortOf, withNextLink } from '../../paging.ts';
import { flag, python, str, text } from '../../wire.ts';
import {
  cellUnreachable,
  downCellBrief,
  downCellDetail,
  downCellView,
  isInDownCell,
  serversInDownCells,
  showsDownCells,
} from './down-cell.ts';
import { isHostRunning, isUp, serviceOf } from './hosts.ts';
import { findServer, findServerInAnyCell, requireUnlocked, terminate } from './lifecycle.ts';
import { tellBegun } from './instance-log.ts';
import { notify } from './notifications/notify.ts';
import { create } from './server-create.ts';
import { brief, detail, statusOf } from './server-view.ts';
import type { Server } from './server.ts';

export const serverRoutes: Routes = {
  'GET servers': (call) => listServers(call, false),
  'GET servers/detail': (call) => listServers(call, true),
  'POST servers': create,
  'GET servers/{id}': (call) => {
    const server = findServerInAnyCell(call);
    if (!isInDownCell(call.state, server.host)) return ok({ server: detail(call, server) });
    if (!showsDownCells(call)) throw cellUnreachable();
    return ok({ server: downCellView(call, server) });
  },
  'PUT servers/{id}': (call) => {
    const server = findServer(call);
    const given = call.envelope('server');
    server.name = text(given['name']) ?? server.name;
    if (given['description'] !== undefined) server.description = text(given['description']) ?? null;
    server.hostname = text(given['hostname']) ?? server.hostname;
    server.updated = call.now;
    return ok({ server: detail(call, server) });
  },
  'DELETE servers/{id}': (call) => {
    const server = findServer(call);
    requireUnlocked(call, server);
    const by = call.state.compute.began(server, 'delete', call);
    const { clock, settings } = call.state;
    if (server.task_state === 'deleting') return { status: 204 };
    server.task_state = 'deleting';
    server.updated = call.now;
    // On a host that is down Nova deletes locally.
    const service = server.host === null ? undefined : serviceOf(call.state, server.host);
    const local = service === undefined || !isUp(call.now, service) || server.host === null;
    notify(call.state, server, { task: 'deleting', phase: 'start', by, isByApi: local });
    if (!local) tellBegun(call.state, server, 'deleting', by);
    clock.after(local ? 0 : settings.timing.delete, () => {
      if (local || isHostRunning(call.state, server.host)) terminate(call.state, server, local);
    });
    if (local) clock.settle();
    return { status: 204 };
  },
};

const FIELDS: { readonly [key: string]: (server: Server) => unknown } = {
  uuid: (server) => server.id,
  id: (server) => server.id,
  display_name: (server) => server.name,
  created_at: (server) => server.created,
  updated_at: (server) => server.updated,
  host: (server) => server.host,
  node: (server) => server.host,
  vm_state: (server) => server.vm_state,
  task_state: (server) => server.task_state,
  power_state: (server) => server.power_state,
  project_id: (server) => server.project_id,
  user_id: (server) => server.user_id,
  availability_zone: (server) => server.availability_zone,
  hostname: (server) => server.hostname,
  image_ref: (server) => server.image,
  key_name: (server) => server.key_name,
  launched_at: (server) => server.launched,
  locked: (server) => server.locked,
  memory_mb: (server) => server.flavor.ram,
  vcpus: (server) => server.flavor.vcpus,
  instance_type_id: (server) => server.flavor.row,
};

function listServers(call: Call, full: boolean) {
  const all =
    flag(call.query.get('all_tenants') ?? undefined) === true || call.query.get('all_tenants') === '';
  if (all && !call.admin)
    throw forbidden(`os_compute_api:servers:${full ? 'detail' : 'index'}:get_all_tenants`, 'policy');
  const given = call.query.get('limit');
  if (given !== null && !/^\d*$/.test(given)) {
    throw badRequest(
      `Invalid input for query parameters limit. Value: ${given}. ${python(given)} does not match '^[0-9]*$'`,
    );
  }
  const limit = limitOf(call);
  const { servers } = call.state.compute;
  const marker = call.query.get('marker') ?? undefined;
  if (marker !== undefined && servers.get(marker) === undefined)
    throw badRequest(`marker [${marker}] not found`);
  const sort = sortOf<Server>(
    call,
    (key) => FIELDS[key],
    (key) =>
      badRequest(
        `Invalid input for query parameters sort_key. Value: ${key}. ${python(key)} is not one of ${python(Object.keys(FIELDS))}`,
      ),
  );
  const page = paginate(servers, { filter: filterOf(call, all), marker, limit, sort });
  return ok(
    withNextLink(
      call,
      'servers',
      page,
      [
        ...serversInDownCells(call, all).map((server) =>
          (full ? downCellDetail : downCellBrief)(call, server),
        ),
        ...page.map((server) => (full ? detail(call, server, true) : brief(call, server))),
      ],
      limit,
    ),
  );
}

function filterOf(call: Call, all: boolean): (server: Server) => boolean {
  const { query } = call;
  const name = query.get('name');
  let pattern: RegExp | undefined;
  try {
    pattern = name === null ? undefined : new RegExp(name, 'i');
  } catch {
    throw badRequest(
      `Invalid input for query parameters name. Value: ${name}. ${python(name)} is not a 'regex'`,
    );
  }
  const statuses = query.getAll('status').map((status) => status.toUpperCase());
  const project = query.get('project_id') ?? query.get('tenant_id');
  const equal: [string | null, (server: Server) => unknown][] = [
    [query.get('flavor'), (server) => server.flavor.id],
    [query.get('image'), (server) => server.image],
    [query.get('user_id'), (server) => server.user_id],
    [query.get('availability_zone'), (server) => server.availability_zone],
    [query.get('key_name'), (server) => server.key_name],
    [query.get('uuid'), (server) => server.id],
    [query.get('locked'), (server) => str(server.locked)],
    ...(call.admin
      ? ([
          [query.get('host'), (server) => server.host],
          [query.get('node'), (server) => server.host],
          [query.get('vm_state'), (server) => server.vm_state],
          [query.get('task_state'), (server) => server.task_state],
          [query.get('power_state'), (server) => server.power_state],
        ] satisfies [string | null, (server: Server) => unknown][])
      : []),
  ];
  const wanted = equal.filter(([value]) => value !== null);
  const since = query.get('changes-since');
  const changed = since === null ? undefined : Date.parse(since);
  const tags = query.get('tags')?.split(',') ?? [];
  return (server) => {
    if (
      all
        ? call.admin && project !== null && server.project_id !== project
        : server.project_id !== call.projectId
    )
      return false;
    if (isInDownCell(call.state, server.host)) return false;
    if (pattern !== undefined && !pattern.test(server.name)) return false;
    if (statuses.length > 0 && !statuses.includes(statusOf(server))) return false;
    if (changed !== undefined && server.updated < changed) return false;
    if (!tags.every((tag) => server.tags.includes(tag))) return false;
    return wanted.every(([value, of]) => str(of(server)).toLowerCase() === str(value).toLowerCase());
  };
}

import { ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { forbidden } from '../../fault.ts';
import { type Json, micros } from '../../wire.ts';
import { requireAllCells } from './down-cell.ts';
import type { Flavor, Server } from './server.ts';

/** A server that was launched, and the time of its deletion. */
interface Used {
  readonly server: Server;
  readonly from: number;
  readonly at: number | null;
}

export const usageRoutes: Routes = {
  'GET os-simple-tenant-usage': admin(
    'os_compute_api:os-simple-tenant-usage:list',
    requireAllCells((call) => {
      const { servers, deleted } = call.state.compute;
      const projects = new Set([
        ...servers.kept().map((server) => server.project_id),
        ...[...deleted.values()].map(({ server }) => server.project_id),
      ]);
      const detailed = call.query.get('detailed') === '1';
      return ok({ tenant_usages: [...projects].map((id) => usage(call, id, detailed)) });
    }),
  ),
  'GET os-simple-tenant-usage/{project}': requireAllCells((call) => {
    if (!call.owns(call.param('project')))
      throw forbidden('os_compute_api:os-simple-tenant-usage:show', 'policy');
    return ok({ tenant_usage: usage(call, call.param('project'), true) });
  }),
};

function usage(call: Call, id: string, detailed: boolean): Json {
  const start = Date.parse(call.query.get('start') ?? '') || call.now - 28 * 86_400_000;
  const stop = Date.parse(call.query.get('end') ?? '') || call.now;
  const { compute } = call.state;
  const gone = [...compute.deleted.values()].filter(
    ({ server, at }) => server.project_id === id && at >= start,
  );
  const used: readonly Used[] = [
    ...[...compute.servers.ofProject(id)].map((server) => ({ server, at: null })),
    ...gone,
  ].flatMap(({ server, at }) => (server.launched === null ? [] : [{ server, from: server.launched, at }]));
  const hours = ({ from, at }: Used): number =>
    Math.max(0, Math.min(stop, at ?? stop) - Math.max(start, from)) / 3_600_000;
  const sum = (of: (flavor: Flavor) => number): number =>
    used.reduce((total, each) => total + of(each.server.flavor) * hours(each), 0);
  return {
    tenant_id: id,
    start: micros(start),
    stop: micros(stop),
    total_hours: sum(() => 1),
    total_vcpus_usage: sum((flavor) => flavor.vcpus),
    total_memory_mb_usage: sum((flavor) => flavor.ram),
    total_local_gb_usage: sum((flavor) => flavor.disk),
    ...(detailed
      ? {
          server_usages: used.map((each) => ({
            instance_id: each.server.id,
            name: each.server.name,
            hours: hours(each),
            flavor: each.server.flavor.name,
            vcpus: each.server.flavor.vcpus,
            memory_mb: each.server.flavor.ram,
            local_gb: each.server.flavor.disk,
            state: each.at === null ? each.server.vm_state : 'terminated',
            tenant_id: id,
            started_at: micros(each.from),
            ended_at: each.at === null ? null : micros(each.at),
            uptime: Math.floor(((each.at ?? call.now) - each.from) / 1000),
          })),
        }
      : {}),
  };
}

import { ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { forbidden } from '../../fault.ts';
import { type Json, micros } from '../../wire.ts';
import { requireAllCells } from './down-cell.ts';
import type { Flavor } from './server.ts';

export const usageRoutes: Routes = {
  'GET os-simple-tenant-usage': admin(
    'os_compute_api:os-simple-tenant-usage:list',
    requireAllCells((call) => {
      const projects = new Set(call.state.compute.servers.kept().map((server) => server.project_id));
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
  const servers = [...call.state.compute.servers.ofProject(id)].filter((server) => server.launched !== null);
  const hours = (from: number): number => Math.max(0, stop - Math.max(start, from)) / 3_600_000;
  const sum = (of: (flavor: Flavor) => number): number =>
    servers.reduce((total, server) => total + of(server.flavor) * hours(server.launched ?? stop), 0);
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
          server_usages: servers.map((server) => ({
            instance_id: server.id,
            name: server.name,
            hours: hours(server.launched ?? stop),
            flavor: server.flavor.name,
            vcpus: server.flavor.vcpus,
            memory_mb: server.flavor.ram,
            local_gb: server.flavor.disk,
            state: server.vm_state,
            tenant_id: id,
            started_at: micros(server.launched ?? server.created),
            ended_at: null,
            uptime: Math.floor((call.now - (server.launched ?? call.now)) / 1000),
          })),
        }
      : {}),
  };
}

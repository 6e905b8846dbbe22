import { accepted, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, forbidden } from '../../fault.ts';
import { type Json, micros, number } from '../../wire.ts';
import { ofAllCells } from './dark-cell.ts';
import { COMPUTE_QUOTAS } from './state.ts';
import type { Flavor } from './server.ts';

/** Quotas, limits and usages. */
export const quotaRoutes: Routes = {
  'GET os-quota-sets/{project}': (call) =>
    ok({
      quota_set: { id: call.param('project'), ...quotaView(call, call.state.compute.quota(project(call))) },
    }),
  'GET os-quota-sets/{project}/defaults': (call) =>
    ok({ quota_set: { id: call.param('project'), ...quotaView(call, COMPUTE_QUOTAS) } }),
  'GET os-quota-sets/{project}/detail': (call) => {
    const used: Record<string, number> = { ...call.state.compute.used(project(call, 'detail')) };
    const limits = quotaView(call, call.state.compute.quota(project(call)));
    return ok({
      quota_set: {
        id: call.param('project'),
        ...Object.fromEntries(
          Object.entries(limits).map(([name, limit]) => [
            name,
            { limit, in_use: used[name] ?? 0, reserved: 0 },
          ]),
        ),
      },
    });
  },
  'PUT os-quota-sets/{project}': admin('os_compute_api:os-quota-sets:update', (call) => {
    const own = { ...call.state.compute.quotas.get(project(call)) };
    for (const [name, value] of Object.entries(call.envelope('quota_set'))) {
      const limit = number(value);
      if (limit !== undefined) own[name] = limit;
    }
    call.state.compute.quotas.set(project(call), own);
    return ok({ quota_set: quotaView(call, call.state.compute.quota(project(call))) });
  }),
  'DELETE os-quota-sets/{project}': admin('os_compute_api:os-quota-sets:delete', (call) => {
    call.state.compute.quotas.delete(project(call));
    return accepted();
  }),
  'GET os-quota-class-sets/{id}': admin('os_compute_api:os-quota-class-sets:show', (call) => {
    // Of classes these two are told from 2.50 on, of projects always.
    const { server_groups: _groups, server_group_members: _members, ...older } = COMPUTE_QUOTAS;
    const shown = call.atLeast('2.50') ? COMPUTE_QUOTAS : older;
    return ok({ quota_class_set: { id: call.param('id'), ...quotaView(call, shown) } });
  }),
  'GET limits': (call) => {
    const of = call.admin ? (call.query.get('tenant_id') ?? call.projectId) : call.projectId;
    const quota = call.state.compute.quota(of);
    const used = call.state.compute.used(of);
    return ok({
      limits: {
        rate: [],
        absolute: {
          maxTotalInstances: quota['instances'],
          maxTotalCores: quota['cores'],
          maxTotalRAMSize: quota['ram'],
          maxServerMeta: quota['metadata_items'],
          ...(call.atLeast('2.39') ? {} : { maxImageMeta: quota['metadata_items'] }),
          ...(call.atLeast('2.57')
            ? {}
            : {
                maxPersonality: quota['injected_files'],
                maxPersonalitySize: quota['injected_file_content_bytes'],
              }),
          maxTotalKeypairs: quota['key_pairs'],
          maxServerGroups: quota['server_groups'],
          maxServerGroupMembers: quota['server_group_members'],
          ...(call.atLeast('2.36')
            ? {}
            : {
                maxTotalFloatingIps: -1,
                maxSecurityGroups: -1,
                maxSecurityGroupRules: -1,
                totalFloatingIpsUsed: 0,
                totalSecurityGroupsUsed: 0,
              }),
          totalRAMUsed: used.ram,
          totalCoresUsed: used.cores,
          totalInstancesUsed: used.instances,
          totalServerGroupsUsed: call.state.compute.groups.filter((group) => group.project_id === of).length,
        },
      },
    });
  },
  'GET os-simple-tenant-usage': admin(
    'os_compute_api:os-simple-tenant-usage:list',
    ofAllCells((call) => {
      const projects = new Set(call.state.compute.servers.kept().map((server) => server.project_id));
      const detailed = call.query.get('detailed') === '1';
      return ok({ tenant_usages: [...projects].map((id) => usage(call, id, detailed)) });
    }),
  ),
  'GET os-simple-tenant-usage/{project}': ofAllCells((call) => {
    if (!call.owns(call.param('project')))
      throw forbidden('os_compute_api:os-simple-tenant-usage:show', 'policy');
    return ok({ tenant_usage: usage(call, call.param('project'), true) });
  }),
};

/** Nova refuses quotas of projects that Keystone does not know. */
function project(call: Call, verb = 'show'): string {
  const id = call.param('project');
  if (call.state.identity.projects.get(id) === undefined)
    throw badRequest(`Project ID ${id} is not a valid project.`);
  if (!call.owns(id)) throw forbidden(`os_compute_api:os-quota-sets:${verb}`, 'policy');
  return id;
}

const NETWORKS = new Set(['fixed_ips', 'floating_ips', 'security_groups', 'security_group_rules']);

function quotaView(call: Call, quota: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(quota).filter(
      ([name]) =>
        !(call.atLeast('2.36') && NETWORKS.has(name)) &&
        !(call.atLeast('2.57') && name.startsWith('injected_file')),
    ),
  );
}

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

import { ok } from '../../../answer.ts';
import { admin, type Call, type Handler, type Routes } from '../../../call.ts';
import { badRequest, notFound, ServiceFault } from '../../../fault.ts';
import { type Json, record, text } from '../../../wire.ts';
import { serviceOf, zoneOf } from '../hosts.ts';
import type { ComputeService } from '../state.ts';
import { onlyBelow } from './lifetime.ts';

const zone = (call: Call, service: ComputeService): string =>
  service.binary === 'nova-compute' ? zoneOf(call.state, service.host) : 'internal';

/** Totals, what is used, and what each project has (`hosts.py`). */
function resources(call: Call): Json[] {
  const host = call.param('host');
  const hypervisor = call.state.compute.hypervisors.find((candidate) => candidate.host === host);
  if (hypervisor === undefined) throw notFound(`Host '${host}' is not mapped to any cell`);
  const row = (project: string, cpu: number, memory_mb: number, disk_gb: number): Json => ({
    resource: { host, project, cpu, memory_mb, disk_gb },
  });
  const servers = call.state.compute.servers.kept().filter((server) => server.host === host);
  const sum = (of: typeof servers): [number, number, number] => [
    of.reduce((total, { flavor }) => total + flavor.vcpus, 0),
    of.reduce((total, { flavor }) => total + flavor.ram, 0),
    of.reduce((total, { flavor }) => total + flavor.disk + flavor.ephemeral, 0),
  ];
  const [cpu, memory, disk] = sum(servers);
  return [
    row('(total)', hypervisor.vcpus, hypervisor.memory_mb, hypervisor.local_gb),
    row('(used_now)', cpu, memory + 512, disk),
    row('(used_max)', cpu, memory, disk),
    ...[...new Set(servers.map((server) => server.project_id))].map((project) =>
      row(project, ...sum(servers.filter((server) => server.project_id === project))),
    ),
  ];
}

function update(call: Call): Json {
  const given = record(call.body);
  const host = call.param('host');
  const status = text(given['status'])?.trim().toLowerCase();
  const service = serviceOf(call.state, host);
  if (status === undefined && given['maintenance_mode'] === undefined)
    throw badRequest(`${JSON.stringify(given)} does not have enough properties`);
  // Only Xen had this.
  if (given['maintenance_mode'] !== undefined)
    throw new ServiceFault(501, 'The requested functionality is not supported.');
  if (service === undefined) throw notFound(`Host '${host}' is not mapped to any cell`);
  service.disabled = status !== 'enable';
  return { host, status: service.disabled ? 'disabled' : 'enabled' };
}

/** Only the fake driver can do this; others answer `NotImplementedError`. */
const power: Handler = (call) => {
  if (serviceOf(call.state, call.param('host')) === undefined)
    throw notFound(`Host '${call.param('host')}' is not mapped to any cell`);
  throw new ServiceFault(501, 'The requested functionality is not supported.');
};

/** The older API of hosts: `os-services` and `os-hypervisors` from 2.43 on. */
export const hostRoutes: Routes = Object.fromEntries(
  Object.entries({
    'GET os-hosts': admin('os_compute_api:os-hosts:list', (call) => {
      const wanted = call.query.get('zone');
      const hosts = call.state.compute.services
        .values()
        .filter((service) => !service.disabled && (wanted === null || zone(call, service) === wanted))
        .map((service) => ({
          host_name: service.host,
          service: service.binary.replace(/^nova-/, ''),
          zone: zone(call, service),
        }));
      return ok({ hosts });
    }),
    'GET os-hosts/{host}': admin('os_compute_api:os-hosts:show', (call) => ok({ host: resources(call) })),
    'PUT os-hosts/{host}': admin('os_compute_api:os-hosts:update', (call) => ok(update(call))),
    'GET os-hosts/{host}/startup': admin('os_compute_api:os-hosts:start', power),
    'GET os-hosts/{host}/shutdown': admin('os_compute_api:os-hosts:shutdown', power),
    'GET os-hosts/{host}/reboot': admin('os_compute_api:os-hosts:reboot', power),
  }).map(([route, handler]) => [route, onlyBelow('2.43', handler)]),
);

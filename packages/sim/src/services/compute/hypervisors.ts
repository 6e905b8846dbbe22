import { ok } from '../../answer.ts';
import { admin, type Call, type Handler, type Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { isUuid } from '../../ids.ts';
import { limitOf, paginate, withNextLink } from '../../paging.ts';
import { type Json, str } from '../../wire.ts';
import { requireAllCells } from './down-cell.ts';
import { isHostRunning, isUp, serviceOf } from './hosts.ts';
import type { Hypervisor } from './state.ts';

/**
 * Makes a handler of hypervisors for administrators. Nova searches every cell, and fails if one does not answer (500 on
 * the lab).
 */
const onHypervisors = (rule: string, handler: Handler): Handler =>
  admin(`os_compute_api:os-hypervisors:${rule}`, requireAllCells(handler));

export const hypervisorRoutes: Routes = {
  'GET os-hypervisors': onHypervisors('list', (call) => listHypervisors(call, false)),
  'GET os-hypervisors/detail': onHypervisors('list-detail', (call) => listHypervisors(call, true)),
  'GET os-hypervisors/statistics': onHypervisors('statistics', (call) => {
    const all = call.state.compute.hypervisors.values().map((hypervisor) => usage(call, hypervisor));
    const sum = (name: keyof ReturnType<typeof usage>): number =>
      all.reduce((total, hypervisor) => total + hypervisor[name], 0);
    const names = [
      'vcpus',
      'memory_mb',
      'local_gb',
      'vcpus_used',
      'memory_mb_used',
      'local_gb_used',
      'free_ram_mb',
      'free_disk_gb',
      'current_workload',
      'running_vms',
      'disk_available_least',
    ] as const;
    return ok({
      hypervisor_statistics: {
        count: all.length,
        ...Object.fromEntries(names.map((name) => [name, sum(name)])),
      },
    });
  }),
  'GET os-hypervisors/{id}': onHypervisors('show', (call) => {
    const hypervisor = hypervisorById(call);
    return ok({ hypervisor: hypervisorView(call, hypervisor, true) });
  }),
  'GET os-hypervisors/{id}/uptime': onHypervisors('uptime', (call) => {
    const hypervisor = hypervisorById(call);
    if (!isHostRunning(call.state, hypervisor.host))
      throw badRequest(`Compute service of ${hypervisor.host} is unavailable at this time.`);
    return ok({
      hypervisor: {
        id: hypervisorId(call, hypervisor),
        hypervisor_hostname: hypervisor.host,
        state: 'up',
        status: 'enabled',
        uptime: uptime(call, hypervisor),
      },
    });
  }),
  'GET os-hypervisors/{pattern}/search': onHypervisors('search', (call) =>
    ok({ hypervisors: matching(call).map((hypervisor) => hypervisorView(call, hypervisor, false)) }),
  ),
  'GET os-hypervisors/{pattern}/servers': onHypervisors('servers', (call) =>
    ok({
      hypervisors: matching(call).map((hypervisor) => ({
        ...hypervisorView(call, hypervisor, false),
        servers: serversOn(call, hypervisor.host),
      })),
    }),
  ),
};

const hypervisorId = (call: Call, hypervisor: Hypervisor): string | number =>
  call.atLeast('2.53') ? hypervisor.id : hypervisor.row;

function hypervisorById(call: Call): Hypervisor {
  const id = call.param('id');
  if (call.atLeast('2.53') && !isUuid(id)) throw badRequest(`Invalid uuid ${id}`);
  const hypervisor = call.state.compute.hypervisors.find(
    (candidate) => str(hypervisorId(call, candidate)) === id,
  );
  if (hypervisor === undefined) throw notFound(`Hypervisor with ID '${id}' could not be found.`);
  return hypervisor;
}

function listHypervisors(call: Call, full: boolean) {
  const limit = call.atLeast('2.33') ? limitOf(call) : 1000;
  const pattern = call.query.get('hypervisor_hostname_pattern');
  // Hypervisors come in the order of their rows: the newest last.
  const all = call.state.compute.hypervisors;
  const from = {
    size: all.size,
    get: (id: string) => all.get(id),
    values: () => all.values(),
    newestFirst: (after?: string) => oldestFirst(all.values(), after),
  };
  const page = paginate(from, {
    filter: (hypervisor) => pattern === null || hypervisor.host.includes(pattern),
    marker: call.atLeast('2.33') ? (call.query.get('marker') ?? undefined) : undefined,
    limit,
  });
  const body = withNextLink(
    call,
    'hypervisors',
    page,
    page.map((hypervisor) => hypervisorView(call, hypervisor, full)),
    limit,
  );
  if (!call.atLeast('2.33')) delete body['hypervisors_links'];
  return ok(body);
}

function oldestFirst(all: Hypervisor[], after: string | undefined): Hypervisor[] {
  return after === undefined ? all : all.slice(all.findIndex((hypervisor) => hypervisor.id === after) + 1);
}

function usage(call: Call, hypervisor: Hypervisor) {
  const { placement } = call.state;
  const [vcpus, memory, disk] = [
    placement.used(hypervisor.id, 'VCPU'),
    placement.used(hypervisor.id, 'MEMORY_MB') + 512,
    placement.used(hypervisor.id, 'DISK_GB'),
  ];
  return {
    vcpus: hypervisor.vcpus,
    memory_mb: hypervisor.memory_mb,
    local_gb: hypervisor.local_gb,
    vcpus_used: vcpus,
    memory_mb_used: memory,
    local_gb_used: disk,
    free_ram_mb: hypervisor.memory_mb - memory,
    free_disk_gb: hypervisor.local_gb - disk,
    current_workload: 0,
    running_vms: call.state.compute.servers.kept().filter((server) => server.host === hypervisor.host).length,
    disk_available_least: hypervisor.local_gb - disk,
  };
}

const uptime = (call: Call, hypervisor: Hypervisor): string => {
  const days = Math.floor(
    (call.now - (serviceOf(call.state, hypervisor.host)?.since ?? call.now)) / 86_400_000,
  );
  return ` 00:00:00 up ${days} days,  0:00,  1 user,  load average: 0.10, 0.10, 0.10\n`;
};

function hypervisorView(call: Call, hypervisor: Hypervisor, full: boolean): Json {
  const service = serviceOf(call.state, hypervisor.host);
  const up = service !== undefined && isUp(call.now, service);
  const short = {
    id: hypervisorId(call, hypervisor),
    hypervisor_hostname: hypervisor.host,
    state: up ? 'up' : 'down',
    status: service?.disabled === true ? 'disabled' : 'enabled',
    ...(call.atLeast('2.53') && call.query.get('with_servers') === 'true'
      ? { servers: serversOn(call, hypervisor.host) }
      : {}),
  };
  if (!full) return short;
  const cpu = {
    arch: 'x86_64',
    model: 'Cascadelake-Server',
    vendor: 'Intel',
    features: ['avx2', 'vmx'],
    topology: { cells: 2, sockets: 1, cores: hypervisor.vcpus / 4, threads: 2 },
  };
  return {
    ...short,
    hypervisor_type: 'QEMU',
    hypervisor_version: 7_002_000,
    host_ip: hypervisor.ip,
    service: {
      id: call.atLeast('2.53') ? service?.id : service?.row,
      host: hypervisor.host,
      disabled_reason: service?.disabled_reason ?? null,
    },
    ...(call.atLeast('2.88')
      ? { uptime: up ? uptime(call, hypervisor) : null }
      : { ...usage(call, hypervisor), cpu_info: call.atLeast('2.28') ? cpu : JSON.stringify(cpu) }),
  };
}

function matching(call: Call): Hypervisor[] {
  const found = call.state.compute.hypervisors.filter((hypervisor) =>
    hypervisor.host.includes(call.param('pattern')),
  );
  if (found.length === 0) throw notFound(`No hypervisor matching '${call.param('pattern')}' could be found.`);
  return found;
}

const serversOn = (call: Call, host: string): Json[] =>
  call.state.compute.servers
    .kept()
    .filter((server) => server.host === host)
    .map((server) => ({ uuid: server.id, name: server.name }));

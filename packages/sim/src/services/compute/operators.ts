import { ok, noContent } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { isUuid } from '../../ids.ts';
import { cut, limitOf, linked } from '../../paging.ts';
import { flag, type Json, metadata, micros, record, text, str } from '../../wire.ts';
import { forceDown, isUp, lastReport, serviceOf, works, zoneOf } from './hosts.ts';
import type { World } from '../../world.ts';
import type { Aggregate, ComputeService, Hypervisor } from './state.ts';

/** Services, hypervisors, aggregates and zones: the operator's side of Nova. */
export const operatorRoutes: Routes = {
  'GET os-services': admin('os_compute_api:os-services:list', (call) => {
    const { host, binary } = Object.fromEntries(call.query);
    const found = call.world.compute.services.filter(
      (one) => (host === undefined || one.host === host) && (binary === undefined || one.binary === binary),
    );
    return ok({ services: found.map((one) => serviceView(call, one)) });
  }),
  'PUT os-services/{id}': admin('os_compute_api:os-services:update', (call) => {
    const one = serviceById(call);
    const given = record(call.body);
    if (given['forced_down'] !== undefined) forceDown(call.world, one, flag(given['forced_down']));
    if (given['disabled_reason'] !== undefined && given['status'] !== 'disabled') {
      throw badRequest("Specifying disabled_reason requires that status is 'disabled'.");
    }
    if (given['status'] !== undefined) one.disabled = given['status'] === 'disabled';
    one.disabled_reason = one.disabled ? (text(given['disabled_reason']) ?? one.disabled_reason) : null;
    return ok({ service: serviceView(call, one) });
  }),
  'DELETE os-services/{id}': admin('os_compute_api:os-services:delete', (call) => {
    const one = serviceById(call);
    const { compute, placement } = call.world;
    if (compute.servers.kept().some((server) => server.host === one.host)) {
      throw conflict(
        'Unable to delete compute service that is hosting instances. Migrate or delete the instances first.',
      );
    }
    compute.services.delete(one.id);
    const hypervisor = compute.hypervisors.find((each) => each.host === one.host);
    if (hypervisor !== undefined && one.binary === 'nova-compute') {
      compute.hypervisors.delete(hypervisor.id);
      placement.providers.delete(hypervisor.id);
    }
    return noContent;
  }),
  ...byName('enable', (one) => Object.assign(one, { disabled: false, disabled_reason: null })),
  ...byName('disable', (one) => void (one.disabled = true)),
  ...byName('disable-log-reason', (one, given) =>
    Object.assign(one, { disabled: true, disabled_reason: text(given['disabled_reason']) ?? null }),
  ),
  ...byName('force-down', (one, given, world) => forceDown(world, one, flag(given['forced_down']))),
  'GET os-hypervisors': admin('os_compute_api:os-hypervisors:list', (call) => listHypervisors(call, false)),
  'GET os-hypervisors/detail': admin('os_compute_api:os-hypervisors:list-detail', (call) =>
    listHypervisors(call, true),
  ),
  'GET os-hypervisors/statistics': admin('os_compute_api:os-hypervisors:statistics', (call) => {
    const all = call.world.compute.hypervisors.values().map((one) => usage(call, one));
    const sum = (name: keyof ReturnType<typeof usage>): number =>
      all.reduce((total, one) => total + one[name], 0);
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
  'GET os-hypervisors/{id}': admin('os_compute_api:os-hypervisors:show', (call) => {
    const one = hypervisorById(call);
    return ok({ hypervisor: hypervisorView(call, one, true) });
  }),
  'GET os-hypervisors/{id}/uptime': admin('os_compute_api:os-hypervisors:uptime', (call) => {
    const one = hypervisorById(call);
    if (!works(call.world, one.host))
      throw badRequest(`Compute service of ${one.host} is unavailable at this time.`);
    return ok({
      hypervisor: {
        id: hypervisorId(call, one),
        hypervisor_hostname: one.host,
        state: 'up',
        status: 'enabled',
        uptime: uptime(call, one),
      },
    });
  }),
  'GET os-hypervisors/{pattern}/search': admin('os_compute_api:os-hypervisors:search', (call) =>
    ok({ hypervisors: matching(call).map((one) => hypervisorView(call, one, false)) }),
  ),
  'GET os-hypervisors/{pattern}/servers': admin('os_compute_api:os-hypervisors:servers', (call) =>
    ok({
      hypervisors: matching(call).map((one) => ({
        ...hypervisorView(call, one, false),
        servers: serversOn(call, one.host),
      })),
    }),
  ),
  'GET os-availability-zone': (call) => (call.token, ok({ availabilityZoneInfo: zones(call, false) })),
  'GET os-availability-zone/detail': admin('os_compute_api:os-availability-zone:detail', (call) =>
    ok({ availabilityZoneInfo: zones(call, true) }),
  ),
  'GET os-aggregates': admin('os_compute_api:os-aggregates:index', (call) =>
    ok({ aggregates: call.world.compute.aggregates.values().map(aggregateView) }),
  ),
  'POST os-aggregates': admin('os_compute_api:os-aggregates:create', (call) => {
    const given = call.envelope('aggregate');
    const name = text(given['name']) ?? '';
    if (call.world.compute.aggregates.find((one) => one.name === name) !== undefined)
      throw conflict(`Aggregate ${name} already exists.`);
    const one = call.world.compute.aggregates.add({
      id: str(call.world.compute.row('aggregates')),
      uuid: call.world.ids.uuid(),
      created: call.now,
      name,
      updated: null,
      hosts: [],
      metadata:
        text(given['availability_zone']) === undefined
          ? {}
          : { availability_zone: text(given['availability_zone']) as string },
    });
    const { hosts: _hosts, metadata: _metadata, ...shown } = aggregateView(one);
    return ok({ aggregate: shown });
  }),
  'GET os-aggregates/{id}': admin('os_compute_api:os-aggregates:show', (call) =>
    ok({ aggregate: aggregateView(aggregate(call)) }),
  ),
  'PUT os-aggregates/{id}': admin('os_compute_api:os-aggregates:update', (call) => {
    const one = aggregate(call);
    const given = call.envelope('aggregate');
    one.name = text(given['name']) ?? one.name;
    const zone = text(given['availability_zone']);
    if (zone !== undefined) one.metadata['availability_zone'] = zone;
    one.updated = call.now;
    return ok({ aggregate: aggregateView(one) });
  }),
  'DELETE os-aggregates/{id}': admin('os_compute_api:os-aggregates:delete', (call) => {
    const one = aggregate(call);
    if (one.hosts.length > 0)
      throw badRequest(`Cannot remove host from aggregate ${one.id}. Reason: Host aggregate is not empty.`);
    call.world.compute.aggregates.delete(one.id);
    return ok(undefined);
  }),
  'POST os-aggregates/{id}/action#add_host': admin('os_compute_api:os-aggregates:add_host', (call) => {
    const one = aggregate(call);
    const host = text(record(record(call.body)['add_host'])['host']) ?? '';
    if (serviceOf(call.world, host) === undefined) throw notFound(`Compute host ${host} could not be found.`);
    if (one.hosts.includes(host)) throw conflict(`Host ${host} already exists in aggregate ${one.id}.`);
    one.hosts = [...one.hosts, host];
    one.updated = call.now;
    return ok({ aggregate: aggregateView(one) });
  }),
  'POST os-aggregates/{id}/action#remove_host': admin('os_compute_api:os-aggregates:remove_host', (call) => {
    const one = aggregate(call);
    const host = text(record(record(call.body)['remove_host'])['host']) ?? '';
    if (!one.hosts.includes(host))
      throw notFound(`Cannot remove host ${host} in aggregate ${one.id}: not found`);
    one.hosts = one.hosts.filter((each) => each !== host);
    return ok({ aggregate: aggregateView(one) });
  }),
  'POST os-aggregates/{id}/action#set_metadata': admin(
    'os_compute_api:os-aggregates:set_metadata',
    (call) => {
      const one = aggregate(call);
      for (const [name, value] of Object.entries(
        record(record(record(call.body)['set_metadata'])['metadata']),
      )) {
        if (value === null) delete one.metadata[name];
        else Object.assign(one.metadata, metadata({ [name]: value }));
      }
      return ok({ aggregate: aggregateView(one) });
    },
  ),
};

/** The older way, gone with 2.53: a service by host and binary. */
function byName(verb: string, change: (one: ComputeService, given: Json, world: World) => void): Routes {
  return {
    [`PUT os-services/${verb}`]: admin('os_compute_api:os-services:update', (call) => {
      const given = record(call.body);
      const one = call.world.compute.services.find(
        (each) => each.host === given['host'] && each.binary === given['binary'],
      );
      if (one === undefined) throw notFound(`Host '${str(given['host'])}' is not mapped to any cell`);
      change(one, given, call.world);
      return ok({
        service: {
          binary: one.binary,
          host: one.host,
          status: one.disabled ? 'disabled' : 'enabled',
          ...(verb === 'disable-log-reason' ? { disabled_reason: one.disabled_reason } : {}),
          ...(verb === 'force-down' ? { forced_down: one.forced_down } : {}),
        },
      });
    }),
  };
}

function serviceById(call: Call): ComputeService {
  const id = call.param('id');
  if (call.atLeast('2.53') && !isUuid(id)) throw badRequest(`Invalid uuid ${id}`);
  const one = call.world.compute.services.find((each) =>
    call.atLeast('2.53') ? each.id === id : str(each.row) === id,
  );
  if (one === undefined) throw notFound(`Service ${id} not found.`);
  return one;
}

const serviceView = (call: Call, one: ComputeService): Json => ({
  binary: one.binary,
  host: one.host,
  id: call.atLeast('2.53') ? one.id : one.row,
  zone: one.binary === 'nova-compute' ? zoneOf(call.world, one.host) : 'internal',
  status: one.disabled ? 'disabled' : 'enabled',
  state: isUp(call.now, one) ? 'up' : 'down',
  updated_at: micros(lastReport(call.now, one)),
  disabled_reason: one.disabled_reason,
  ...(call.atLeast('2.11') ? { forced_down: one.forced_down } : {}),
});

const hypervisorId = (call: Call, one: Hypervisor): string | number =>
  call.atLeast('2.53') ? one.id : one.row;

function hypervisorById(call: Call): Hypervisor {
  const id = call.param('id');
  if (call.atLeast('2.53') && !isUuid(id)) throw badRequest(`Invalid uuid ${id}`);
  const one = call.world.compute.hypervisors.find((each) => str(hypervisorId(call, each)) === id);
  if (one === undefined) throw notFound(`Hypervisor with ID '${id}' could not be found.`);
  return one;
}

function listHypervisors(call: Call, full: boolean) {
  const limit = limitOf(call);
  const pattern = call.query.get('hypervisor_hostname_pattern');
  // Hypervisors come in the order of their rows: the newest last.
  const all = call.world.compute.hypervisors;
  const from = {
    size: all.size,
    get: (id: string) => all.get(id),
    values: () => all.values(),
    newestFirst: (after?: string) => oldestFirst(all.values(), after),
  };
  const page = cut(from, {
    filter: (one) => pattern === null || one.host.includes(pattern),
    marker: call.query.get('marker') ?? undefined,
    limit,
  });
  const body = linked(
    call,
    'hypervisors',
    page,
    page.map((one) => hypervisorView(call, one, full)),
    limit,
  );
  if (!call.atLeast('2.33')) delete body['hypervisors_links'];
  return ok(body);
}

function oldestFirst(all: Hypervisor[], after: string | undefined): Hypervisor[] {
  return after === undefined ? all : all.slice(all.findIndex((one) => one.id === after) + 1);
}

function usage(call: Call, one: Hypervisor) {
  const { placement } = call.world;
  const [vcpus, memory, disk] = [
    placement.used(one.id, 'VCPU'),
    placement.used(one.id, 'MEMORY_MB') + 512,
    placement.used(one.id, 'DISK_GB'),
  ];
  return {
    vcpus: one.vcpus,
    memory_mb: one.memory_mb,
    local_gb: one.local_gb,
    vcpus_used: vcpus,
    memory_mb_used: memory,
    local_gb_used: disk,
    free_ram_mb: one.memory_mb - memory,
    free_disk_gb: one.local_gb - disk,
    current_workload: 0,
    running_vms: call.world.compute.servers.kept().filter((server) => server.host === one.host).length,
    disk_available_least: one.local_gb - disk,
  };
}

const uptime = (call: Call, one: Hypervisor): string => {
  const days = Math.floor((call.now - (serviceOf(call.world, one.host)?.since ?? call.now)) / 86_400_000);
  return ` 00:00:00 up ${days} days,  0:00,  1 user,  load average: 0.10, 0.10, 0.10\n`;
};

function hypervisorView(call: Call, one: Hypervisor, full: boolean): Json {
  const service = serviceOf(call.world, one.host);
  const up = service !== undefined && isUp(call.now, service);
  const short = {
    id: hypervisorId(call, one),
    hypervisor_hostname: one.host,
    state: up ? 'up' : 'down',
    status: service?.disabled === true ? 'disabled' : 'enabled',
    ...(call.atLeast('2.53') && call.query.get('with_servers') === 'true'
      ? { servers: serversOn(call, one.host) }
      : {}),
  };
  if (!full) return short;
  const cpu = {
    arch: 'x86_64',
    model: 'Cascadelake-Server',
    vendor: 'Intel',
    features: ['avx2', 'vmx'],
    topology: { cells: 2, sockets: 1, cores: one.vcpus / 4, threads: 2 },
  };
  return {
    ...short,
    hypervisor_type: 'QEMU',
    hypervisor_version: 7_002_000,
    host_ip: one.ip,
    service: {
      id: call.atLeast('2.53') ? service?.id : service?.row,
      host: one.host,
      disabled_reason: service?.disabled_reason ?? null,
    },
    ...(call.atLeast('2.88')
      ? { uptime: up ? uptime(call, one) : null }
      : { ...usage(call, one), cpu_info: call.atLeast('2.28') ? cpu : JSON.stringify(cpu) }),
  };
}

function matching(call: Call): Hypervisor[] {
  const found = call.world.compute.hypervisors.filter((one) => one.host.includes(call.param('pattern')));
  if (found.length === 0) throw notFound(`No hypervisor matching '${call.param('pattern')}' could be found.`);
  return found;
}

const serversOn = (call: Call, host: string): Json[] =>
  call.world.compute.servers
    .kept()
    .filter((server) => server.host === host)
    .map((server) => ({ uuid: server.id, name: server.name }));

function zones(call: Call, full: boolean): Json[] {
  const zoneHosts = new Map<string, Record<string, Json>>();
  const available = new Map<string, boolean>();
  for (const one of call.world.compute.services.values()) {
    const zone = one.binary === 'nova-compute' ? zoneOf(call.world, one.host) : 'internal';
    if (zone === 'internal' && !full) continue;
    const hosts = zoneHosts.get(zone) ?? {};
    zoneHosts.set(zone, hosts);
    const up = isUp(call.now, one);
    (hosts[one.host] ??= {})[one.binary] = {
      available: up,
      active: !one.disabled,
      updated_at: micros(lastReport(call.now, one)),
    };
    available.set(zone, available.get(zone) === true || (up && !one.disabled));
  }
  return [...zoneHosts].map(([zoneName, hosts]) => ({
    zoneName,
    zoneState: { available: available.get(zoneName) ?? false },
    hosts: full ? hosts : null,
  }));
}

function aggregate(call: Call): Aggregate {
  const one = call.world.compute.aggregates.get(call.param('id'));
  if (one === undefined) throw notFound(`Aggregate ${call.param('id')} could not be found.`);
  return one;
}

const aggregateView = (one: Aggregate): Json => ({
  id: Number(one.id),
  uuid: one.uuid,
  name: one.name,
  created_at: micros(one.created),
  updated_at: one.updated === null ? null : micros(one.updated),
  deleted_at: null,
  deleted: false,
  availability_zone: one.metadata['availability_zone'] ?? null,
  hosts: one.hosts,
  metadata: one.metadata,
});

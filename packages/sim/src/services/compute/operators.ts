import { ok, noContent } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { isUuid } from '../../ids.ts';
import { flag, type Json, metadata, micros, record, text, str } from '../../wire.ts';
import { isDark, isTold } from './dark-cell.ts';
import { forceDown, isUp, lastReport, serviceOf, zoneOf } from './hosts.ts';
import { hypervisorRoutes } from './hypervisors.ts';
import type { SimState } from '../../sim-state.ts';
import type { Aggregate, ComputeService } from './state.ts';

/** Services, hypervisors, aggregates and zones: the operator's side of Nova. */
export const operatorRoutes: Routes = {
  'GET os-services': admin('os_compute_api:os-services:list', (call) => {
    const { host, binary } = Object.fromEntries(call.query);
    const found = call.state.compute.services.filter(
      (service) =>
        (host === undefined || service.host === host) && (binary === undefined || service.binary === binary),
    );
    // From 2.69 on Nova tells of a host out of reach, with its mapping's words and no other; before, it is left out.
    return ok({
      services: found
        .filter((service) => isTold(call) || !inDark(call, service))
        .map((service) =>
          inDark(call, service)
            ? { binary: service.binary, host: service.host, status: 'UNKNOWN' }
            : serviceView(call, service),
        ),
    });
  }),
  'PUT os-services/{id}': admin('os_compute_api:os-services:update', (call) => {
    const service = serviceById(call);
    const given = record(call.body);
    if (given['forced_down'] !== undefined) forceDown(call.state, service, flag(given['forced_down']));
    if (given['disabled_reason'] !== undefined && given['status'] !== 'disabled') {
      throw badRequest("Specifying disabled_reason requires that status is 'disabled'.");
    }
    if (given['status'] !== undefined) service.disabled = given['status'] === 'disabled';
    service.disabled_reason = service.disabled
      ? (text(given['disabled_reason']) ?? service.disabled_reason)
      : null;
    return ok({ service: serviceView(call, service) });
  }),
  'DELETE os-services/{id}': admin('os_compute_api:os-services:delete', (call) => {
    const service = serviceById(call);
    const { compute, placement } = call.state;
    if (compute.servers.kept().some((server) => server.host === service.host)) {
      throw conflict(
        'Unable to delete compute service that is hosting instances. Migrate or delete the instances first.',
      );
    }
    compute.services.delete(service.id);
    const hypervisor = compute.hypervisors.find((candidate) => candidate.host === service.host);
    if (hypervisor !== undefined && service.binary === 'nova-compute') {
      compute.hypervisors.delete(hypervisor.id);
      placement.providers.delete(hypervisor.id);
    }
    return noContent;
  }),
  ...byName('enable', (service) => Object.assign(service, { disabled: false, disabled_reason: null })),
  ...byName('disable', (service) => void (service.disabled = true)),
  ...byName('disable-log-reason', (service, given) =>
    Object.assign(service, { disabled: true, disabled_reason: text(given['disabled_reason']) ?? null }),
  ),
  ...byName('force-down', (service, given, state) => forceDown(state, service, flag(given['forced_down']))),
  ...hypervisorRoutes,
  'GET os-availability-zone': (call) => (call.token, ok({ availabilityZoneInfo: zones(call, false) })),
  'GET os-availability-zone/detail': admin('os_compute_api:os-availability-zone:detail', (call) =>
    ok({ availabilityZoneInfo: zones(call, true) }),
  ),
  'GET os-aggregates': admin('os_compute_api:os-aggregates:index', (call) =>
    ok({ aggregates: call.state.compute.aggregates.values().map(aggregateView) }),
  ),
  'POST os-aggregates': admin('os_compute_api:os-aggregates:create', (call) => {
    const given = call.envelope('aggregate');
    const name = text(given['name']) ?? '';
    if (call.state.compute.aggregates.find((aggregate) => aggregate.name === name) !== undefined)
      throw conflict(`Aggregate ${name} already exists.`);
    const aggregate = call.state.compute.aggregates.add({
      id: str(call.state.compute.row('aggregates')),
      uuid: call.state.ids.uuid(),
      created: call.now,
      name,
      updated: null,
      hosts: [],
      metadata:
        text(given['availability_zone']) === undefined
          ? {}
          : { availability_zone: text(given['availability_zone']) as string },
    });
    const { hosts: _hosts, metadata: _metadata, ...shown } = aggregateView(aggregate);
    return ok({ aggregate: shown });
  }),
  'GET os-aggregates/{id}': admin('os_compute_api:os-aggregates:show', (call) =>
    ok({ aggregate: aggregateView(aggregateOf(call)) }),
  ),
  'PUT os-aggregates/{id}': admin('os_compute_api:os-aggregates:update', (call) => {
    const aggregate = aggregateOf(call);
    const given = call.envelope('aggregate');
    aggregate.name = text(given['name']) ?? aggregate.name;
    const zone = text(given['availability_zone']);
    if (zone !== undefined) aggregate.metadata['availability_zone'] = zone;
    aggregate.updated = call.now;
    return ok({ aggregate: aggregateView(aggregate) });
  }),
  'DELETE os-aggregates/{id}': admin('os_compute_api:os-aggregates:delete', (call) => {
    const aggregate = aggregateOf(call);
    if (aggregate.hosts.length > 0)
      throw badRequest(
        `Cannot remove host from aggregate ${aggregate.id}. Reason: Host aggregate is not empty.`,
      );
    call.state.compute.aggregates.delete(aggregate.id);
    return ok(undefined);
  }),
  'POST os-aggregates/{id}/action#add_host': admin('os_compute_api:os-aggregates:add_host', (call) => {
    const aggregate = aggregateOf(call);
    const host = text(record(record(call.body)['add_host'])['host']) ?? '';
    if (serviceOf(call.state, host) === undefined) throw notFound(`Compute host ${host} could not be found.`);
    if (aggregate.hosts.includes(host))
      throw conflict(`Host ${host} already exists in aggregate ${aggregate.id}.`);
    aggregate.hosts = [...aggregate.hosts, host];
    aggregate.updated = call.now;
    return ok({ aggregate: aggregateView(aggregate) });
  }),
  'POST os-aggregates/{id}/action#remove_host': admin('os_compute_api:os-aggregates:remove_host', (call) => {
    const aggregate = aggregateOf(call);
    const host = text(record(record(call.body)['remove_host'])['host']) ?? '';
    if (!aggregate.hosts.includes(host))
      throw notFound(`Cannot remove host ${host} in aggregate ${aggregate.id}: not found`);
    aggregate.hosts = aggregate.hosts.filter((other) => other !== host);
    return ok({ aggregate: aggregateView(aggregate) });
  }),
  'POST os-aggregates/{id}/action#set_metadata': admin(
    'os_compute_api:os-aggregates:set_metadata',
    (call) => {
      const aggregate = aggregateOf(call);
      for (const [name, value] of Object.entries(
        record(record(record(call.body)['set_metadata'])['metadata']),
      )) {
        if (value === null) delete aggregate.metadata[name];
        else Object.assign(aggregate.metadata, metadata({ [name]: value }));
      }
      return ok({ aggregate: aggregateView(aggregate) });
    },
  ),
};

/** The older way, gone with 2.53: a service by host and binary. */
function byName(
  verb: string,
  change: (service: ComputeService, given: Json, state: SimState) => void,
): Routes {
  return {
    [`PUT os-services/${verb}`]: admin('os_compute_api:os-services:update', (call) => {
      const given = record(call.body);
      const service = call.state.compute.services.find(
        (candidate) => candidate.host === given['host'] && candidate.binary === given['binary'],
      );
      if (service === undefined) throw notFound(`Host '${str(given['host'])}' is not mapped to any cell`);
      change(service, given, call.state);
      return ok({
        service: {
          binary: service.binary,
          host: service.host,
          status: service.disabled ? 'disabled' : 'enabled',
          ...(verb === 'disable-log-reason' ? { disabled_reason: service.disabled_reason } : {}),
          ...(verb === 'force-down' ? { forced_down: service.forced_down } : {}),
        },
      });
    }),
  };
}

function serviceById(call: Call): ComputeService {
  const id = call.param('id');
  if (call.atLeast('2.53') && !isUuid(id)) throw badRequest(`Invalid uuid ${id}`);
  const service = call.state.compute.services.find((candidate) =>
    call.atLeast('2.53') ? candidate.id === id : str(candidate.row) === id,
  );
  if (service === undefined) throw notFound(`Service ${id} not found.`);
  return service;
}

/** A service in a cell that does not answer: the host is all that is known of it. */
const inDark = (call: Call, service: ComputeService): boolean =>
  service.binary === 'nova-compute' && isDark(call.state, service.host);

const serviceView = (call: Call, service: ComputeService): Json => ({
  binary: service.binary,
  host: service.host,
  id: call.atLeast('2.53') ? service.id : service.row,
  zone: service.binary === 'nova-compute' ? zoneOf(call.state, service.host) : 'internal',
  status: service.disabled ? 'disabled' : 'enabled',
  state: isUp(call.now, service) ? 'up' : 'down',
  updated_at: micros(lastReport(call.now, service)),
  disabled_reason: service.disabled_reason,
  ...(call.atLeast('2.11') ? { forced_down: service.forced_down } : {}),
});

function zones(call: Call, full: boolean): Json[] {
  const zoneHosts = new Map<string, Record<string, Json>>();
  const available = new Map<string, boolean>();
  for (const service of call.state.compute.services.values()) {
    if (service.binary === 'nova-compute' && isDark(call.state, service.host)) continue;
    const zone = service.binary === 'nova-compute' ? zoneOf(call.state, service.host) : 'internal';
    if (zone === 'internal' && !full) continue;
    const hosts = zoneHosts.get(zone) ?? {};
    zoneHosts.set(zone, hosts);
    const up = isUp(call.now, service);
    (hosts[service.host] ??= {})[service.binary] = {
      available: up,
      active: !service.disabled,
      updated_at: micros(lastReport(call.now, service)),
    };
    available.set(zone, available.get(zone) === true || (up && !service.disabled));
  }
  return [...zoneHosts].map(([zoneName, hosts]) => ({
    zoneName,
    zoneState: { available: available.get(zoneName) ?? false },
    hosts: full ? hosts : null,
  }));
}

function aggregateOf(call: Call): Aggregate {
  const aggregate = call.state.compute.aggregates.get(call.param('id'));
  if (aggregate === undefined) throw notFound(`Aggregate ${call.param('id')} could not be found.`);
  return aggregate;
}

const aggregateView = (aggregate: Aggregate): Json => ({
  id: Number(aggregate.id),
  uuid: aggregate.uuid,
  name: aggregate.name,
  created_at: micros(aggregate.created),
  updated_at: aggregate.updated === null ? null : micros(aggregate.updated),
  deleted_at: null,
  deleted: false,
  availability_zone: aggregate.metadata['availability_zone'] ?? null,
  hosts: aggregate.hosts,
  metadata: aggregate.metadata,
});

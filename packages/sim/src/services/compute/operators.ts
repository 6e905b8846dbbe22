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
      (one) => (host === undefined || one.host === host) && (binary === undefined || one.binary === binary),
    );
    // From 2.69 on Nova tells of a host out of reach, with its mapping's words and no other; before, it is left out.
    return ok({
      services: found
        .filter((one) => isTold(call) || !inDark(call, one))
        .map((one) =>
          inDark(call, one)
            ? { binary: one.binary, host: one.host, status: 'UNKNOWN' }
            : serviceView(call, one),
        ),
    });
  }),
  'PUT os-services/{id}': admin('os_compute_api:os-services:update', (call) => {
    const one = serviceById(call);
    const given = record(call.body);
    if (given['forced_down'] !== undefined) forceDown(call.state, one, flag(given['forced_down']));
    if (given['disabled_reason'] !== undefined && given['status'] !== 'disabled') {
      throw badRequest("Specifying disabled_reason requires that status is 'disabled'.");
    }
    if (given['status'] !== undefined) one.disabled = given['status'] === 'disabled';
    one.disabled_reason = one.disabled ? (text(given['disabled_reason']) ?? one.disabled_reason) : null;
    return ok({ service: serviceView(call, one) });
  }),
  'DELETE os-services/{id}': admin('os_compute_api:os-services:delete', (call) => {
    const one = serviceById(call);
    const { compute, placement } = call.state;
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
  ...byName('force-down', (one, given, state) => forceDown(state, one, flag(given['forced_down']))),
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
    if (call.state.compute.aggregates.find((one) => one.name === name) !== undefined)
      throw conflict(`Aggregate ${name} already exists.`);
    const one = call.state.compute.aggregates.add({
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
    call.state.compute.aggregates.delete(one.id);
    return ok(undefined);
  }),
  'POST os-aggregates/{id}/action#add_host': admin('os_compute_api:os-aggregates:add_host', (call) => {
    const one = aggregate(call);
    const host = text(record(record(call.body)['add_host'])['host']) ?? '';
    if (serviceOf(call.state, host) === undefined) throw notFound(`Compute host ${host} could not be found.`);
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
function byName(verb: string, change: (one: ComputeService, given: Json, state: SimState) => void): Routes {
  return {
    [`PUT os-services/${verb}`]: admin('os_compute_api:os-services:update', (call) => {
      const given = record(call.body);
      const one = call.state.compute.services.find(
        (each) => each.host === given['host'] && each.binary === given['binary'],
      );
      if (one === undefined) throw notFound(`Host '${str(given['host'])}' is not mapped to any cell`);
      change(one, given, call.state);
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
  const one = call.state.compute.services.find((each) =>
    call.atLeast('2.53') ? each.id === id : str(each.row) === id,
  );
  if (one === undefined) throw notFound(`Service ${id} not found.`);
  return one;
}

/** A service in a cell that does not answer: the host is all that is known of it. */
const inDark = (call: Call, one: ComputeService): boolean =>
  one.binary === 'nova-compute' && isDark(call.state, one.host);

const serviceView = (call: Call, one: ComputeService): Json => ({
  binary: one.binary,
  host: one.host,
  id: call.atLeast('2.53') ? one.id : one.row,
  zone: one.binary === 'nova-compute' ? zoneOf(call.state, one.host) : 'internal',
  status: one.disabled ? 'disabled' : 'enabled',
  state: isUp(call.now, one) ? 'up' : 'down',
  updated_at: micros(lastReport(call.now, one)),
  disabled_reason: one.disabled_reason,
  ...(call.atLeast('2.11') ? { forced_down: one.forced_down } : {}),
});

function zones(call: Call, full: boolean): Json[] {
  const zoneHosts = new Map<string, Record<string, Json>>();
  const available = new Map<string, boolean>();
  for (const one of call.state.compute.services.values()) {
    if (one.binary === 'nova-compute' && isDark(call.state, one.host)) continue;
    const zone = one.binary === 'nova-compute' ? zoneOf(call.state, one.host) : 'internal';
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
  const one = call.state.compute.aggregates.get(call.param('id'));
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

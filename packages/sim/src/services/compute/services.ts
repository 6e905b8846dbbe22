import { noContent, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { isUuid } from '../../ids.ts';
import { NOVA_API } from '../../logs/requests/nova.ts';
import type { SimState } from '../../sim-state.ts';
import { flag, type Json, micros, record, str, text } from '../../wire.ts';
import { syncDisabledTrait } from './disabled-trait.ts';
import { isInDownCell, showsDownCells } from './down-cell.ts';
import { forceDown, isUp, lastReport, zoneOf } from './hosts.ts';
import type { ComputeService } from './state.ts';

export const serviceRoutes: Routes = {
  'GET os-services': admin('os_compute_api:os-services:list', (call) => {
    const { host, binary } = Object.fromEntries(call.query);
    const found = call.state.compute.services.filter(
      (service) =>
        (host === undefined || service.host === host) && (binary === undefined || service.binary === binary),
    );
    // Since 2.69 Nova shows a host of a down cell, with the fields of its mapping only; before, it is left out.
    return ok({
      services: found
        .filter((service) => showsDownCells(call) || !isServiceInDownCell(call, service))
        .map((service) =>
          isServiceInDownCell(call, service)
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
    if (isUp(call.now, service)) syncDisabledTrait(call.state, service);
    else if (given['status'] !== undefined) tellTraitLater(call, service);
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
};

/** The older routes, until 2.53, which name a service by host and binary. */
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
      if (isUp(call.now, service)) syncDisabledTrait(call.state, service);
      else if (verb !== 'force-down') tellTraitLater(call, service);
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

/** A service that is down cannot be told that it is enabled or disabled, so that the API says so instead. */
function tellTraitLater(call: Call, { binary, host }: ComputeService): void {
  const { logs } = call.state;
  if (!logs.isOn || binary !== 'nova-compute') return;
  const by = { request_id: call.requestId, user_id: call.userId, project_id: call.projectId };
  logs.write(NOVA_API, {
    level: 'INFO',
    logger: 'nova.compute.api',
    context: logs.contextOf(by),
    message: `Compute service on host ${host} is down. The COMPUTE_STATUS_DISABLED trait will be synchronized when the service is restarted.`,
  });
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

/** Tells whether a service is in a down cell, so that only its host is known. */
const isServiceInDownCell = (call: Call, service: ComputeService): boolean =>
  service.binary === 'nova-compute' && isInDownCell(call.state, service.host);

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

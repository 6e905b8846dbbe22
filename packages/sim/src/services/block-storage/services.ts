import { ok } from '../../answer.ts';
import { admin, type Handler, type Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { type Json, record, text } from '../../wire.ts';
import { replicationRoutes } from './replication.ts';
import type { VolumeService } from './state.ts';
import { serviceView } from './views.ts';

const services = (action: string, change: (service: VolumeService, given: Json) => void): Handler =>
  admin('volume_extension:services:update', (call) => {
    const given = record(call.body);
    const [host, binary] = [
      text(given['host']) ?? '',
      text(given['binary']) ?? text(given['service']) ?? 'cinder-volume',
    ];
    const service = call.state.blockStorage.services.find(
      (candidate) => candidate.host === host && candidate.binary === binary,
    );
    if (service === undefined) throw notFound(`Service ${binary} could not be found on host ${host}.`);
    change(service, given);
    return ok({
      host,
      service: binary,
      binary,
      disabled: service.disabled,
      status: service.disabled ? 'disabled' : 'enabled',
      ...(action === 'disable-log-reason' ? { disabled_reason: service.disabled_reason } : {}),
    });
  });

export const serviceRoutes: Routes = {
  'GET os-services': admin('volume_extension:services:index', (call) => {
    const { host, binary } = Object.fromEntries(call.query);
    const found = call.state.blockStorage.services.filter(
      (service) =>
        (host === undefined || service.host === host || service.host.startsWith(`${host}@`)) &&
        (binary === undefined || service.binary === binary),
    );
    return ok({ services: found.map((service) => serviceView(call, service)) });
  }),
  'PUT os-services/enable': services('enable', (service) =>
    Object.assign(service, { disabled: false, disabled_reason: null }),
  ),
  'PUT os-services/disable': services('disable', (service) => void (service.disabled = true)),
  'PUT os-services/disable-log-reason': services('disable-log-reason', (service, given) =>
    Object.assign(service, { disabled: true, disabled_reason: text(given['disabled_reason']) ?? null }),
  ),
  ...replicationRoutes,
};

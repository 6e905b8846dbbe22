import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';
import { micros } from '../../wire.ts';
import { lastReport } from './views.ts';

export const hostRoutes: Routes = {
  'GET os-hosts': admin('volume_extension:hosts', (call) =>
    ok({
      hosts: call.state.blockStorage.services.values().map((service) => ({
        host_name: service.host,
        service: service.binary,
        zone: service.zone,
        'service-status': call.now - lastReport(call.now, service) < 60_000 ? 'available' : 'unavailable',
        'service-state': service.disabled ? 'disabled' : 'enabled',
        'last-update': micros(lastReport(call.now, service)),
      })),
    }),
  ),
};

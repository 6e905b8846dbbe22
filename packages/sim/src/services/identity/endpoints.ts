import type { Routes } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { flag, str, text } from '../../wire.ts';
import { endpointUrl } from './catalog.ts';
import { crud } from './crud.ts';

export const endpointRoutes: Routes = {
  ...crud({
    name: 'endpoint',
    plural: 'endpoints',
    store: (call) => call.state.identity.endpoints,
    make: (call, given) => {
      const region = text(given['region_id']) ?? text(given['region']) ?? call.state.settings.region;
      if (call.state.identity.services.get(str(given['service_id'])) === undefined) {
        throw badRequest(`Could not find service: ${str(given['service_id'])}.`);
      }
      return call.state.identity.endpoints.add({
        id: call.state.ids.keystone(),
        name: '',
        interface: given['interface'],
        region_id: region,
        region,
        service_id: given['service_id'],
        url: given['url'],
        enabled: flag(given['enabled']) ?? true,
      });
    },
    filters: ['interface', 'service_id', 'region_id'],
    looksUpFirst: ['get', 'update', 'delete'],
    show: (call, { name: _name, ...endpoint }) => ({
      ...endpoint,
      url:
        endpoint['url'] === ''
          ? endpointUrl(call.state, endpoint, call.url.origin, '%(project_id)s')
          : endpoint['url'],
    }),
  }),
};

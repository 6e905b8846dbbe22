import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const serviceProviderRoutes: Routes = {
  'GET service-providers': () =>
    ok({
      service_providers: ['dvrha', 'dvr', 'ha', 'single_node'].map((name) => ({
        service_type: 'L3_ROUTER_NAT',
        name,
        default: false,
      })),
    }),
};

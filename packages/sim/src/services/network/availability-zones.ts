import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const availabilityZoneRoutes: Routes = {
  'GET availability_zones': () =>
    ok({
      availability_zones: ['network', 'router'].map((kind) => ({
        state: 'available',
        name: 'nova',
        resource: kind,
      })),
    }),
};

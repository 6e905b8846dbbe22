import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const availabilityZoneRoutes: Routes = {
  'GET os-availability-zone': (call) => (
    call.token,
    ok({ availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true } }] })
  ),
};

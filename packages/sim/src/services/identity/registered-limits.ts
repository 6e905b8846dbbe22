import type { Routes } from '../../call.ts';
import { limitCrud } from './limits.ts';

export const registeredLimitRoutes: Routes = {
  ...limitCrud('registered_limit', 'registered_limits', 'default_limit'),
};

import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const flavorRoutes: Routes = {
  'GET flavors': () => ok({ flavors: [] }),
};

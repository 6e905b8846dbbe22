import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';

export const clusterRoutes: Routes = {
  'GET clusters': admin('clusters:get_all', () => ok({ clusters: [] })),
  'GET clusters/detail': admin('clusters:get_all', () => ok({ clusters: [] })),
};

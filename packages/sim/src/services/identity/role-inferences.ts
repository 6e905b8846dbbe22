import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';

export const roleInferenceRoutes: Routes = {
  'GET role_inferences': admin('identity:list_role_inferences', () => ok({ role_inferences: [] })),
};

import type { Routes } from '../../call.ts';
import { kept } from './kept-resource.ts';

export const rbacPolicyRoutes: Routes = {
  ...kept('rbac_policy', 'rbac_policies', {}, 'RbacPolicyNotFound'),
};

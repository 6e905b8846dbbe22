import type { Routes } from '../../call.ts';
import { keptResource } from './kept-resource.ts';

export const rbacPolicyRoutes: Routes = {
  ...keptResource('rbac_policy', 'rbac_policies', {}, 'RbacPolicyNotFound'),
};

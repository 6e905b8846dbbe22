import type { Routes } from '../../call.ts';
import { keptResource } from './kept-resource.ts';

export const addressScopeRoutes: Routes = {
  ...keptResource(
    'address_scope',
    'address_scopes',
    { name: '', ip_version: 4, shared: false },
    'AddressScopeNotFound',
  ),
};

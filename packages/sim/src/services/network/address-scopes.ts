import type { Routes } from '../../call.ts';
import { kept } from './kept-resource.ts';

export const addressScopeRoutes: Routes = {
  ...kept(
    'address_scope',
    'address_scopes',
    { name: '', ip_version: 4, shared: false },
    'AddressScopeNotFound',
  ),
};

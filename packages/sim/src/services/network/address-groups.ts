import type { Routes } from '../../call.ts';
import { keptResource } from './kept-resource.ts';

export const addressGroupRoutes: Routes = {
  ...keptResource(
    'address_group',
    'address_groups',
    { name: '', addresses: [], shared: false },
    'AddressGroupNotFound',
  ),
};

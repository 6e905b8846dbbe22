import type { Routes } from '../../call.ts';
import { kept } from './kept-resource.ts';

export const addressGroupRoutes: Routes = {
  ...kept(
    'address_group',
    'address_groups',
    { name: '', addresses: [], shared: false },
    'AddressGroupNotFound',
  ),
};

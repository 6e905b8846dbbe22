import type { Routes } from '../../call.ts';
import { keptResource } from './kept-resource.ts';

export const subnetPoolRoutes: Routes = {
  ...keptResource(
    'subnetpool',
    'subnetpools',
    {
      name: '',
      prefixes: [],
      default_prefixlen: '24',
      min_prefixlen: '8',
      max_prefixlen: '32',
      ip_version: 4,
      shared: false,
      is_default: false,
      address_scope_id: null,
      default_quota: null,
    },
    'SubnetPoolNotFound',
  ),
};

import type { Routes } from '../../call.ts';
import { keptResource } from './kept-resource.ts';

export const qosPolicyRoutes: Routes = {
  ...keptResource(
    'policy',
    'policies',
    { name: '', shared: false, is_default: false, rules: [] },
    'QosPolicyNotFound',
    'qos/policies',
  ),
};

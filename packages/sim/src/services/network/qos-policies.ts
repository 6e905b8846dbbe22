import type { Routes } from '../../call.ts';
import { kept } from './kept-resource.ts';

export const qosPolicyRoutes: Routes = {
  ...kept(
    'policy',
    'policies',
    { name: '', shared: false, is_default: false, rules: [] },
    'QosPolicyNotFound',
    'qos/policies',
  ),
};

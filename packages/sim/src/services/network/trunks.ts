import type { Routes } from '../../call.ts';
import { keptResource } from './kept-resource.ts';

export const trunkRoutes: Routes = {
  ...keptResource(
    'trunk',
    'trunks',
    { name: '', admin_state_up: true, status: 'DOWN', sub_ports: [] },
    'TrunkNotFound',
  ),
};

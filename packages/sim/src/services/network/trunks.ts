import type { Routes } from '../../call.ts';
import { kept } from './kept-resource.ts';

export const trunkRoutes: Routes = {
  ...kept(
    'trunk',
    'trunks',
    { name: '', admin_state_up: true, status: 'DOWN', sub_ports: [] },
    'TrunkNotFound',
  ),
};

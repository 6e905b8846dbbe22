import type { Routes } from '../../call.ts';
import { record } from '../../wire.ts';
import { crud, nameOf } from './crud.ts';

export const roleRoutes: Routes = {
  ...crud({
    name: 'role',
    plural: 'roles',
    store: (call) => call.state.identity.roles,
    make: (call, given) => call.state.identity.addRole(nameOf(given), record(given['options'])),
    filters: ['domain_id'],
    uniqueName: true,
    looksUpFirst: ['get', 'update', 'delete'],
  }),
};

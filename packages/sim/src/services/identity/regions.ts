import type { Routes } from '../../call.ts';
import { conflict } from '../../fault.ts';
import { text } from '../../wire.ts';
import { crud } from './crud.ts';

export const regionRoutes: Routes = {
  ...crud({
    name: 'region',
    plural: 'regions',
    everybodyReads: true,
    store: (call) => call.state.identity.regions,
    make: (call, given) => {
      const id = text(given['id']) ?? call.state.ids.keystone();
      if (call.state.identity.regions.get(id) !== undefined) {
        throw conflict(`Conflict occurred attempting to store region - Duplicate ID, ${id}..`);
      }
      return call.state.identity.regions.add({
        id,
        name: id,
        description: text(given['description']) ?? '',
        parent_region_id: text(given['parent_region_id']) ?? null,
      });
    },
    show: (_call, { name: _name, ...region }) => region,
  }),
};

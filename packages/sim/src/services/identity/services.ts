import type { Routes } from '../../call.ts';
import { flag, text } from '../../wire.ts';
import { crud } from './crud.ts';

export const serviceRoutes: Routes = {
  ...crud({
    name: 'service',
    plural: 'services',
    store: (call) => call.state.identity.services,
    make: (call, given) =>
      call.state.identity.services.add({
        id: call.state.ids.keystone(),
        name: text(given['name']) ?? '',
        type: text(given['type']) ?? '',
        enabled: flag(given['enabled']) ?? true,
        ...(given['description'] === undefined ? {} : { description: given['description'] }),
      }),
    filters: ['type'],
  }),
};

import type { Routes } from '../../call.ts';
import { text } from '../../wire.ts';
import { crud } from './crud.ts';

export const credentialRoutes: Routes = {
  ...crud({
    name: 'credential',
    plural: 'credentials',
    store: (call) => call.state.identity.credentials,
    make: (call, given) =>
      call.state.identity.credentials.add({
        id: call.state.ids.hex(64),
        name: '',
        user_id: text(given['user_id']) ?? call.userId,
        project_id: text(given['project_id']) ?? null,
        type: given['type'],
        blob: given['blob'],
      }),
    filters: ['user_id', 'type'],
    isOwn: (call, entity) => entity['user_id'] === call.userId,
    ownerMayChange: true,
    show: (_call, { name: _name, ...credential }) => credential,
  }),
};

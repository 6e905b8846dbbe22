import { noContent, ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { find } from './lifecycle.ts';

export const serverPasswordRoutes: Routes = {
  'GET servers/{server_id}/os-server-password': (call) => (find(call), ok({ password: '' })),
  'DELETE servers/{server_id}/os-server-password': (call) => (find(call), noContent),
};

import { noContent, ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { findServer } from './lifecycle.ts';

export const serverPasswordRoutes: Routes = {
  'GET servers/{server_id}/os-server-password': (call) => (findServer(call), ok({ password: '' })),
  'DELETE servers/{server_id}/os-server-password': (call) => (findServer(call), noContent),
};

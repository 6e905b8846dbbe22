import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { findServer } from './lifecycle.ts';

export const serverTopologyRoutes: Routes = {
  'GET servers/{server_id}/topology': (call) => (findServer(call), ok({ nodes: [], pagesize_kb: null })),
};

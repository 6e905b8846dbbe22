import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const volumeTransferRoutes: Routes = {
  'GET os-volume-transfer': (call) => (call.token, ok({ transfers: [] })),
  'GET os-volume-transfer/detail': (call) => (call.token, ok({ transfers: [] })),
};

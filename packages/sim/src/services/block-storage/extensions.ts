import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const extensionRoutes: Routes = {
  'GET extensions': (call) => (call.token, ok({ extensions: [] })),
};

import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const usageRoutes: Routes = {
  'GET info/usage': (call) => (call.token, ok({ usage: {} })),
};

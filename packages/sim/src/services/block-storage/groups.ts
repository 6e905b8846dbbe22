import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const groupRoutes: Routes = {
  'GET groups': (call) => (call.token, ok({ groups: [] })),
  'GET groups/detail': (call) => (call.token, ok({ groups: [] })),
};

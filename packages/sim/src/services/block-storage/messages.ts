import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const messageRoutes: Routes = {
  'GET messages': (call) => (call.token, ok({ messages: [] })),
};

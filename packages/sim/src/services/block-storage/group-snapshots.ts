import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const groupSnapshotRoutes: Routes = {
  'GET group_snapshots': (call) => (call.token, ok({ group_snapshots: [] })),
  'GET group_snapshots/detail': (call) => (call.token, ok({ group_snapshots: [] })),
};

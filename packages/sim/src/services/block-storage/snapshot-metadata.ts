import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { metadata, record } from '../../wire.ts';
import { findSnapshot } from './snapshots.ts';

export const snapshotMetadataRoutes: Routes = {
  'GET snapshots/{id}/metadata': (call) => ok({ metadata: findSnapshot(call).metadata }),
  'POST snapshots/{id}/metadata': (call) =>
    ok({ metadata: Object.assign(findSnapshot(call).metadata, metadata(record(call.body)['metadata'])) }),
  'PUT snapshots/{id}/metadata': (call) =>
    ok({ metadata: (findSnapshot(call).metadata = metadata(record(call.body)['metadata'])) }),
  'GET snapshots/{id}/metadata/{key}': (call) =>
    ok({ meta: { [call.param('key')]: findSnapshot(call).metadata[call.param('key')] } }),
  'PUT snapshots/{id}/metadata/{key}': (call) => {
    Object.assign(findSnapshot(call).metadata, metadata(record(call.body)['meta']));
    return ok({ meta: record(record(call.body)['meta']) });
  },
  'DELETE snapshots/{id}/metadata/{key}': (call) => {
    delete findSnapshot(call).metadata[call.param('key')];
    return ok(undefined);
  },
};

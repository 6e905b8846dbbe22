import { noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { metadata, record } from '../../wire.ts';
import { findServer } from './lifecycle.ts';

export const serverMetadataRoutes: Routes = {
  'GET servers/{server_id}/metadata': (call) => ok({ metadata: findServer(call).metadata }),
  'POST servers/{server_id}/metadata': (call) =>
    ok({ metadata: Object.assign(findServer(call).metadata, metadata(record(call.body)['metadata'])) }),
  'PUT servers/{server_id}/metadata': (call) =>
    ok({ metadata: (findServer(call).metadata = metadata(record(call.body)['metadata'])) }),
  'GET servers/{server_id}/metadata/{key}': (call) => ok({ meta: { [call.param('key')]: item(call) } }),
  'PUT servers/{server_id}/metadata/{key}': (call) => {
    Object.assign(findServer(call).metadata, metadata(record(call.body)['meta']));
    return ok({ meta: { [call.param('key')]: item(call) } });
  },
  'DELETE servers/{server_id}/metadata/{key}': (call) => {
    item(call);
    delete findServer(call).metadata[call.param('key')];
    return noContent;
  },
};

function item(call: Call): string {
  const value = findServer(call).metadata[call.param('key')];
  if (value === undefined) throw notFound('Metadata item was not found');
  return value;
}

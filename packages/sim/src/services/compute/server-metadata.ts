import { noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { metadata, record } from '../../wire.ts';
import { find } from './lifecycle.ts';

export const serverMetadataRoutes: Routes = {
  'GET servers/{server_id}/metadata': (call) => ok({ metadata: find(call).metadata }),
  'POST servers/{server_id}/metadata': (call) =>
    ok({ metadata: Object.assign(find(call).metadata, metadata(record(call.body)['metadata'])) }),
  'PUT servers/{server_id}/metadata': (call) =>
    ok({ metadata: (find(call).metadata = metadata(record(call.body)['metadata'])) }),
  'GET servers/{server_id}/metadata/{key}': (call) => ok({ meta: { [call.param('key')]: item(call) } }),
  'PUT servers/{server_id}/metadata/{key}': (call) => {
    Object.assign(find(call).metadata, metadata(record(call.body)['meta']));
    return ok({ meta: { [call.param('key')]: item(call) } });
  },
  'DELETE servers/{server_id}/metadata/{key}': (call) => {
    item(call);
    delete find(call).metadata[call.param('key')];
    return noContent;
  },
};

function item(call: Call): string {
  const value = find(call).metadata[call.param('key')];
  if (value === undefined) throw notFound('Metadata item was not found');
  return value;
}

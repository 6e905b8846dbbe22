import { ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { notFound } from '../../fault.ts';
import { metadata, record } from '../../wire.ts';
import { findVolume } from './volumes.ts';

export const volumeMetadataRoutes: Routes = {
  'GET volumes/{id}/metadata': (call) => ok({ metadata: findVolume(call).metadata }),
  'POST volumes/{id}/metadata': (call) =>
    ok({ metadata: Object.assign(findVolume(call).metadata, metadata(record(call.body)['metadata'])) }),
  'PUT volumes/{id}/metadata': (call) =>
    ok({ metadata: (findVolume(call).metadata = metadata(record(call.body)['metadata'])) }),
  'GET volumes/{id}/metadata/{key}': (call) => ok({ meta: { [call.param('key')]: meta(call) } }),
  'PUT volumes/{id}/metadata/{key}': (call) => {
    Object.assign(findVolume(call).metadata, metadata(record(call.body)['meta']));
    return ok({ meta: { [call.param('key')]: meta(call) } });
  },
  'DELETE volumes/{id}/metadata/{key}': (call) => {
    meta(call);
    delete findVolume(call).metadata[call.param('key')];
    return ok(undefined);
  },
};

const meta = (call: Call): string => {
  const value = findVolume(call).metadata[call.param('key')];
  if (value === undefined) throw notFound(`Metadata item ${call.param('key')} was not found`);
  return value;
};

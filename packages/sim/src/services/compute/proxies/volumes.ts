import { accepted, type Answer, ok } from '../../../answer.ts';
import type { Call, Routes } from '../../../call.ts';
import { badRequest, forbidden, type ServiceFault } from '../../../fault.ts';
import { schemaMessage } from '../../../request/arguments.ts';
import { type Json, list, python, record, str } from '../../../wire.ts';
import { snapshotRoutes } from '../../block-storage/snapshots.ts';
import { volumeRoutes } from '../../block-storage/volumes.ts';
import { unexpected } from '../unexpected.ts';
import { callRoute, limited, translateFault } from './ask.ts';
import { proxies } from './lifetime.ts';

/** Nova asks Cinder in 3.0 where it needs nothing newer. */
const CINDER = '3.0';

/** A volume in the format of nova-volume (`_translate_volume_summary_view`). */
function volumeView(volume: Json): Json {
  const [attachment] = list(volume['attachments']).map(record);
  const attached =
    attachment === undefined || volume['status'] !== 'in-use'
      ? {}
      : {
          id: volume['id'],
          volumeId: volume['id'],
          serverId: attachment['server_id'],
          ...(attachment['device'] ? { device: attachment['device'] } : {}),
        };
  return {
    id: volume['id'],
    status: volume['status'],
    size: volume['size'],
    availabilityZone: volume['availability_zone'],
    createdAt: volume['created_at'],
    attachments: [attached],
    displayName: volume['name'],
    displayDescription: volume['description'],
    volumeType: volume['volume_type'],
    snapshotId: volume['snapshot_id'],
    metadata: volume['metadata'],
  };
}

const snapshotView = (snapshot: Json): Json => ({
  id: snapshot['id'],
  volumeId: snapshot['volume_id'],
  status: snapshot['status'],
  size: snapshot['size'],
  createdAt: snapshot['created_at'],
  displayName: snapshot['name'],
  displayDescription: snapshot['description'],
});

const cinder = (call: Call, routes: Routes, route: string, body?: unknown, id = ''): Promise<Json> =>
  callRoute(call, routes, route, { params: { id }, body, microversion: CINDER });

async function volumes(call: Call): Promise<Answer> {
  const found = limited(call, list((await cinder(call, volumeRoutes, 'GET volumes/detail'))['volumes']));
  return ok({ volumes: found.map((volume) => volumeView(record(volume))) });
}

async function snapshots(call: Call): Promise<Answer> {
  const found = limited(
    call,
    list((await cinder(call, snapshotRoutes, 'GET snapshots/detail'))['snapshots']),
  );
  return ok({ snapshots: found.map((snapshot) => snapshotView(record(snapshot))) });
}

/** The fields that the schema of a proxy accepts (`schemas/volumes.py`). */
function fields(call: Call, key: string, allowed: readonly string[], required: string): Json {
  const given = call.envelope(key);
  const complain = (why: string): ServiceFault =>
    badRequest(`Invalid input for field/attribute ${key}. Value: ${python(given)}. ${why}`);
  const unknown = Object.keys(given).filter((name) => !allowed.includes(name));
  if (unknown.length > 0)
    throw complain(schemaMessage({ kind: 'unknown', names: unknown, at: key, value: given }));
  if (given[required] === undefined)
    throw complain(schemaMessage({ kind: 'required', name: required, at: key, value: given }));
  return given;
}

async function createVolume(call: Call): Promise<Answer> {
  const given = fields(
    call,
    'volume',
    [
      'display_name',
      'display_description',
      'volume_type',
      'metadata',
      'snapshot_id',
      'size',
      'availability_zone',
    ],
    'size',
  );
  const { display_name, display_description, size, ...rest } = given;
  const wrong = (why: string): ServiceFault =>
    badRequest(`Invalid input for field/attribute size. Value: ${str(size)}. ${why}`);
  if (!/^\d+$/.test(str(size))) throw wrong(`${python(size)} does not match '^[0-9]+$'`);
  if (Number(size) < 1) throw wrong(`${python(size)} is less than the minimum of 1`);
  const volume = {
    ...rest,
    size: Number(size),
    name: display_name ?? null,
    description: display_description ?? null,
  };
  const made = await translateFault(cinder(call, volumeRoutes, 'POST volumes', { volume }), (fault) => {
    if (fault.status === 413) return forbidden(fault.message);
    if (fault.status !== 404) return badRequest(`Invalid input received: ${fault.message}`);
    // Nova does not handle a missing type, and answers 500.
    return rest['snapshot_id'] === undefined ? unexpected('nova.exception.NotFound') : fault;
  });
  const shown = volumeView(record(made['volume']));
  return ok({ volume: shown }, { Location: `${call.base}/os-volumes/${str(shown['id'])}` });
}

const refused =
  (call: Call) =>
  (fault: ServiceFault): ServiceFault =>
    fault.status === 404
      ? fault
      : badRequest(
          `Invalid input received: ${fault.message} (HTTP ${fault.status}) (Request-ID: ${call.requestId})`,
        );

export const volumeProxies: Routes = proxies({
  'GET os-volumes': volumes,
  'GET os-volumes/detail': volumes,
  'POST os-volumes': createVolume,
  'GET os-volumes/{id}': async (call) => {
    const { volume } = await cinder(call, volumeRoutes, 'GET volumes/{id}', undefined, call.param('id'));
    return ok({ volume: volumeView(record(volume)) });
  },
  'DELETE os-volumes/{id}': async (call) => {
    const asked = cinder(call, volumeRoutes, 'DELETE volumes/{id}', undefined, call.param('id'));
    await translateFault(asked, refused(call));
    return accepted();
  },
  'GET os-snapshots': snapshots,
  'GET os-snapshots/detail': snapshots,
  'POST os-snapshots': async (call) => {
    const given = fields(
      call,
      'snapshot',
      ['volume_id', 'display_name', 'display_description', 'force'],
      'volume_id',
    );
    const snapshot = {
      volume_id: given['volume_id'],
      name: given['display_name'] ?? null,
      description: given['display_description'] ?? null,
      force: given['force'] ?? false,
    };
    const asked = cinder(call, snapshotRoutes, 'POST snapshots', { snapshot });
    const made = await translateFault(asked, (fault) =>
      fault.status === 404 ? unexpected('nova.exception.VolumeNotFound') : fault,
    );
    return ok({ snapshot: snapshotView(record(made['snapshot'])) });
  },
  'GET os-snapshots/{id}': async (call) => {
    const asked = cinder(call, snapshotRoutes, 'GET snapshots/{id}', undefined, call.param('id'));
    return ok({ snapshot: snapshotView(record((await asked)['snapshot'])) });
  },
  'DELETE os-snapshots/{id}': async (call) => {
    const asked = cinder(call, snapshotRoutes, 'DELETE snapshots/{id}', undefined, call.param('id'));
    await asked;
    return accepted();
  },
});

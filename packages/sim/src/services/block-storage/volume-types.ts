import { accepted, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, notFound } from '../../fault.ts';
import { limitOf } from '../../paging.ts';
import type { SimState } from '../../sim-state.ts';
import { flag, metadata, record, text } from '../../wire.ts';
import type { VolumeType } from './state.ts';
import { volumeTypeView as view } from './views.ts';
import { defaultType } from './default-type.ts';

const manage = 'volume_extension:types_manage';

export const volumeTypeRoutes: Routes = {
  'GET types': (call) => {
    const wanted = flag(call.query.get('is_public') ?? undefined);
    const found = call.state.blockStorage.types.filter(
      (volumeType) => visible(call, volumeType) && (wanted === undefined || volumeType.is_public === wanted),
    );
    // A page begins at an offset or behind a marker. Its links have a name of their own, and are not simulated.
    const marker = call.query.get('marker');
    const begin = marker === null ? 0 : found.findIndex(({ id }) => id === marker) + 1;
    const from = begin + Number(call.query.get('offset') ?? 0);
    return ok({
      volume_types: found.slice(from, from + limitOf(call)).map((volumeType) => view(call, volumeType)),
    });
  },
  'POST types': admin(manage, (call) => {
    const given = call.envelope('volume_type');
    const name = text(given['name']) ?? '';
    if (call.state.blockStorage.type(name) !== undefined)
      throw conflict(`Volume Type ${name} already exists.`);
    const volumeType = addType(call.state, name, {
      description: text(given['description']) ?? null,
      extra_specs: metadata(given['extra_specs']),
      is_public: flag(given['os-volume-type-access:is_public']) ?? flag(given['is_public']) ?? true,
    });
    return ok({ volume_type: view(call, volumeType) });
  }),
  'GET types/default': (call) => {
    const volumeType = defaultType(call.state);
    if (volumeType === undefined) throw notFound('Default volume type can not be found.');
    return ok({ volume_type: view(call, volumeType) });
  },
  'GET types/{id}': (call) => ok({ volume_type: view(call, find(call)) }),
  'PUT types/{id}': admin(manage, (call) => {
    const volumeType = find(call);
    const given = call.envelope('volume_type');
    volumeType.name = text(given['name']) ?? volumeType.name;
    volumeType.description = text(given['description']) ?? volumeType.description;
    volumeType.is_public = flag(given['is_public']) ?? volumeType.is_public;
    return ok({ volume_type: view(call, volumeType) });
  }),
  'DELETE types/{id}': admin(manage, (call) => {
    const volumeType = find(call);
    if (call.state.blockStorage.volumes.values().some((volume) => volume.type === volumeType.id)) {
      throw badRequest('Target volume type is still in use.');
    }
    call.state.blockStorage.types.delete(volumeType.id);
    return accepted();
  }),
  'GET types/{id}/extra_specs': (call) => ok({ extra_specs: find(call).extra_specs }),
  'POST types/{id}/extra_specs': admin('volume_extension:types_extra_specs:create', (call) => {
    const given = metadata(record(call.body)['extra_specs']);
    Object.assign(find(call).extra_specs, given);
    return ok({ extra_specs: given });
  }),
  'GET types/{id}/extra_specs/{key}': (call) => ok({ [call.param('key')]: spec(call) }),
  'PUT types/{id}/extra_specs/{key}': admin('volume_extension:types_extra_specs:update', (call) => {
    Object.assign(find(call).extra_specs, metadata(call.body));
    return ok(call.body);
  }),
  'DELETE types/{id}/extra_specs/{key}': admin('volume_extension:types_extra_specs:delete', (call) => {
    spec(call);
    delete find(call).extra_specs[call.param('key')];
    return accepted();
  }),
  'GET types/{id}/os-volume-type-access': admin(
    'volume_extension:volume_type_access:get_all_for_type',
    (call) => {
      const volumeType = find(call);
      if (volumeType.is_public) throw notFound('Access list not available for public volume types.');
      return ok({
        volume_type_access: [...volumeType.access].map((project) => ({
          volume_type_id: volumeType.id,
          project_id: project,
        })),
      });
    },
  ),
  'POST types/{id}/action#addProjectAccess': admin(
    'volume_extension:volume_type_access:addProjectAccess',
    (call) => {
      find(call).access.add(text(record(record(call.body)['addProjectAccess'])['project']) ?? '');
      return accepted();
    },
  ),
  'POST types/{id}/action#removeProjectAccess': admin(
    'volume_extension:volume_type_access:removeProjectAccess',
    (call) => {
      find(call).access.delete(text(record(record(call.body)['removeProjectAccess'])['project']) ?? '');
      return accepted();
    },
  ),
  'GET types/{id}/encryption': admin(
    'volume_extension:volume_type_encryption:get',
    (call) => (find(call), ok({})),
  ),
};

export function addType(state: SimState, name: string, fields: Partial<VolumeType> = {}): VolumeType {
  return state.blockStorage.types.add({
    id: state.ids.uuid(),
    name,
    description: null,
    is_public: true,
    extra_specs: {},
    qos_specs_id: null,
    access: new Set(),
    ...fields,
  });
}

const visible = (call: Call, volumeType: VolumeType): boolean =>
  call.admin || volumeType.is_public || volumeType.access.has(call.projectId);

function find(call: Call): VolumeType {
  const volumeType = call.state.blockStorage.types.get(call.param('id'));
  if (volumeType === undefined || !visible(call, volumeType))
    throw notFound(`Volume type ${call.param('id')} could not be found.`);
  return volumeType;
}

function spec(call: Call): string {
  const value = find(call).extra_specs[call.param('key')];
  if (value === undefined)
    throw notFound(`Volume Type ${call.param('id')} has no extra spec with key ${call.param('key')}.`);
  return value;
}

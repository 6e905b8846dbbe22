import type { Call } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import type { Group, Volume } from './state.ts';

/** `VALID_ADD_VOL_TO_GROUP_STATUS` and `VALID_REMOVE_VOL_FROM_GROUP_STATUS` of `cinder/group/api.py`. */
const ADDABLE = ['available', 'in-use'];
const REMOVABLE = [...ADDABLE, 'error', 'error_deleting'];

/** The volumes that a request adds to a group, and those that it takes out, each refused in Cinder's words if it cannot be. */
export function membersOf(
  call: Call,
  group: Group,
  { add, remove }: { readonly add: string | undefined; readonly remove: string | undefined },
): { readonly added: readonly Volume[]; readonly removed: readonly Volume[] } {
  const [adding, removing] = [idsOf(add), idsOf(remove)];
  const both = adding.filter((id) => removing.includes(id));
  if (both.length > 0)
    throw refusal(
      `UUIDs [${both.map((id) => `'${id}'`).join(', ')}] are in both add and remove volume list.`,
    );
  return {
    added: adding.flatMap((id) => addable(call, group, id)),
    removed: removing.map((id) => removable(call, group, id)),
  };
}

/** Nothing for a volume that is in the group already. */
function addable(call: Call, group: Group, id: string): Volume[] {
  const volume = call.state.blockStorage.volumes.get(id);
  const why = (reason: string): Error =>
    refusal(`Cannot add volume ${id} to group ${group.id} because ${reason}`);
  if (volume === undefined || !call.owns(volume.project_id)) throw why('volume cannot be found.');
  if (volume.group_id === group.id) return [];
  if (volume.group_id !== null) throw why(`it is already in group ${volume.group_id}.`);
  if (volume.project_id !== group.project_id)
    throw refusal(`Cannot add volume ${id} to group ${group.id} as they belong to different projects.`);
  if (!group.volume_types.includes(volume.type))
    throw why(`volume type ${volume.type} is not supported by the group.`);
  if (!ADDABLE.includes(volume.status)) throw why(invalidState(volume, ADDABLE));
  return [volume];
}

function removable(call: Call, group: Group, id: string): Volume {
  const volume = call.state.blockStorage.volumes.get(id);
  const why = (reason: string): Error =>
    refusal(`Cannot remove volume ${id} from group ${group.id} because ${reason}`);
  if (volume === undefined || volume.group_id !== group.id) throw why('it is not in the group.');
  if (!REMOVABLE.includes(volume.status)) throw why(invalidState(volume, REMOVABLE));
  return volume;
}

const invalidState = ({ status }: Volume, valid: readonly string[]): string =>
  `volume is in an invalid state: ${status}. Valid states are: (${valid.map((state) => `'${state}'`).join(', ')}).`;

const idsOf = (list: string | undefined): string[] => (list ?? '').split(',').filter((id) => id !== '');

const refusal = (message: string): Error => badRequest(`Invalid volume: ${message}`);

import type { Cloud } from '@groundcrew/core';
import { messageOf } from '@groundcrew/ground';

/** A volume of a server, the generic group that it is in, and where it lies. */
export interface GroupedDisk {
  readonly id: string;
  readonly group: string | undefined;
  /** `host@backend#pool`; `undefined` to all but administrators. */
  readonly pool: string | undefined;
}

/** The group whose snapshot is one of all disks; or why there is none, which is told only where a disk is in a group at all. */
export type ConsistentGroup =
  | { readonly group: string }
  | { readonly group: undefined; readonly why: string | undefined };

/**
 * The microversion of group snapshots: they are there since 3.14, and since 3.29 their list has filters and an end. Older ones are not
 * used: what a kill leaves could not be found.
 */
export const GROUP_SNAPSHOTS = '3.29';

/**
 * What a type promises (`is_group_a_cg_snapshot_type` of cinder/volume/volume_utils.py), and what storage says that it can. Cinder compares
 * neither with the other: the scheduler's filter looks at the `extra_specs` of a type, which a group type does not have
 * (cinder/scheduler/filters/capabilities_filter.py). On LVM such a group is made, and its volumes are taken one after the other.
 */
const KEY = 'consistent_group_snapshot_enabled';
const PROMISED = '<is> True';

/**
 * Finds the group of which one snapshot is a snapshot of all these disks at one moment: they are all in it, its type promises it, and the
 * storage of each says that it can. Any other group is no better than snapshots taken at once: its volumes are taken one after the other
 * (`_create_group_snapshot_generic` of cinder/volume/manager.py).
 *
 * @throws the signal's reason
 */
export async function consistentGroup(
  cloud: Cloud,
  disks: readonly GroupedDisk[],
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ConsistentGroup> {
  const [group, ...others] = new Set(disks.map((disk) => disk.group));
  if (group === undefined && others.length === 0) return { group: undefined, why: undefined };
  if (group === undefined || others.length > 0)
    return { group: undefined, why: 'its disks are not all in one group of volumes' };
  const { groups, groupTypes, groupSnapshots, pools } = cloud.blockStorage.at(GROUP_SNAPSHOTS);
  try {
    const { group_type: type } = await groups.get({ id: group }, { signal });
    if (type === null) return { group: undefined, why: `group ${group} has no type` };
    const { name, group_specs: specs } = await groupTypes.get({ id: type }, { signal });
    if (specs === undefined)
      return { group: undefined, why: `what group type ${name} promises is shown to administrators only` };
    if (specs[KEY] !== PROMISED)
      return { group: undefined, why: `group type ${name} does not promise snapshots of one moment` };
    const able = new Set<string>();
    for await (const pool of pools.list({}, { signal }))
      if (ABLE.has(pool.capabilities?.[KEY] ?? false)) able.add(pool.name);
    if (disks.some(({ pool }) => pool === undefined || !able.has(pool)))
      return {
        group: undefined,
        why: `its storage does not say that it keeps what group type ${name} promises`,
      };
    // Whoever may not list them could not find again what a kill leaves.
    for await (const _ of groupSnapshots.listBrief({ limit: 1 }, { signal })) break;
    return { group };
  } catch (error) {
    signal?.throwIfAborted();
    return { group: undefined, why: `what group ${group} promises was not seen: ${messageOf(error)}` };
  }
}

/** Some drivers report booleans as text. */
const ABLE: ReadonlySet<unknown> = new Set([true, 'True', 'true']);

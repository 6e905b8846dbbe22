import type { Call } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { type Json, number, text } from '../../wire.ts';
import { isVisible } from '../image/image.ts';
import type { Image } from '../image/state.ts';
import { GIB } from './contents.ts';
import { defaultType } from './default-type.ts';
import { findGroup } from './find-group.ts';
import type { VolumeType } from './state.ts';

/** A request for a volume, with what it refers to looked up. */
export interface VolumeRequest {
  readonly snapshot: string | undefined;
  readonly source: string | undefined;
  readonly backup: string | undefined;
  /** The group that it shall be in. */
  readonly group: string | undefined;
  /** The size in GiB. */
  readonly size: number;
  readonly image: Image | undefined;
  readonly type: VolumeType | undefined;
}

/** Reads a request for a volume, and refuses what is not there or does not fit, in the order in which Cinder does. */
export function readVolumeRequest(call: Call, given: Json): VolumeRequest {
  const { blockStorage } = call.state;
  const snapshot = text(given['snapshot_id']);
  const source = text(given['source_volid']);
  const backup = text(given['backup_id']);
  const origin = originOf(call, snapshot, source, backup);
  const size = sizeOf(given, origin);
  const image = imageOf(call, given, size);
  const wanted = text(given['volume_type']);
  const type = wanted === undefined ? defaultType(call.state) : blockStorage.type(wanted);
  if (wanted !== undefined && type === undefined)
    throw notFound(`Volume type with name ${wanted} could not be found.`);
  return { snapshot, source, backup, group: groupOf(call, given, type), size, image, type };
}

interface Origin {
  readonly project_id: string;
  readonly size: number;
}

/** The snapshot, volume or backup that the volume begins as a copy of. */
function originOf(
  call: Call,
  snapshot: string | undefined,
  source: string | undefined,
  backup: string | undefined,
): Origin | undefined {
  const { snapshots, volumes, backups } = call.state.blockStorage;
  if (snapshot !== undefined) return owned(call, snapshots.get(snapshot), `Snapshot ${snapshot}`);
  if (source !== undefined) return owned(call, volumes.get(source), `Volume ${source}`);
  return backup === undefined ? undefined : owned(call, backups.get(backup), `Backup ${backup}`);
}

function owned(call: Call, origin: Origin | undefined, name: string): Origin {
  if (origin === undefined || !call.owns(origin.project_id)) throw notFound(`${name} could not be found.`);
  return origin;
}

function sizeOf(given: Json, origin: Origin | undefined): number {
  const size = number(given['size']) ?? origin?.size;
  if (size === undefined)
    throw badRequest(
      'The server could not comply with the request since it is either malformed or otherwise incorrect.',
    );
  if (size < 1)
    throw badRequest(
      `Invalid input for field/attribute size. Value: ${size}. ${size} is less than the minimum of 1`,
    );
  if (origin !== undefined && size < origin.size) {
    throw badRequest(
      `Invalid input received: Invalid volume size provided for create request: ${size} (size argument must be an integer (or string representation of an integer) and greater than zero).`,
    );
  }
  return size;
}

function groupOf(call: Call, given: Json, type: VolumeType | undefined): string | undefined {
  const id = text(given['group_id']);
  if (id === undefined) return undefined;
  const group = findGroup(call, id);
  if (type === undefined)
    throw badRequest(
      'Invalid input received: volume_type must be provided when creating a volume in a group.',
    );
  if (!group.volume_types.includes(type.id))
    throw badRequest(
      `Invalid input received: Invalid volume_type provided: ${type.name} (requested type must be supported by this group).`,
    );
  return group.id;
}

function imageOf(call: Call, given: Json, size: number): Image | undefined {
  const id = text(given['imageRef']) ?? text(given['image_id']);
  if (id === undefined) return undefined;
  const image = call.state.image.images.get(id);
  if (!isVisible(call, image))
    throw badRequest(`Invalid image identifier or unable to access requested image.`);
  // `check_image_metadata` of `cinder/volume/volume_utils.py`
  const needed = Math.ceil((image.size ?? 0) / GIB);
  if (needed > size)
    throw badRequest(
      `Invalid input received: Size of specified image ${needed}GB is larger than volume size ${size}GB.`,
    );
  return image;
}

import type { Call } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import { type Json, number, text } from '../../wire.ts';
import { isVisible } from '../image/image.ts';
import type { Image } from '../image/state.ts';
import { defaultType } from './default-type.ts';
import type { VolumeType } from './state.ts';

/** A request for a volume, with what it refers to looked up. */
export interface VolumeRequest {
  readonly snapshot: string | undefined;
  readonly source: string | undefined;
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
  const origin = originOf(call, snapshot, source, text(given['backup_id']));
  const size = sizeOf(given, origin);
  const image = imageOf(call, given);
  const wanted = text(given['volume_type']);
  const type = wanted === undefined ? defaultType(call.state) : blockStorage.type(wanted);
  if (wanted !== undefined && type === undefined)
    throw notFound(`Volume type with name ${wanted} could not be found.`);
  return { snapshot, source, size, image, type };
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

function imageOf(call: Call, given: Json): Image | undefined {
  const id = text(given['imageRef']) ?? text(given['image_id']);
  if (id === undefined) return undefined;
  const image = call.state.image.images.get(id);
  if (!isVisible(call, image))
    throw badRequest(`Invalid image identifier or unable to access requested image.`);
  return image;
}

import { Content } from '../../bytes/content.ts';
import type { SimState } from '../../sim-state.ts';
import type { Image } from '../image/state.ts';
import { contentOf } from './contents.ts';

/** What a volume begins as a copy of; one of them at most. */
export interface VolumeOrigin {
  readonly snapshot?: string | undefined;
  readonly source?: string | undefined;
  readonly backup?: string | undefined;
  readonly image?: Image | undefined;
}

/**
 * Gives a new volume the bytes of its origin, as that is now. The bytes of an image are written as they are, whatever its format
 * is.
 *
 * @returns whether they could be read: the bytes of a backup may be gone
 */
export function beginContent(state: SimState, volume: string, origin: VolumeOrigin): boolean {
  const { contents, backupStore } = state.blockStorage;
  const from = origin.snapshot ?? origin.source;
  if (from !== undefined) contents.copy(from, volume);
  else if (origin.backup !== undefined) {
    const restored = backupStore.restored(origin.backup);
    contents.set(volume, restored ?? new Content());
    return restored !== undefined;
  } else if (origin.image?.data !== undefined) contents.set(volume, contentOf(origin.image.data));
  return true;
}

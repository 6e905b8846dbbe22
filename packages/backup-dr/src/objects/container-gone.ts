import { type Cloud, isConflict, isNotFound, unlessGone } from '@groundcrew/core';
import type { ReadOptions } from '@groundcrew/ground';
import { AT_ONCE } from './pack-container.ts';
import { inOrder } from './in-order.ts';

/** Rounds after which a container that still is not empty is told to be in use: the list of its objects may lag behind. */
const MOST_ROUNDS = 10;
const PAUSE_MS = 1_000;

/**
 * Deletes a container with all that is in it. One that is gone is no error.
 *
 * @throws what Swift answers; its conflict (409) if somebody goes on to write into it
 */
export async function containerGone(
  cloud: Cloud,
  container: string,
  { signal }: ReadOptions = {},
): Promise<void> {
  const { containers, objects } = cloud.objectStore;
  for (let round = 1; ; round += 1) {
    try {
      const deleted = inOrder(objects.list({ container }, { signal }), AT_ONCE, ({ name }) =>
        unlessGone(() => objects.delete({ container, object: name }, { signal })),
      );
      for await (const _ of deleted);
      await containers.delete({ container }, { signal });
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isConflict(error) || round === MOST_ROUNDS) throw error;
      await cloud.clock.sleep(PAUSE_MS, signal);
    }
  }
}

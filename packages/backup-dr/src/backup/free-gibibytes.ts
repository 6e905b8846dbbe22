import type { Cloud } from '@groundcrew/core';

/**
 * GiB that the quota of volumes and snapshots has left, now; `undefined` if there is no limit, or it is not shown: then it is not known to
 * be too small, and Cinder itself says so.
 *
 * @throws the signal's reason
 */
export async function freeGibibytes(
  { blockStorage }: Cloud,
  project: string,
  { signal }: { readonly signal?: AbortSignal | undefined },
): Promise<number | undefined> {
  try {
    const { gigabytes } = await blockStorage.quotaSets.getUsage({ id: project }, { signal });
    if (gigabytes === undefined || gigabytes.limit < 0) return undefined;
    return Math.max(0, gigabytes.limit - gigabytes.in_use - gigabytes.reserved);
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

import { createHash } from 'node:crypto';
import type { Cloud } from '@groundcrew/core';
import type { TenantPoint } from '../src/point.ts';
import { imageReader } from '../src/volume-bytes.ts';

/**
 * SHA-256 of the bytes of volumes, by the `tier` in their metadata, read through Glance.
 *
 * @param below - only those with a smaller number
 */
export async function volumeDigests(cloud: Cloud, below: number): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const { id, metadata } of await Array.fromAsync(cloud.blockStorage.volumes.list())) {
    const { tier } = metadata;
    if (tier === undefined || Number(tier) >= below) continue;
    const hash = createHash('sha256');
    await using open = await imageReader(cloud).open({ id }, { run: 'digest' });
    for await (const piece of open.content) hash.update(piece);
    found[tier] = hash.digest('hex');
  }
  return found;
}

/** What a point says of them. */
export const storedDigests = ({ resources }: TenantPoint): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    resources
      .filter(({ kind }) => kind === 'volume')
      .map(({ wire, bytes }) => [(wire['metadata'] as { readonly tier?: string }).tier ?? '', bytes?.sha256]),
  );

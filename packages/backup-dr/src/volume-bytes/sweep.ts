import type { Cloud } from '@groundcrew/core';
import {
  aPositiveDuration,
  aSignal,
  type Duration,
  messageOf,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import { FOR_KEY, NAME_BEGINNING, RUN_KEY } from './temporaries.ts';

export interface SweepOptions {
  /** Runs that go on: theirs is left. @default none */
  readonly keep?: readonly string[] | undefined;
  /** What is younger is left, whoever made it. @default '1d' */
  readonly olderThan?: Duration | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was taken away, and what could not be. */
export interface Swept {
  readonly images: number;
  readonly volumes: number;
  readonly snapshots: number;
  readonly failed: readonly {
    readonly kind: 'image' | 'snapshot' | 'volume';
    readonly id: string;
    readonly why: string;
  }[];
}

const sweepOptions = optionsSchema<SweepOptions>({
  keep: z.array(z.string().min(1)).optional(),
  olderThan: aPositiveDuration.optional(),
  signal: aSignal.optional(),
});

/**
 * Takes away what readings that were killed left in a project: images, volumes and snapshots that have a run's tag or name, in the order
 * in which they depend on each other. Only what was made to be temporary is: a restored volume has a run's tag, too, and is not.
 *
 * @throws InputError for an option that is not known; what the cloud answers to the lists
 * @example const { volumes, failed } = await sweepTemporaries(cloud, { olderThan: '6h' });
 */
export async function sweepTemporaries(cloud: Cloud, options: SweepOptions = {}): Promise<Swept> {
  parseArguments('sweepTemporaries', sweepOptions, options);
  const { keep = [], olderThan = '1d', signal } = options;
  const limit = cloud.clock.now() - milliseconds(olderThan);
  const kept = new Set(keep);
  const call = { signal };
  const isOurs = (
    made: { readonly name?: string | null; readonly created_at: string | null },
    run: string | undefined,
  ): boolean =>
    made.name?.startsWith(NAME_BEGINNING) === true &&
    // What has no time is not known to be old.
    made.created_at !== null &&
    Date.parse(made.created_at) < limit &&
    (run === undefined
      ? ![...kept].some((one) => made.name?.startsWith(`${NAME_BEGINNING}${one}-`))
      : !kept.has(run));
  const failed: Swept['failed'][number][] = [];
  const counts = { image: 0, volume: 0, snapshot: 0 };
  const take = async (
    kind: keyof typeof counts,
    id: string,
    remove: () => Promise<unknown>,
  ): Promise<void> => {
    try {
      await remove();
      counts[kind] += 1;
    } catch (error) {
      signal?.throwIfAborted();
      failed.push({ kind, id, why: messageOf(error) });
    }
  };
  for await (const image of cloud.image.images.list({}, call))
    // An image that was made of a volume has no mark but its name, which ends with the volume's id.
    if (OF_A_VOLUME.test(image.name ?? '') && isOurs(image, undefined))
      await take('image', image.id, () =>
        cloud.image.images.delete({ id: image.id }, { ...call, missingOk: true }),
      );
  const { volumes, snapshots } = cloud.blockStorage;
  for await (const volume of volumes.list({}, call))
    if (volume.metadata[FOR_KEY] !== undefined && isOurs(volume, volume.metadata[RUN_KEY]))
      await take('volume', volume.id, async () => {
        await volumes.delete({ id: volume.id }, { ...call, missingOk: true });
        await volumes.waitGone(volume.id, call);
      });
  for await (const snapshot of snapshots.list({}, call))
    if (snapshot.metadata?.[FOR_KEY] !== undefined && isOurs(snapshot, snapshot.metadata[RUN_KEY]))
      await take('snapshot', snapshot.id, async () => {
        await snapshots.delete({ id: snapshot.id }, { ...call, missingOk: true });
        await snapshots.waitGone(snapshot.id, call);
      });
  return { images: counts.image, volumes: counts.volume, snapshots: counts.snapshot, failed };
}

const OF_A_VOLUME = /-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

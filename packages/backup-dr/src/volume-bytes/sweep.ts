import { type Cloud, isForbidden, isMicroversionError } from '@groundcrew/core';
import type { GroupSnapshot } from '@groundcrew/core/block-storage';
import {
  aPositiveDuration,
  aSignal,
  type Duration,
  InputError,
  messageOf,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import { groupSnapshotGone, snapshotGone, temporaryVolumeGone } from '../cinder-removal.ts';
import { GROUP_SNAPSHOTS } from './consistent-group.ts';
import {
  isTemporary,
  isTemporaryGroupSnapshot,
  isTemporaryImage,
  nameOf,
  RUN_KEY,
} from './temporary-marks.ts';

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
  /** Each with the snapshots of the group's volumes, which are not counted. */
  readonly groupSnapshots: number;
  readonly failed: readonly {
    readonly kind: 'image' | 'snapshot' | 'volume' | 'group-snapshot';
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
 * Takes away what readings that were killed left in the project of this client: images, volumes with their attachments, snapshots
 * and snapshots of groups that have a run's tag or name, in the order in which they depend on each other. Only what was made to be temporary is: a restored
 * volume has a run's tag, too, and is not. An image and a snapshot of a group have no mark but their name; an image must be the project's own as well.
 *
 * @throws InputError for an option that is not known, or a client in the scope of no project; what the cloud answers to the lists
 * @example const { volumes, failed } = await sweepTemporaries(cloud, { olderThan: '6h' });
 */
export async function sweepTemporaries(cloud: Cloud, options: SweepOptions = {}): Promise<Swept> {
  parseArguments('sweepTemporaries', sweepOptions, options);
  const { keep = [], olderThan = '1d', signal } = options;
  const limit = cloud.clock.now() - milliseconds(olderThan);
  const isKept = ({ name, run }: Temporary): boolean =>
    run === undefined ? keep.some((one) => name.startsWith(nameOf(one, ''))) : keep.includes(run);
  return sweep(cloud, signal, (made) => {
    const { created_at: at } = made;
    // What has no time is not known to be old.
    return at !== null && Date.parse(at) < limit && !isKept(made);
  });
}

/** Takes away what earlier attempts of a run left, however young: who calls it is the run, and has nothing open. */
export const sweepRun = (cloud: Cloud, own: string, signal: AbortSignal): Promise<Swept> =>
  sweep(cloud, signal, ({ name, run }) => (run ?? own) === own && name.startsWith(nameOf(own, '')));

/** Something temporary, as a list shows it. */
interface Temporary {
  readonly name: string;
  /** `undefined`: it carries no tag, only its name. */
  readonly run: string | undefined;
  readonly created_at: string | null;
}

async function sweep(
  cloud: Cloud,
  signal: AbortSignal | undefined,
  goes: (made: Temporary) => boolean,
): Promise<Swept> {
  const call = { signal };
  const failed: Swept['failed'][number][] = [];
  const counts = { image: 0, volume: 0, snapshot: 0, 'group-snapshot': 0 };
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
  const owner = await projectOf(cloud, call);
  const { images } = cloud.image;
  // Lists are read to their ends first: a page begins behind what is there. An administrator is shown everybody's images.
  for (const image of await Array.fromAsync(images.list({ owner }, call)))
    if (image.owner === owner && isTemporaryImage(image) && goes(seen(image, undefined)))
      await take('image', image.id, () => images.delete({ id: image.id }, { ...call, missingOk: true }));
  const { volumes, snapshots } = cloud.blockStorage;
  for (const volume of await Array.fromAsync(volumes.list({}, call)))
    if (isTemporary(volume) && goes(seen(volume, volume.metadata[RUN_KEY])))
      await take('volume', volume.id, () =>
        temporaryVolumeGone(cloud, volume.id, { ...call, size: volume.size }),
      );
  for (const snapshot of await Array.fromAsync(snapshots.list({}, call)))
    if (isTemporary(snapshot) && goes(seen(snapshot, snapshot.metadata?.[RUN_KEY])))
      await take('snapshot', snapshot.id, () =>
        snapshotGone(cloud, snapshot.id, { ...call, size: snapshot.size }),
      );
  for (const { id, ...snapshot } of await groupSnapshotsIn(cloud, call))
    if (isTemporaryGroupSnapshot(snapshot) && goes(seen(snapshot, undefined)))
      await take('group-snapshot', id, () => groupSnapshotGone(cloud, id, call));
  return {
    images: counts.image,
    volumes: counts.volume,
    snapshots: counts.snapshot,
    groupSnapshots: counts['group-snapshot'],
    failed,
  };
}

/** None where there are none of ours: none is made in an older cloud, nor by whoever may not list them. */
async function groupSnapshotsIn(
  { blockStorage }: Cloud,
  call: { readonly signal?: AbortSignal | undefined },
): Promise<readonly GroupSnapshot[]> {
  try {
    return await Array.fromAsync(blockStorage.at(GROUP_SNAPSHOTS).groupSnapshots.list({}, call));
  } catch (error) {
    if (isForbidden(error) || isMicroversionError(error)) return [];
    throw error;
  }
}

/** The project whose things may go. @throws InputError if the client is in the scope of none */
async function projectOf(cloud: Cloud, call: { readonly signal?: AbortSignal | undefined }): Promise<string> {
  const project = (await cloud.token(call))?.project?.id;
  if (project !== undefined) return project;
  throw new InputError('sweepTemporaries: cloud: it is in the scope of no project', {
    field: 'cloud',
    operation: 'sweepTemporaries',
    remedy: 'Give a client of the project whose volumes were read: `cloud.scoped({ project_id })`.',
  });
}

const seen = (
  { name, created_at }: { readonly name?: string | null; readonly created_at: string | null },
  run: string | undefined,
): Temporary => ({ name: name ?? '', run, created_at });

import type { Cloud } from '@groundcrew/core';
import { messageOf } from '@groundcrew/ground';
import { groupSnapshotOf } from './group-snapshot.ts';
import { snapshotOf, type TakenSnapshot, Undo } from './temporaries.ts';

/** Snapshots of several volumes, taken together; disposed, they are gone. */
export interface VolumeMoment extends AsyncDisposable {
  /** As one snapshot of their group, or one of each at once. */
  readonly how: 'group' | 'snapshots';
  /** By the id of the volume. */
  readonly snapshots: ReadonlyMap<string, TakenSnapshot>;
  /** Volumes of which there is none, and why. */
  readonly failed: ReadonlyMap<string, string>;
  /** Milliseconds from the first to the last, by the cloud's clock; 0 for those of a group: storage took them as one. */
  readonly spreadMs: number;
  /** Why there is none of the group that was given. Something of it may be left in the cloud. */
  readonly groupFailure: string | undefined;
}

interface Taking {
  readonly run: string;
  readonly signal: AbortSignal;
  /** The group that they are all in, whose type promises snapshots of one moment. @default none */
  readonly group?: string | undefined;
}

type Taken = Omit<VolumeMoment, typeof Symbol.asyncDispose | 'groupFailure'>;

/**
 * Takes snapshots of volumes as one, by their group; without a group, or where its snapshot fails, all at once.
 *
 * @throws the signal's reason; then those that were taken are gone
 */
export async function takeMoment(
  cloud: Cloud,
  volumes: readonly string[],
  { run, signal, group }: Taking,
): Promise<VolumeMoment> {
  const undo = new Undo();
  const making = { run, signal, undo };
  let taken: Taken | undefined;
  let groupFailure: string | undefined;
  if (group !== undefined)
    try {
      const snapshots = await groupSnapshotOf(cloud, { group, volumes }, making);
      taken = { how: 'group', snapshots, failed: new Map(), spreadMs: 0 };
    } catch (error) {
      groupFailure = messageOf(error);
    }
  // A failed one is not waited for to be gone: applications may be at rest.
  if (taken === undefined && !signal.aborted) taken = await allAtOnce(cloud, volumes, making);
  if (taken === undefined || signal.aborted) {
    await undo[Symbol.asyncDispose]().catch(() => {});
    throw signal.reason;
  }
  return { ...taken, groupFailure, [Symbol.asyncDispose]: () => undo[Symbol.asyncDispose]() };
}

/**
 * The nearest to one moment that every cloud can: requests are sent together, and storage takes each when it comes to it. How far they are
 * apart is measured.
 */
async function allAtOnce(
  cloud: Cloud,
  volumes: readonly string[],
  making: { readonly run: string; readonly signal: AbortSignal; readonly undo: Undo },
): Promise<Taken> {
  const taken = await Promise.all(
    volumes.map(async (volume) => {
      try {
        return { volume, snapshot: await snapshotOf(cloud, volume, making) };
      } catch (error) {
        return { volume, why: messageOf(error) };
      }
    }),
  );
  const snapshots = new Map(
    taken.flatMap((each) => ('snapshot' in each ? [[each.volume, each.snapshot] as const] : [])),
  );
  const moments = [...snapshots.values()].map(({ at }) => Date.parse(at));
  return {
    how: 'snapshots',
    snapshots,
    failed: new Map(taken.flatMap((each) => ('why' in each ? [[each.volume, each.why] as const] : []))),
    spreadMs: moments.length === 0 ? 0 : Math.max(...moments) - Math.min(...moments),
  };
}

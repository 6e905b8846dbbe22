import type { Cloud } from '@groundcrew/core';
import { messageOf } from '@groundcrew/ground';
import { snapshotOf, type TakenSnapshot, Undo } from './temporaries.ts';

/** Snapshots of several volumes, taken at once; disposed, they are gone. */
export interface VolumeMoment extends AsyncDisposable {
  /** By the id of the volume. */
  readonly snapshots: ReadonlyMap<string, TakenSnapshot>;
  /** Volumes of which there is none, and why. */
  readonly failed: ReadonlyMap<string, string>;
  /** Milliseconds from the first to the last, by the cloud's clock. */
  readonly spreadMs: number;
}

/**
 * Takes snapshots of volumes, all at once: the nearest to one moment that every cloud can. Their requests are sent together, and storage
 * takes each when it comes to it; how far they are apart is measured.
 *
 * @throws the signal's reason; then those that were taken are gone
 */
export async function takeMoment(
  cloud: Cloud,
  volumes: readonly string[],
  { run, signal }: { readonly run: string; readonly signal: AbortSignal },
): Promise<VolumeMoment> {
  const undo = new Undo();
  const taken = await Promise.all(
    volumes.map(async (volume) => {
      try {
        return { volume, snapshot: await snapshotOf(cloud, volume, { run, signal, undo }) };
      } catch (error) {
        return { volume, why: messageOf(error) };
      }
    }),
  );
  if (signal.aborted) {
    await undo[Symbol.asyncDispose]().catch(() => {});
    signal.throwIfAborted();
  }
  const snapshots = new Map(
    taken.flatMap((each) => ('snapshot' in each ? [[each.volume, each.snapshot] as const] : [])),
  );
  const moments = [...snapshots.values()].map(({ at }) => Date.parse(at));
  return {
    snapshots,
    failed: new Map(taken.flatMap((each) => ('why' in each ? [[each.volume, each.why] as const] : []))),
    spreadMs: moments.length === 0 ? 0 : Math.max(...moments) - Math.min(...moments),
    [Symbol.asyncDispose]: () => undo[Symbol.asyncDispose](),
  };
}

import type { Cloud } from '@groundcrew/core';
import { patienceFor } from './patience.ts';
import { snapshotGone, temporaryVolumeGone } from '../cinder-removal.ts';
import { FOR_KEY, nameOf, RUN_KEY } from './temporary-marks.ts';

/** A copy of a volume as it was at one moment. */
export interface VolumeClone {
  readonly id: string;
  /** GiB. */
  readonly size: number;
  /** The moment of the snapshot, by the cloud's clock; by ours, if it does not tell. */
  readonly at: string;
}

/** A snapshot that is there already, which whoever took it takes away. */
export interface TakenSnapshot {
  readonly id: string;
  /** GiB. */
  readonly size: number;
  /** Its moment, by the cloud's clock; by ours, if it does not tell. */
  readonly at: string;
}

interface Making {
  readonly run: string;
  readonly signal?: AbortSignal | undefined;
  /** Gets what takes each thing away, the last first. */
  readonly undo: Undo;
}

/** Makes a volume of a snapshot: of the one that is given, or of one that it takes of the volume as it is now. */
export async function cloneOf(
  cloud: Cloud,
  { id: volume, snapshot: given }: { readonly id: string; readonly snapshot?: TakenSnapshot | undefined },
  making: Making,
): Promise<VolumeClone> {
  const { run, signal, undo } = making;
  const { volumes } = cloud.blockStorage;
  const snapshot = given ?? (await snapshotOf(cloud, volume, making));
  const clone = await volumes.create(
    { snapshot_id: snapshot.id, size: snapshot.size, ...markedOf(run, volume) },
    { signal },
  );
  undo.later(() => temporaryVolumeGone(cloud, clone.id, { size: snapshot.size }));
  const patience = patienceFor(snapshot.size);
  const { size } = await volumes.waitFor(clone.id, 'available', { signal, patience });
  return { id: clone.id, size, at: snapshot.at };
}

/** Takes a snapshot of a volume as it is now, also of one that is in use. */
export async function snapshotOf(
  cloud: Cloud,
  volume: string,
  { run, signal, undo }: Making,
): Promise<TakenSnapshot> {
  const { snapshots } = cloud.blockStorage;
  const asked = new Date(cloud.clock.now()).toISOString();
  const { id, size } = await snapshots.create(
    { volume_id: volume, force: true, ...markedOf(run, volume) },
    { signal },
  );
  undo.later(() => snapshotGone(cloud, id, { size }));
  const { created_at: at } = await snapshots.waitFor(id, 'available', { signal });
  return { id, size, at: at ?? asked };
}

const markedOf = (run: string, volume: string) => ({
  name: nameOf(run, volume),
  metadata: { [RUN_KEY]: run, [FOR_KEY]: volume },
});

/** Takes away what was made, the last first. All of it is tried, also after one that fails. */
export class Undo implements AsyncDisposable {
  readonly #steps: (() => Promise<unknown>)[] = [];

  later(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== undefined) throw failure.error;
  }
}

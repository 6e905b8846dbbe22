import type { Cloud } from '@groundcrew/core';
import { patienceFor } from './patience.ts';
import { removeSnapshot, removeVolume } from './remove-temporary.ts';
import { FOR_KEY, nameOf, RUN_KEY } from './temporary-marks.ts';

/** A copy of a volume as it is now, and the snapshot that it was made of. */
export interface VolumeClone {
  readonly id: string;
  /** GiB. */
  readonly size: number;
  /** The moment of the snapshot, by the cloud's clock; by ours, if it does not tell. */
  readonly at: string;
}

/** Makes a snapshot of a volume, and a volume of that; `undo` gets what takes each of them away, the last first. */
export async function cloneOf(
  cloud: Cloud,
  volume: string,
  {
    run,
    signal,
    undo,
  }: { readonly run: string; readonly signal?: AbortSignal | undefined; readonly undo: Undo },
): Promise<VolumeClone> {
  const { snapshots, volumes } = cloud.blockStorage;
  const options = { signal };
  const named = { name: nameOf(run, volume), metadata: { [RUN_KEY]: run, [FOR_KEY]: volume } };
  const asked = new Date(cloud.clock.now()).toISOString();
  const { id: snapshot } = await snapshots.create({ volume_id: volume, force: true, ...named }, options);
  undo.later(() => removeSnapshot(cloud, snapshot));
  const made = await snapshots.waitFor(snapshot, 'available', options);
  const clone = await volumes.create({ snapshot_id: snapshot, size: made.size, ...named }, options);
  undo.later(() => removeVolume(cloud, clone.id, { size: made.size }));
  const patience = patienceFor(made.size);
  const { size } = await volumes.waitFor(clone.id, 'available', { ...options, patience });
  return { id: clone.id, size, at: made.created_at ?? asked };
}

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

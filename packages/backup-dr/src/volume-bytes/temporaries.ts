import type { Cloud } from '@groundcrew/core';

/** The keys by which temporary things are found again, in the metadata of volumes and snapshots. */
export const RUN_KEY = 'groundcrew_run';
export const FOR_KEY = 'groundcrew_for';

/** The beginning of their names; images have nothing else at first. */
export const NAME_BEGINNING = 'groundcrew-temporary-';

export const nameOf = (run: string, volume: string): string => `${NAME_BEGINNING}${run}-${volume}`;

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
  undo.later(async () => {
    await snapshots.delete({ id: snapshot }, { missingOk: true });
    await snapshots.waitGone(snapshot);
  });
  const made = await snapshots.waitFor(snapshot, 'available', options);
  const clone = await volumes.create({ snapshot_id: snapshot, size: made.size, ...named }, options);
  undo.later(async () => {
    await volumes.delete({ id: clone.id }, { missingOk: true });
    await volumes.waitGone(clone.id);
  });
  const { size } = await volumes.waitFor(clone.id, 'available', options);
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

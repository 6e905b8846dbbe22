import { LeaseHeldError } from '../journal/journal-errors.ts';
import type { Lease } from '../lease/lease.ts';

/** A run that a worker has taken and not ended. */
export interface TakenRun {
  readonly id: string;
  /** `undefined`: nobody's. */
  readonly worker: string | undefined;
}

export interface RecoveryPorts {
  /** This worker. */
  readonly self: string;
  readonly taken: () => Promise<readonly TakenRun[]>;
  /** Tells whether this worker works on it. */
  readonly isRunning: (id: string) => boolean;
  readonly leaseOf: (worker: string) => Lease;
  /** Puts them back into the queue. */
  readonly putBack: (ids: readonly string[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Finds runs whose worker is dead, and puts them back into the queue. A worker is dead when its lease can be taken; by
 * taking it, one survivor alone does this, and a worker that was only suspended learns that it lost its runs.
 *
 * A run may also belong to this worker, and not be worked on: the database went away when it was being handed over.
 * Seen twice in a row, it is put back as well. Putting back one run too many does no harm: its journal has one holder.
 */
export class Recovery {
  readonly #ports: RecoveryPorts;
  #strays = new Set<string>();

  constructor(ports: RecoveryPorts) {
    this.#ports = ports;
  }

  /** Ids of the runs that it has put back. */
  async sweep(): Promise<readonly string[]> {
    const { self, taken, isRunning, putBack } = this.#ports;
    const runs = await taken();
    const mine = runs.filter(({ id, worker }) => worker === self && !isRunning(id)).map(({ id }) => id);
    const strays = mine.filter((id) => this.#strays.has(id));
    this.#strays = new Set(mine.filter((id) => !strays.includes(id)));
    if (strays.length > 0) await putBack(strays);
    const back = [...strays];
    for (const [worker, ids] of Map.groupBy(runs, (run) => run.worker))
      if (worker !== undefined && worker !== self && (await this.#requeued(worker, ids)))
        back.push(...ids.map(({ id }) => id));
    return back;
  }

  async #requeued(worker: string, runs: readonly TakenRun[]): Promise<boolean> {
    const { self, signal, leaseOf, putBack } = this.#ports;
    try {
      const held = await leaseOf(worker).acquire({ holder: `${self}, which requeues its runs`, signal });
      try {
        await putBack(runs.map(({ id }) => id));
      } finally {
        await held.release();
      }
      return true;
    } catch (error) {
      if (error instanceof LeaseHeldError) return false;
      throw error;
    }
  }
}

import { WIDEST } from './evidence.ts';

/**
 * Tasks that leave the guest alone (`nova/compute/task_states.py`). Each other one that ends well has started or stopped it, and
 * ends with a look at its power state.
 */
export const LEAVES_GUEST: ReadonlySet<string> = new Set([
  'image_backup',
  'image_pending_upload',
  'image_snapshot',
  'image_snapshot_pending',
  'image_uploading',
  'migrating',
  'updating_password',
]);

/** What is remembered of one server. */
interface Known {
  /** The last poll that saw no task. */
  readonly idle: number | undefined;
  /** The task that the last poll saw. */
  readonly task: string | null;
  /** The last poll that saw no task before one, and the first that saw none after it: Nova may not have looked in between. */
  readonly held: { readonly since: number | undefined; readonly until: number } | undefined;
}

/**
 * Since when Nova has looked at the power state of each server. It passes over one that has a task (a snapshot, a migration), however
 * long that takes, so that what it says of it is older than `lag` until it has looked again
 * (`nova/compute/manager.py`, `_query_driver_power_state_and_sync`).
 */
export class PendingTasks {
  readonly #servers = new Map<string, Known>();
  readonly #lag: number;
  readonly #longest: number;

  /**
   * @param lag - milliseconds between two looks, at most
   * @param longest - milliseconds between two polls in which no task can have begun and ended unseen that matters
   */
  constructor({ lag, longest }: { readonly lag: number; readonly longest: number }) {
    this.#lag = lag;
    this.#longest = longest;
  }

  /**
   * Notes the task that a poll saw, and returns the earliest moment at which the newest look of Nova can have been; `undefined` where
   * a task was there already when the server was first seen.
   */
  lookedSince(server: string, asked: number, task: string | null): number | undefined {
    const known = this.#servers.get(server) ?? { idle: undefined, task: null, held: undefined };
    const held = this.#heldAt(known, asked, task);
    this.#servers.set(server, { idle: task === null ? asked : known.idle, task, held });
    if (held === undefined) return asked - this.#lag;
    if (held.since === undefined || asked - held.since + this.#lag > WIDEST) return undefined;
    return held.since - this.#lag;
  }

  #heldAt({ idle, task: before, held }: Known, asked: number, task: string | null): Known['held'] {
    const isHeld = held !== undefined && (before !== null || asked - held.until <= this.#lag);
    const since = isHeld ? held.since : idle;
    if (task !== null) return { since, until: asked };
    // It has ended: with a look, or without one.
    if (before !== null) return LEAVES_GUEST.has(before) ? { since, until: asked } : undefined;
    if (idle !== undefined && asked - idle > this.#longest) return { since, until: asked };
    return isHeld ? held : undefined;
  }

  forget(server: string): void {
    this.#servers.delete(server);
  }
}

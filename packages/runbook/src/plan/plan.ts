import type { Duration } from '@groundcrew/ground';
import type { Json } from '../json.ts';

/**
 * The way back to the state before. `free`: undo it, at any time. `restore`: only from a backup. `none`: there is no
 * way back.
 */
export type RollbackClass = 'free' | 'restore' | 'none';

/**
 * An estimate of the time that a step takes, and for how much of it users are not served. It is a guess, and shown as
 * one.
 */
export interface Estimate {
  readonly duration: Duration;
  /** The time during which users are not served. @default 0 */
  readonly downtime?: Duration | undefined;
  /** The source of the figure: `median of 12 runs`, `Galera's documentation`. */
  readonly basis?: string | undefined;
}

/** One step, as data. Made by `Action.step`. */
export interface Step {
  readonly id: string;
  /** Name of its action. */
  readonly action: string;
  readonly title: string;
  readonly why?: string;
  readonly input: Json;
  /** Must have succeeded. */
  readonly needs: readonly string[];
  /** Must have ended. */
  readonly after: readonly string[];
  readonly rollback: RollbackClass;
  /** Idempotency key, if the action derives one from its input; else it is made of run and step. */
  readonly key?: string;
  /** In a plan both are milliseconds. */
  readonly estimate?: Estimate;
  readonly group?: string;
  readonly onFailure: 'stop' | 'continue';
  /** Until the signal of each of its parts aborts; in a plan in milliseconds. */
  readonly timeout: Duration;
}

/** A place where a run waits for a yes. */
export interface Gate {
  readonly id: string;
  /** The question that is to be answered: `Is the site's link drained?` */
  readonly question: string;
  /** Steps that wait for it; each of them, and so whatever needs them. */
  readonly before: readonly string[];
}

/** A thing that the plan was made for, as it was then. A run refuses to start when its revision has changed. */
export interface Target {
  readonly kind: string;
  readonly id: string;
  /** `updated_at`, a revision number, a digest of what was read. */
  readonly revision: string;
}

/**
 * A plan: the steps to be done, as immutable data. A person reads it (`explain`), a review compares it (`diff`), an
 * approval names its digest, a run executes exactly it.
 */
export interface Plan {
  /** 2 since durations are milliseconds; a plan of format 1 counted seconds, and is refused. */
  readonly format: 2;
  /** The subject of the plan: `recover-compute-3`. Not unique; the digest is. */
  readonly id: string;
  readonly title: string;
  /** The inputs that it was made from: the policy, the findings, everything that explains it. No secrets. */
  readonly inputs: Json;
  readonly targets: readonly Target[];
  /** In an order that satisfies `needs` and `after`. */
  readonly steps: readonly Step[];
  readonly gates: readonly Gate[];
  readonly concurrency: Concurrency;
  /** Warnings that a person must know who approves it. */
  readonly warnings: readonly string[];
  /** `sha256:` and 64 hex digits over everything else, in canonical JSON (RFC 8785). */
  readonly digest: string;
}

export interface Concurrency {
  /** Steps at a time, at most. */
  readonly total: number;
  /** The number of steps of a group that may run at a time; a group that is not named here runs one at a time. */
  readonly groups: { readonly [group: string]: number };
}

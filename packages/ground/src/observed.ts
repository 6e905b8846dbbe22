/**
 * The part of what was asked that a value holds.
 *
 * `complete`: all of it. `partial`: some; the gaps say what is missing. `denied`: nothing, for want of a role.
 * `unsupported`: this cloud has no such thing. `stale`: complete, but older than wanted. `failed`: nothing, since
 * asking failed.
 */
export type Completeness = 'complete' | 'partial' | 'denied' | 'stale' | 'unsupported' | 'failed';

/** Something that was asked and not seen. */
export interface Gap {
  /** The thing that is missing: `compute services`. */
  readonly what: string;
  readonly kind: 'denied' | 'unsupported' | 'failed' | 'cut';
  /** The reason, in the error's words. */
  readonly why: string;
  /** The action that would make it visible. */
  readonly remedy: string | undefined;
  readonly requestIds: readonly string[];
}

/**
 * A value with what makes it worth believing: when and where it was read, and how much of it was not.
 *
 * A judgement must look at `completeness` before it looks at `value`: a list that was denied is not an empty list.
 */
export interface Observed<T> {
  readonly value: T;
  /** The time when the reading began; ISO 8601, UTC. */
  readonly at: string;
  /** The service and resource that it was read from: `compute os-services`. */
  readonly source: string;
  readonly completeness: Completeness;
  readonly gaps: readonly Gap[];
}

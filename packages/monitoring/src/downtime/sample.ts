/** One operation as a user would have made it, and how it went. */
export interface Sample {
  /** The time when it began; milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds until its answer, or until it was given up. */
  readonly duration: number;
  readonly ok: boolean;
  /** The reason why it failed: `HTTP 503`, `ECONNREFUSED`, `no answer within 2000 ms`. */
  readonly error?: string | undefined;
}

/**
 * One operation against what is measured. Resolves if the user was served, and says in words if not; a rejection
 * counts as an error, too. The signal aborts when the operation has taken too long.
 */
export type Probe = (signal: AbortSignal) => Promise<ProbeAnswer>;

export type ProbeAnswer = { readonly ok: true } | { readonly ok: false; readonly error: string };

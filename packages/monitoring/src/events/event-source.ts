/** Messages that were heard together. */
export interface Batch {
  readonly messages: readonly (string | Uint8Array)[];
  /** They are safe: the source may forget them. Without this call they come again. */
  done(): Promise<void>;
}

/** A source of messages: a queue, a file, or the user's own. It delivers each at least once. */
export interface EventSource {
  /** `rabbitmq lab/audit.info`. */
  readonly name: string;
  /** Ends when there is no more, or at the signal; rejects when it cannot go on. */
  batches(options: { readonly signal: AbortSignal }): AsyncIterable<Batch>;
}

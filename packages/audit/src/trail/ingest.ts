import { type Clock, systemClock } from '@groundcrew/core';
import type { AuditEvent } from './event.ts';
import type { Trail, Appended } from './trail.ts';
import { decode } from './decode/decode.ts';

/** Messages that were heard together. */
export interface Batch {
  readonly messages: readonly (string | Uint8Array)[];
  /** They are safe: the source may forget them. Without this call they come again. */
  done(): Promise<void>;
}

/** Where messages come from: a queue, a file, one's own. It delivers each at least once. */
export interface EventSource {
  /** `rabbitmq lab/audit.info`. */
  readonly name: string;
  /** Ends when there is no more, or at the signal; rejects when it cannot go on. */
  batches(options: { readonly signal: AbortSignal }): AsyncIterable<Batch>;
}

export interface IngestOptions {
  readonly from: EventSource;
  readonly into: Pick<Trail, 'append'>;
  /** What to keep. @default everything, reads as well */
  readonly keep?: ((event: AuditEvent) => boolean) | undefined;
  /** Told after events are safe: what reacts to them begins here. It is not waited for; what it throws is the caller's. */
  readonly heard?: ((appended: Appended) => void) | undefined;
  readonly signal: AbortSignal;
  readonly clock?: Pick<Clock, 'now'> | undefined;
}

export interface Ingested {
  readonly messages: number;
  readonly added: number;
  /** Delivered before. */
  readonly known: number;
  /** Kept as they came, since nothing could read them. */
  readonly undecoded: number;
  /** Not wanted by `keep`. */
  readonly left: number;
}

/**
 * Writes what a source tells into a trail, each once, until the source ends or the signal aborts. A message is forgotten
 * by its source only when its event is on the disk: killed at any point, it goes on without loss and without a double.
 *
 * @example
 * await ingest({ from: rabbitSource({ url, queue: 'audit.info' }), into: trail, keep: withoutReads, signal });
 */
export async function ingest(options: IngestOptions): Promise<Ingested> {
  const { from, into, keep = () => true, heard, signal, clock = systemClock } = options;
  const sum = { messages: 0, added: 0, known: 0, undecoded: 0, left: 0 };
  for await (const batch of from.batches({ signal })) {
    const { messages } = batch;
    const now = clock.now();
    const events = messages.map((message) => decode(message, { source: from.name, now }));
    const wanted = events.filter((event) => event.kind === 'undecoded' || keep(event));
    const appended = await into.append(wanted);
    await batch.done();
    sum.messages += messages.length;
    sum.added += appended.added.length;
    sum.known += appended.known;
    sum.undecoded += events.filter(({ kind }) => kind === 'undecoded').length;
    sum.left += events.length - wanted.length;
    heard?.(appended);
  }
  return sum;
}

/**
 * Leaves out what only read and was let: most of what an audit filter tells. What was denied is kept.
 */
export const withoutReads = ({ kind, action, outcome }: AuditEvent): boolean =>
  !(kind === 'audit.http' && (action === 'read' || action === 'list') && outcome !== 'failure');

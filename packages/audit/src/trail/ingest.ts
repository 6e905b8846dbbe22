import { aFunction, anObjectWith, aSignal, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Clock, isInputError, systemClock } from '@groundcrew/core';
import type { EventSource } from '@groundcrew/monitoring/events';
import type { AuditEvent } from './event.ts';
import type { Trail, Appended } from './trail.ts';
import { decoded, refused } from './decode/decode.ts';
import { TrailError } from './trail-error.ts';

export interface IngestOptions {
  readonly from: EventSource;
  readonly into: Pick<Trail, 'append'>;
  /** Selects the events to keep. @default everything, reads as well */
  readonly keep?: ((event: AuditEvent) => boolean) | undefined;
  /**
   * Told after events are safe: what reacts to them begins here. It is not waited for; what it throws is the caller's.
   */
  readonly heard?: ((appended: Appended) => void) | undefined;
  /**
   * Told of each message that was not kept as it came, and why. It is not waited for; what it throws is the caller's.
   */
  readonly oddity?: ((odd: Oddity) => void) | undefined;
  readonly signal: AbortSignal;
  readonly clock?: Pick<Clock, 'now'> | undefined;
}

const ingestOptions = optionsSchema<IngestOptions>({
  from: anObjectWith<EventSource>('a source', 'name', 'batches'),
  into: anObjectWith<Trail>('a Trail', 'append'),
  keep: aFunction.optional(),
  heard: aFunction.optional(),
  oddity: aFunction.optional(),
  signal: aSignal,
  clock: anObjectWith<Clock>('a Clock', 'now').optional(),
});

/** A message that was not kept as it came. */
export interface Oddity {
  /** The event as it was kept. */
  readonly event: AuditEvent;
  /**
   * `undecoded`: nothing could read it. `altered`: text that no store keeps is shown instead. `refused`: the trail did
   * not take it.
   */
  readonly what: 'undecoded' | 'altered' | 'refused';
  /** `altered`: the fields. */
  readonly why: string;
}

export interface Ingested {
  readonly messages: number;
  readonly added: number;
  /** Delivered before. */
  readonly known: number;
  /** Kept as they came, since nothing could read them. */
  readonly undecoded: number;
  /** Kept with text shown that no store keeps: lone surrogates, NUL, and what is too long to be found by. */
  readonly altered: number;
  /** Read, but not taken by the trail: kept as `undecoded`, with the reason. */
  readonly refused: number;
  /** Not wanted by `keep`. */
  readonly left: number;
}

/**
 * Writes what a source tells into a trail, each once, until the source ends or the signal aborts. A message is
 * forgotten by its source only when its event is on the disk: killed at any point, it goes on without loss and without
 * a double. A message that cannot be kept as it came is kept as well as it can be, counted and told: it does not come
 * again for ever, and the others of its batch are kept.
 *
 * @throws InputError on an option that there is not
 * @example
 * await ingest({ from: rabbitSource({ url, queue: 'audit.info' }), into: trail, keep: withoutReads, signal });
 */
export async function ingest(options: IngestOptions): Promise<Ingested> {
  parseArguments('ingest', ingestOptions, options);
  const { from, into, keep = () => true, heard, oddity, signal, clock = systemClock } = options;
  const sum = { messages: 0, added: 0, known: 0, undecoded: 0, altered: 0, refused: 0, left: 0 };
  for await (const batch of from.batches({ signal })) {
    const now = clock.now();
    const told = batch.messages.map((message) => ({
      message,
      ...decoded(message, { source: from.name, now }),
    }));
    const wanted = told.filter(({ event }) => event.kind === 'undecoded' || keep(event));
    const odd = wanted.flatMap(({ event, altered }) => oddityOf(event, altered));
    const appended = await append(into, wanted, (message, why) => {
      const event = refused(message, why, { source: from.name, now });
      odd.push({ event, what: 'refused', why });
      return event;
    });
    await batch.done();
    sum.messages += told.length;
    sum.added += appended.added.length;
    sum.known += appended.known;
    sum.left += told.length - wanted.length;
    for (const { what } of odd) sum[what] += 1;
    for (const entry of odd) oddity?.(entry);
    heard?.(appended);
  }
  return sum;
}

function oddityOf(event: AuditEvent, altered: readonly string[]): Oddity[] {
  if (event.kind === 'undecoded') return [{ event, what: 'undecoded', why: event.reason?.text ?? 'unknown' }];
  return altered.length === 0 ? [] : [{ event, what: 'altered', why: altered.slice(0, 20).join(', ') }];
}

interface Told {
  readonly message: string | Uint8Array;
  readonly event: AuditEvent;
}

/** All at once; if the trail does not take one of them, one by one, and that one as what could not be read. */
async function append(
  into: Pick<Trail, 'append'>,
  told: readonly Told[],
  instead: (message: string | Uint8Array, why: string) => AuditEvent,
): Promise<Appended> {
  try {
    return await into.append(told.map(({ event }) => event));
  } catch (error) {
    const why = refusalIn(error);
    if (why === undefined) throw error;
    const [only, ...more] = told;
    if (only === undefined) throw error;
    if (more.length === 0) return into.append([instead(only.message, why)]);
  }
  const added: Appended['added'][number][] = [];
  let known = 0;
  for (const message of told) {
    const appended = await append(into, [message], instead);
    added.push(...appended.added);
    known += appended.known;
  }
  return { added, known };
}

/** The reason why this event, and not the store, is at fault; `undefined`: a new attempt may work. */
function refusalIn(error: unknown): string | undefined {
  const isTheEvents =
    isInputError(error) ||
    (error instanceof TrailError && (error.code === 'trail.refused' || error.code === 'trail.reserved'));
  return isTheEvents ? (error as Error).message.replaceAll(/\s+/g, ' ').slice(0, 500) : undefined;
}

/**
 * Leaves out reads that were allowed: most of the events of an audit filter. A read that was denied is kept.
 */
export const withoutReads = ({ kind, action, outcome }: AuditEvent): boolean =>
  !(kind === 'audit.http' && (action === 'read' || action === 'list') && outcome !== 'failure');

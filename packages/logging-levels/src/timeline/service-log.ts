import type { Gap } from '@groundcrew/core';
import { messageOf, optionsSchema } from '@groundcrew/ground';
import { z } from 'zod';
import type { LogRecord } from '../parse.ts';
import { anOffset, offsetMs } from '../moment.ts';

type Records = Iterable<LogRecord> | AsyncIterable<LogRecord>;

/** The log of one service on one host. Several with the same service and host are read as one. */
export interface ServiceLog {
  /** `nova-api`, `placement`, … */
  readonly service: string;
  /** The machine whose clock wrote the times. @default one of its own, for this service alone */
  readonly host?: string | undefined;
  /**
   * By how much its times are ahead of UTC: `+02:00`. oslo.log writes local time without a zone; where summer time is kept, it is the
   * offset of the day in question. A zone that is written in a time counts instead.
   *
   * @default 'Z'
   */
  readonly offset?: string | undefined;
  /**
   * Its records: a list, or a function that opens them anew each time. They are read twice, since a link between two requests may be
   * told after what it links; what can be read once only (a generator) is refused.
   */
  readonly records: Records | (() => Records);
}

const someRecords = z.custom<ServiceLog['records']>(
  (given) => typeof given === 'function' || (isIterable(given) && !isReadOnce(given)),
  'must be a list of records, or a function that opens them anew each time: they are read twice',
);

const aSource = optionsSchema<ServiceLog>({
  service: z.string().min(1).max(256),
  host: z.string().min(1).max(256).optional(),
  offset: anOffset.optional(),
  records: someRecords,
});

/** Schema of the sources that are read together. */
export const someSources = z.array(aSource).min(1, 'are none: nothing can be seen in them');

/** By its shape: what is iterated need not be an array. */
function isIterable(given: unknown): given is Records {
  return (
    typeof given === 'object' && given !== null && (Symbol.asyncIterator in given || Symbol.iterator in given)
  );
}

/** A generator gives itself as its iterator, and is at its end the second time. */
function isReadOnce(given: Records): boolean {
  const iterator = Symbol.asyncIterator in given ? given[Symbol.asyncIterator]() : given[Symbol.iterator]();
  return (iterator as unknown) === given;
}

/** The key of the service on its host, which is one line of a timeline. */
export const placeOf = ({ service, host }: ServiceLog): string => JSON.stringify([service, host]);

/** The key of the clock that wrote a source's times. */
export const clockOf = ({ service, host }: ServiceLog): string =>
  host === undefined ? `(the host of ${service})` : host;

/** `nova-compute on compute-2`. */
export const nameOf = ({ service, host }: Pick<ServiceLog, 'service' | 'host'>): string =>
  host === undefined ? service : `${service} on ${host}`;

export const localOffsetMs = ({ offset = 'Z' }: ServiceLog): number => offsetMs(offset);

/**
 * Gives each record of a source to `take`. What ends the reading early is returned, so that one source takes no other down.
 *
 * @throws the signal's reason
 */
export async function readSource(
  source: ServiceLog,
  signal: AbortSignal | undefined,
  take: (record: LogRecord) => void,
): Promise<Gap | undefined> {
  signal?.throwIfAborted();
  try {
    const records = typeof source.records === 'function' ? source.records() : source.records;
    if (Symbol.asyncIterator in records) {
      for await (const record of records) {
        signal?.throwIfAborted();
        take(record);
      }
    } else for (const record of records) take(record);
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    return {
      what: nameOf(source),
      kind: 'failed',
      why: messageOf(error),
      remedy: 'Read that log again; what it says of the request is not in this timeline.',
      requestIds: [],
    };
  }
}

/** Something left out for want of room. */
export const cut = (what: string, why: string, remedy: string): Gap => ({
  what,
  kind: 'cut',
  why,
  remedy,
  requestIds: [],
});

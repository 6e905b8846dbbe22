import type { Connection } from '../../call/connection.ts';
import { type Reply, request } from '../../call/request.ts';
import { InputError, IntegrityError } from '../../errors/errors.ts';
import { isHttpError } from '../../errors/guards.ts';
import { checkOptions, OBJECT_DOWNLOAD_OPTIONS } from '../../options/option-checks.ts';
import { limitOf } from '../../options/limit.ts';
import { Meter, pass } from '../../transfer/meter.ts';
import { DownloadInterrupted, rest } from '../../transfer/rest.ts';
import { Stall } from '../../transfer/stall.ts';
import { DEFAULT_RESUMES, DEFAULT_STALL } from '../../transfer/transfer-options.ts';
import type { ServiceFacts } from '../service-facts.ts';
import {
  md5In,
  mismatch,
  type ObjectDownloadOptions,
  type ObjectPlace,
  pathOf,
  ROUTE,
} from './object-transfer.ts';

const OPERATION = 'data.download';

/** Reads an object, resumes where a connection broke, and compares its MD5 at the end. */
export async function* downloadObject(
  service: ServiceFacts,
  connection: Connection,
  place: ObjectPlace,
  options: ObjectDownloadOptions,
): AsyncGenerator<Uint8Array> {
  checkOptions(options, OBJECT_DOWNLOAD_OPTIONS, OPERATION);
  const path = pathOf(place, OPERATION);
  const { from = 0, to } = options.range ?? {};
  if (to !== undefined && to < from)
    throw new InputError(`${OPERATION}: options.range: ends before it begins`, {
      field: 'options.range',
      operation: OPERATION,
    });
  if (to === from) return;
  const received = new Meter('md5');
  using stall = new Stall(
    `object ${OPERATION} ${path}`,
    limitOf(options.stall) ?? DEFAULT_STALL,
    options.signal,
  );
  let resumes = options.retries ?? DEFAULT_RESUMES;
  let first: Facts | undefined;
  for (;;) {
    const start = from + received.bytes;
    const isResumed = first !== undefined && received.bytes > 0;
    const call = {
      service,
      operation: OPERATION,
      route: ROUTE,
      method: 'GET',
      path,
      headers: {
        accept: '*/*',
        ...(start > 0 || to !== undefined
          ? { range: `bytes=${start}-${to === undefined ? '' : to - 1}` }
          : {}),
        // Half of one object and half of another would be no object at all.
        ...(isResumed && first?.etag !== null ? { 'if-match': first?.etag ?? '' } : {}),
      },
      idempotent: true,
      read: 'stream' as const,
    };
    try {
      const reply = await stall.guard(
        request(connection, call, { ...options, timeout: Infinity, signal: stall.signal }),
      );
      first ??= factsOf(reply);
      if (reply.response.body !== null) {
        // 200 to a range: the store sends all of it.
        const skip = reply.response.status === 206 ? 0 : start;
        const wanted = upTo(rest(reply, reply.response.body, skip), (to ?? Infinity) - start);
        yield* pass(wanted, received, stall, 'caller', options.onProgress);
      }
      break;
    } catch (error) {
      stall.signal.throwIfAborted();
      if (isResumed && isHttpError(error) && error.status === 412) throw replaced(path, first?.etag ?? '');
      if (!(error instanceof DownloadInterrupted)) throw error;
      const end = Math.min(to ?? Infinity, first?.size ?? Infinity);
      if (from + received.bytes >= end) break;
      if (resumes <= 0 || first?.isDecoded === true) throw error.failure;
      resumes -= 1;
    }
  }
  const expected = options.range === undefined && first?.isDecoded === false ? first.md5 : undefined;
  const { digest } = received.read();
  if (expected !== undefined && expected !== digest) throw mismatch(path, expected, digest);
}

/** What the first answer says of the object. */
interface Facts {
  readonly etag: string | null;
  /** Of its bytes; `undefined` if it is in parts. */
  readonly md5: string | undefined;
  /** Bytes; `undefined` if it is not said. */
  readonly size: number | undefined;
  /** Its `Content-Encoding` was undone by `fetch`: what comes are not the bytes that are stored, and offsets say nothing. */
  readonly isDecoded: boolean;
}

function factsOf({ response: { headers, status } }: Reply): Facts {
  const etag = headers.get('etag');
  const isInParts = headers.has('x-static-large-object') || headers.has('x-object-manifest');
  const size =
    status === 206
      ? /\/(\d{1,15})$/.exec(headers.get('content-range') ?? '')?.[1]
      : (headers.get('content-length') ?? undefined);
  return {
    etag,
    md5: isInParts ? undefined : md5In(etag),
    size: size === undefined ? undefined : Number(size),
    isDecoded: (headers.get('content-encoding') ?? 'identity') !== 'identity',
  };
}

async function* upTo(chunks: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of chunks) {
    yield chunk.byteLength <= left ? chunk : chunk.subarray(0, left);
    left -= chunk.byteLength;
    if (left <= 0) return;
  }
}

const replaced = (path: string, etag: string): IntegrityError =>
  new IntegrityError(`object ${path}: it was replaced while it was read`, {
    algorithm: 'etag',
    expected: etag,
    actual: 'another',
    remedy: 'Read it again from the beginning.',
  });

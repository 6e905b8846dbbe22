import { createHash } from 'node:crypto';
import type { Connection } from '../../call/connection.ts';
import { request } from '../../call/request.ts';
import { headerValue, metadataHeaders } from '../../call/serialize-arguments.ts';
import { InputError } from '../../errors/errors.ts';
import type { CallOptions } from '../../options/call-options.ts';
import { limitOf } from '../../options/limit.ts';
import { CALL_OPTIONS, checkOptions, OBJECT_UPLOAD_OPTIONS } from '../../options/option-checks.ts';
import { Meter, pass } from '../../transfer/meter.ts';
import { Stall } from '../../transfer/stall.ts';
import { DEFAULT_STALL, type TransferOptions } from '../../transfer/transfer-options.ts';
import type { ServiceFacts } from '../service-facts.ts';
import { downloadObject } from './download.ts';
import {
  md5In,
  mismatch,
  type ObjectDownloadOptions,
  type ObjectPlace,
  pathOf,
  ROUTE,
} from './object-transfer.ts';

/**
 * The source of an object's bytes. Bytes and a function that opens the source anew can be sent again after a failure; a stream that
 * was handed in is sent once.
 */
export type ObjectSource =
  | Uint8Array<ArrayBuffer>
  | (() => AsyncIterable<Uint8Array>)
  | ReadableStream<Uint8Array>;

/** Options of an upload of an object. */
export interface ObjectUploadOptions extends TransferOptions {
  /** @default 'application/octet-stream' */
  readonly contentType?: string | undefined;
  /** Names have no case. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Whether an object of that name is replaced; if not, one that is there makes the upload fail (412). @default true */
  readonly overwrite?: boolean | undefined;
}

/** The result of an upload. */
export interface UploadedObject {
  /** The MD5 by which sent and stored bytes were compared. */
  readonly etag: string;
  readonly bytes: number;
}

/** The bytes of objects, streamed. Memory stays flat whatever their size. */
export interface ObjectData {
  /**
   * Stores an object, and compares the MD5 of what was stored with that of what was sent. Bytes that are at hand are refused by the
   * store if they were altered on their way; of a stream it is known only afterwards, and the wrong object is there. One object has
   * at most 5 GiB unless the cloud says otherwise: large objects in parts are not made here. How bytes that are at hand move is not
   * seen: `stall` is then the time for all of them.
   *
   * @throws IntegrityError if they differ
   * @example
   * await cloud.objectStore.data.upload({ container: 'backups', object: 'db.sql' }, () => createReadStream('db.sql'));
   */
  upload(place: ObjectPlace, source: ObjectSource, options?: ObjectUploadOptions): Promise<UploadedObject>;
  /**
   * Reads an object. A connection that breaks is resumed where it broke, unless the object was replaced meanwhile. After the last
   * byte of a whole object its MD5 is compared: the iteration ends with an `IntegrityError` if it differs, so do not use what was
   * written before the iteration has ended well. Of a range, and of large objects in parts, there is nothing to compare with.
   *
   * @example `await pipeline(cloud.objectStore.data.download(place), createWriteStream('db.sql'));`
   */
  download(place: ObjectPlace, options?: ObjectDownloadOptions): AsyncIterable<Uint8Array>;
  /** Copies an object within the account, metadata included. The store does it; no byte comes here. */
  copy(from: ObjectPlace, to: ObjectPlace, options?: CallOptions): Promise<void>;
}

export function objectData(service: ServiceFacts, connection: Connection): ObjectData {
  return {
    async upload(place, source, options = {}) {
      checkOptions(options, OBJECT_UPLOAD_OPTIONS, 'data.upload');
      const path = pathOf(place, 'data.upload');
      assertSource(source);
      const { contentType = 'application/octet-stream', metadata = {}, overwrite = true } = options;
      using stall = new Stall(
        `object data.upload ${path}`,
        limitOf(options.stall) ?? DEFAULT_STALL,
        options.signal,
      );
      let sent = new Meter('md5');
      const metered = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        try {
          yield* pass(chunks, (sent = new Meter('md5')), stall, 'wire', options.onProgress);
        } catch (error) {
          // The source's own failure: the wire would call it a broken connection, and try again.
          stall.end(error);
          throw error;
        }
      };
      // Bytes are sent as they are: with their length a quota is exact, and with their hash the store refuses others.
      const known = source instanceof Uint8Array ? createHash('md5').update(source).digest('hex') : undefined;
      const body =
        source instanceof Uint8Array
          ? source
          : source instanceof ReadableStream
            ? ReadableStream.from(metered(source))
            : () => metered(source());
      const call = {
        service,
        operation: 'data.upload',
        route: ROUTE,
        method: 'PUT',
        path,
        headers: {
          'content-type': headerValue(contentType, 'options.contentType', 'data.upload'),
          ...metadataHeaders('X-Object-Meta-', metadata, 'options.metadata', 'data.upload'),
          ...(known === undefined ? {} : { etag: known }),
          ...(overwrite ? {} : { 'if-none-match': '*' }),
        },
        body,
        // A second time it would meet the object of the first.
        idempotent: overwrite,
      };
      const { response } = await stall.guard(
        request(connection, call, { ...options, timeout: Infinity, signal: stall.signal }),
      );
      const { bytes, digest } =
        source instanceof Uint8Array ? { bytes: source.byteLength, digest: known ?? '' } : sent.read();
      if (source instanceof Uint8Array) options.onProgress?.(bytes);
      const stored = md5In(response.headers.get('etag'));
      if (stored !== undefined && stored !== digest) throw mismatch(path, digest, stored);
      return { etag: digest, bytes };
    },

    download(place, options = {}) {
      return downloadObject(service, connection, place, options);
    },

    async copy(from, to, options = {}) {
      checkOptions(options, CALL_OPTIONS, 'data.copy');
      const call = {
        service,
        operation: 'data.copy',
        route: ROUTE,
        method: 'PUT',
        path: pathOf(to, 'data.copy'),
        headers: { 'x-copy-from': pathOf(from, 'data.copy') },
        idempotent: true,
      };
      await request(connection, call, options);
    },
  };
}

/** @throws InputError if a caller without types gives nothing that has bytes: the wire would call it a broken connection */
function assertSource(source: ObjectSource): void {
  if (source instanceof ReadableStream || source instanceof Uint8Array || typeof source === 'function')
    return;
  throw new InputError('data.upload: source: must be bytes, a ReadableStream, or a function that opens one', {
    field: 'source',
    operation: 'data.upload',
  });
}

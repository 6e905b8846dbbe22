import { getHashes } from 'node:crypto';
import { pathSegment } from '../../call/serialize-arguments.ts';
import { checkOptions, object, text, TRANSFER_OPTIONS, UPLOAD_OPTIONS } from '../../options/option-checks.ts';
import type { CallOptions } from '../../options/call-options.ts';
import type { Connection } from '../../call/connection.ts';
import type { ServiceFacts } from '../service-facts.ts';
import { decodeWith } from '../../call/decode.ts';
import { isBadRequest, isConflict } from '../../errors/guards.ts';
import { InputError, IntegrityError } from '../../errors/errors.ts';
import { parseJson, request } from '../../call/request.ts';
// An uploaded image is an item of the client's list by its name: inferred from the record here, every program would compile the record.
// oxlint-disable-next-line import/no-cycle
import type { Listed } from '../services.ts';
import { schemaAt } from '../../record/shape.ts';
import { Image } from './image-entity.ts';
import { limitOf } from '../../options/limit.ts';
import { Meter, pass, slices } from '../../transfer/meter.ts';
import { DownloadInterrupted, rest } from '../../transfer/rest.ts';
import { Stall } from '../../transfer/stall.ts';
import { DEFAULT_RESUMES, DEFAULT_STALL, type TransferOptions } from '../../transfer/transfer-options.ts';

/**
 * The source of an image's bytes. Bytes and a function that opens the source anew can be sent again after a
 * failure; a stream that was handed in is sent once.
 *
 * @example `() => createReadStream('disk.qcow2')`
 */
export type ImageSource =
  | Uint8Array<ArrayBuffer>
  | (() => AsyncIterable<Uint8Array>)
  | ReadableStream<Uint8Array>;

/** Options of an upload. */
export interface UploadOptions extends TransferOptions {
  /** The hash computed on the way, to be compared with Glance's. @default 'sha512', which is Glance's own */
  readonly algorithm?: string | undefined;
}

/** The result of an upload. */
export interface Uploaded {
  /** The image as Glance has it now. */
  readonly image: Listed<'image', 'images'>;
  readonly bytes: number;
  /** The hash by which sent and stored bytes were compared; `undefined` if Glance uses another than was computed. */
  readonly verified: string | undefined;
}

/** The bytes of images, streamed. Memory stays flat whatever their size. */
export interface ImageData {
  /**
   * Sends an image's bytes, and compares what Glance stored: its size and its multihash
   * (`os_hash_value`, https://specs.openstack.org/openstack/glance-specs/specs/rocky/implemented/glance/multihash.html).
   *
   * @throws IntegrityError if they differ
   * @example
   * const { id } = await cloud.image.images.create({ name: 'web', disk_format: 'qcow2', container_format: 'bare' });
   * await cloud.image.data.upload({ id }, () => createReadStream('web.qcow2'));
   */
  upload(image: { readonly id: string }, source: ImageSource, options?: UploadOptions): Promise<Uploaded>;
  /**
   * Reads an image's bytes. A connection that breaks is resumed where it broke. After the last byte the hash is
   * compared with Glance's: the iteration ends with an `IntegrityError` if it differs, so do not use what was
   * written before the iteration has ended well.
   *
   * @example `await pipeline(cloud.image.data.download({ id }), createWriteStream('web.qcow2'));`
   */
  download(image: { readonly id: string }, options?: TransferOptions): AsyncIterable<Uint8Array>;
}

export function imageData(service: ServiceFacts, connection: Connection): ImageData {
  const show = async (id: string, options: CallOptions): Promise<Image> => {
    const call = {
      service,
      operation: 'images.get',
      route: 'images/{id}',
      method: 'GET',
      headers: {},
      idempotent: true,
    };
    const reply = await request(
      connection,
      { ...call, path: `images/${pathSegment(id, 'id', 'images.get')}` },
      plain(options),
    );
    const schema = schemaAt(Image, '0.0');
    return (schema === undefined ? parseJson(reply) : decodeWith(schema, parseJson(reply), reply)) as Image;
  };

  return {
    async upload(given, source, options = {}) {
      checkOptions(options, UPLOAD_OPTIONS, 'data.upload');
      const id = idOf(given, 'data.upload');
      assertSource(source);
      const algorithm = options.algorithm ?? 'sha512';
      using stall = new Stall(
        `image data.upload ${id}`,
        limitOf(options.stall) ?? DEFAULT_STALL,
        options.signal,
      );
      let sent = new Meter(algorithm);
      let whole: Meter | undefined;
      const metered = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        const meter = (sent = new Meter(algorithm));
        try {
          yield* pass(chunks, meter, stall, 'wire', options.onProgress);
        } catch (error) {
          // The source's own failure: the wire would call it a broken connection, and try again.
          stall.end(error);
          throw error;
        }
        whole = meter;
      };
      const body =
        source instanceof ReadableStream
          ? ReadableStream.from(metered(source))
          : () => metered(source instanceof Uint8Array ? slices(source) : source());
      const call = {
        service,
        operation: 'data.upload',
        route: 'images/{id}/file',
        method: 'PUT',
        path: `images/${pathSegment(id, 'id', 'data.upload')}/file`,
        headers: { 'content-type': 'application/octet-stream' },
        body,
        // Glance refuses a second upload (409) unless the first left the image `queued`: repeating is harmless.
        idempotent: true,
      };
      const refusal = await stall
        .guard(request(connection, call, { ...options, timeout: Infinity, signal: stall.signal }))
        .then(
          () => undefined,
          (error: unknown) => {
            // All was sent before, and its answer was lost: that there is an image now may mean that it worked.
            if (whole !== undefined && isConflict(error) && error.attempts > 1) return error;
            throw error;
          },
        );
      const image = await show(id, options);
      const { bytes, digest } = (refusal === undefined ? sent : (whole ?? sent)).read();
      const comparable = image.os_hash_algo === algorithm && typeof image.os_hash_value === 'string';
      const wrong =
        typeof image.size === 'number' && image.size !== bytes
          ? mismatch(id, 'size', String(bytes), String(image.size))
          : comparable && image.os_hash_value !== digest
            ? mismatch(id, algorithm, digest, String(image.os_hash_value))
            : undefined;
      if (refusal !== undefined && (wrong !== undefined || image.status !== 'active')) throw refusal;
      if (wrong !== undefined) throw wrong;
      return { image, bytes, verified: comparable ? algorithm : undefined };
    },

    async *download(given, options = {}) {
      checkOptions(options, TRANSFER_OPTIONS, 'data.download');
      const id = idOf(given, 'data.download');
      const image = await show(id, options);
      const { algorithm, expected } = expectedHash(image);
      const received = new Meter(algorithm);
      using stall = new Stall(
        `image data.download ${id}`,
        limitOf(options.stall) ?? DEFAULT_STALL,
        options.signal,
      );
      let resumes = options.retries ?? DEFAULT_RESUMES;
      let seekable = true;
      for (;;) {
        const from = seekable ? received.bytes : 0;
        const call = {
          service,
          operation: 'data.download',
          route: 'images/{id}/file',
          method: 'GET',
          path: `images/${pathSegment(id, 'id', 'data.download')}/file`,
          headers: { accept: 'application/octet-stream', ...(from === 0 ? {} : { range: `bytes=${from}-` }) },
          idempotent: true,
          read: 'stream' as const,
        };
        try {
          const reply = await stall.guard(
            request(connection, call, { ...options, timeout: Infinity, signal: stall.signal }),
          );
          // 204: an image without data. 200 to a range: the store cannot seek, and begins anew.
          const skip = reply.response.status === 206 ? 0 : received.bytes;
          if (reply.response.body !== null) {
            yield* pass(
              rest(reply, reply.response.body, skip),
              received,
              stall,
              'caller',
              options.onProgress,
            );
          }
          break;
        } catch (error) {
          stall.signal.throwIfAborted();
          if (from > 0 && isBadRequest(error)) {
            // Glance's answer where the store cannot seek (`StoreRandomGetNotSupported`).
            seekable = false;
            continue;
          }
          if (!(error instanceof DownloadInterrupted)) throw error;
          if (received.bytes === image.size) break;
          if (resumes <= 0) throw error.failure;
          resumes -= 1;
        }
      }
      const { bytes, digest } = received.read();
      if (expected !== undefined && digest !== expected) throw mismatch(id, algorithm, expected, digest);
      if (typeof image.size === 'number' && image.size !== bytes) {
        throw mismatch(id, 'size', String(image.size), String(bytes));
      }
    },
  };
}

/** @throws InputError if a caller without types gives no image */
function idOf(image: { readonly id: string }, operation: string): string {
  if (object.accepts(image) && text.accepts(image.id)) return image.id;
  throw new InputError(`${operation}: image: must be an image, or an object with its id`, {
    field: 'image',
    operation,
  });
}

/** @throws InputError if a caller without types gives nothing that has bytes: the wire would call it a broken connection */
function assertSource(source: ImageSource): void {
  if (source instanceof ReadableStream || source instanceof Uint8Array || typeof source === 'function')
    return;
  throw new InputError('data.upload: source: must be bytes, a ReadableStream, or a function that opens one', {
    field: 'source',
    operation: 'data.upload',
  });
}

function expectedHash(image: Image): { algorithm: string; expected: string | undefined } {
  const { os_hash_algo: algorithm, os_hash_value: value, checksum } = image;
  if (typeof algorithm === 'string' && typeof value === 'string' && getHashes().includes(algorithm)) {
    return { algorithm, expected: value };
  }
  return { algorithm: 'md5', expected: typeof checksum === 'string' ? checksum : undefined };
}

const mismatch = (id: string, algorithm: string, expected: string, actual: string): IntegrityError =>
  new IntegrityError(`image ${id}: ${algorithm} is ${actual}, expected ${expected}`, {
    algorithm,
    expected,
    actual,
    remedy: 'The bytes were altered on their way or in the store. Do not use them.',
  });

const plain = ({ signal, deadline, retries, headers }: CallOptions): CallOptions => ({
  signal,
  deadline,
  retries,
  headers,
});

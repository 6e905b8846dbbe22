import { type Cloud, isIntegrityError, isNotFound } from '@groundcrew/core';
import type { ListedObject } from '@groundcrew/core/object-store';
import { createTarPacker } from 'modern-tar';
import { archivePath } from './archive-path.ts';
import { inOrder } from './in-order.ts';
import { attributesOf, type ObjectAttributes, paxOf } from './object-attributes.ts';
import { ObjectError } from './object-error.ts';

/** Objects up to this many bytes are read ahead, some at a time: of them a round trip is the most of the time. */
export const SMALL = 1024 * 1024;
export const AT_ONCE = 8;

/** The bytes that one object may have: what is larger can only be stored in parts (`max_file_size` of swift/common/constraints.py). */
const LARGEST = 5_368_709_122;

/** Readings of one small object that is replaced again and again. */
const MOST_READINGS = 3;

/** An object of a container that its archive does not have. */
export interface LeftOutObject {
  readonly name: string;
  readonly why: string;
}

export interface PackOptions {
  readonly signal: AbortSignal;
  /** Told of each object whose bytes cannot be kept. */
  readonly leftOut: (object: LeftOutObject) => void;
  /** Told after each object. */
  readonly packed: (bytes: number) => void;
}

interface Part {
  readonly name: string;
  readonly size: number;
  readonly attributes: ObjectAttributes;
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
}

/**
 * The objects of a container as one archive (tar, POSIX.1-2001): by name, so that the same objects are the same bytes. It takes
 * two requests for an object, and a page of the list for a thousand. What is deleted meanwhile is not there; an object in parts is one whole.
 *
 * @throws ObjectError `object.changed` if a large object was replaced while it was read
 */
export async function* packContainer(
  cloud: Cloud,
  container: string,
  options: PackOptions,
): AsyncGenerator<Uint8Array> {
  const { readable, controller } = createTarPacker();
  const filled = fill(controller, inOrder(listed(), AT_ONCE, part)).catch((error: unknown) =>
    controller.error(error),
  );
  try {
    yield* readable;
  } finally {
    await filled;
  }

  function listed(): AsyncIterable<ListedObject> {
    return cloud.objectStore.objects.list({ container }, { signal: options.signal });
  }

  async function fill(archive: typeof controller, parts: AsyncIterable<Part | undefined>): Promise<void> {
    for await (const one of parts) {
      if (one === undefined) continue;
      const writer = archive
        .add({
          name: archivePath(one.name),
          size: one.size,
          mtime: new Date(one.attributes.writtenAt),
          pax: { path: archivePath(one.name), ...paxOf(one.attributes) },
        })
        .getWriter();
      if (one.content instanceof Uint8Array) await writer.write(one.content);
      else await written(one, one.content, writer);
      await writer.close();
      options.packed(one.size);
    }
    archive.finalize();
  }

  async function part({ name }: ListedObject): Promise<Part | undefined> {
    const place = { container, object: name };
    const { signal } = options;
    if (name === '.' || name === '..') return leave(name, 'no URL can name it');
    try {
      for (let reading = 1; reading <= MOST_READINGS; reading += 1) {
        const shown = await cloud.objectStore.objects.get(place, { signal });
        const size = shown['Content-Length'];
        const attributes = attributesOf(shown);
        // What comes are not the bytes that are stored: every client of the web undoes the encoding.
        if ((shown['Content-Encoding'] ?? 'identity') !== 'identity')
          return leave(name, 'its bytes are encoded (Content-Encoding), and only come decoded');
        if (size > LARGEST)
          return leave(name, 'it is larger than one object may be, and can only be stored in parts');
        const content = cloud.objectStore.data.download(place, { signal });
        if (size > SMALL) return { name, size, attributes, content };
        const bytes = await atMost(content, SMALL);
        if (bytes?.byteLength === size) return { name, size, attributes, content: bytes };
      }
    } catch (error) {
      // It was deleted since it was listed.
      if (isNotFound(error)) return undefined;
      throw error;
    }
    return leave(name, `it was replaced during each of ${MOST_READINGS} readings`);
  }

  function leave(name: string, why: string): undefined {
    options.leftOut({ name, why });
  }
}

/** All bytes; `undefined` if there are more. */
async function atMost(content: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    size += piece.byteLength;
    if (size > most) return undefined;
    pieces.push(piece);
  }
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

/** Writes as many bytes as the header has promised. */
async function written(
  { name, size }: Part,
  content: AsyncIterable<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  let left = size;
  try {
    for await (const piece of content) {
      left -= piece.byteLength;
      if (left < 0) break;
      await writer.write(piece);
    }
  } catch (error) {
    throw isIntegrityError(error) ? changed(name, error) : error;
  }
  if (left !== 0) throw changed(name);
}

const changed = (name: string, cause?: unknown): ObjectError =>
  new ObjectError('object.changed', `object ${JSON.stringify(name)} was replaced while it was read`, {
    remedy: 'Store it again.',
    cause,
  });

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ByteSource, heldUntil } from './byte-source.ts';

/** So many bytes with their hashes, wherever they are kept: those of an image, or of an object. */
export interface StoredBytes extends ByteSource {
  readonly size: number;
  readonly md5: string;
  readonly sha512: string;
  /** Reads the bytes from `start` to before `end`. */
  read(start?: number, end?: number): AsyncIterable<Uint8Array>;
}

/** Reads and hashes bytes. Beyond `memory` bytes they go to a file, so that the use of memory is bounded. */
export async function readBytes(source: AsyncIterable<Uint8Array>, memory: number): Promise<StoredBytes> {
  const hashes = new Hashes();
  const chunks: Uint8Array[] = [];
  let file: Awaited<ReturnType<typeof open>> | undefined;
  const path = join(tmpdir(), `groundcrew-sim-${randomUUID()}`);
  const remove = (): void => rmSync(path, { force: true });
  try {
    for await (const chunk of source) {
      hashes.add(chunk);
      if (file === undefined && hashes.size > memory) {
        file = await open(path, 'w');
        for (const kept of chunks) await file.writeFile(kept);
        chunks.length = 0;
      }
      if (file === undefined) chunks.push(chunk);
      else await file.writeFile(chunk);
    }
  } catch (error) {
    await file?.close();
    remove();
    throw error;
  }
  const facts = hashes.read();
  const { size } = facts;
  if (file === undefined) {
    return {
      ...facts,
      ...heldUntil(() => {}),
      read: (start = 0, end = size) => slices(chunks, start, end),
    };
  }
  await file.close();
  return {
    ...facts,
    ...heldUntil(remove),
    read: (start = 0, end = size) =>
      end <= start ? nothing() : createReadStream(path, { start, end: end - 1 }),
  };
}

/** Bytes that are at hand. They are not copied. */
export function bytesInMemory(bytes: Uint8Array): StoredBytes {
  const hashes = new Hashes();
  hashes.add(bytes);
  const facts = hashes.read();
  return {
    ...facts,
    ...heldUntil(() => {}),
    read: (start = 0, end = facts.size) => slices([bytes], start, end),
  };
}

/** Hashes the first `size` bytes of a source. The result takes the place of its holder. */
export async function hashed(source: ByteSource, size: number): Promise<StoredBytes> {
  const hashes = new Hashes();
  for await (const chunk of source.read(0, size)) hashes.add(chunk);
  return {
    ...hashes.read(),
    retain: () => source.retain(),
    dispose: () => source.dispose(),
    read: (start = 0, end = size) => source.read(start, end),
  };
}

class Hashes {
  size = 0;
  readonly #md5 = createHash('md5');
  readonly #sha512 = createHash('sha512');

  add(chunk: Uint8Array): void {
    this.size += chunk.byteLength;
    this.#md5.update(chunk);
    this.#sha512.update(chunk);
  }

  /** Once: a hash can be read no more than that. */
  read(): Pick<StoredBytes, 'size' | 'md5' | 'sha512'> {
    return { size: this.size, md5: this.#md5.digest('hex'), sha512: this.#sha512.digest('hex') };
  }
}

async function* nothing(): AsyncIterable<Uint8Array> {}

async function* slices(chunks: readonly Uint8Array[], start: number, end: number): AsyncIterable<Uint8Array> {
  let offset = 0;
  for (const chunk of chunks) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, chunk.length);
    if (from < to) yield chunk.subarray(from, to);
    offset += chunk.length;
    if (offset >= end) return;
  }
}

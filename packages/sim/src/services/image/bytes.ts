import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The bytes of an image, wherever they are kept. */
export interface ImageBytes {
  readonly size: number;
  readonly md5: string;
  readonly sha512: string;
  /** Reads the bytes from `start` to before `end`. */
  read(start?: number, end?: number): AsyncIterable<Uint8Array>;
  dispose(): Promise<void>;
}

/** Reads and hashes bytes. Beyond `memory` bytes they go to a file, so that the use of memory is bounded. */
export async function readBytes(source: AsyncIterable<Uint8Array>, memory: number): Promise<ImageBytes> {
  const md5 = createHash('md5');
  const sha512 = createHash('sha512');
  const chunks: Uint8Array[] = [];
  let size = 0;
  let file: Awaited<ReturnType<typeof open>> | undefined;
  const path = join(tmpdir(), `groundcrew-sim-${randomUUID()}`);
  try {
    for await (const chunk of source) {
      md5.update(chunk);
      sha512.update(chunk);
      size += chunk.length;
      if (file === undefined && size > memory) {
        file = await open(path, 'w');
        for (const kept of chunks) await file.writeFile(kept);
        chunks.length = 0;
      }
      if (file === undefined) chunks.push(chunk);
      else await file.writeFile(chunk);
    }
  } catch (error) {
    await file?.close();
    await rm(path, { force: true });
    throw error;
  }
  const hashes = { size, md5: md5.digest('hex'), sha512: sha512.digest('hex') };
  if (file !== undefined) {
    await file.close();
    return {
      ...hashes,
      read: (start = 0, end = size) =>
        end <= start ? nothing() : createReadStream(path, { start, end: end - 1 }),
      dispose: () => rm(path, { force: true }),
    };
  }
  return { ...hashes, read: (start = 0, end = size) => slices(chunks, start, end), dispose: async () => {} };
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

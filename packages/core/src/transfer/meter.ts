import { createHash, type Hash } from 'node:crypto';
import type { Stall } from './stall.ts';

/** Counts and hashes what passes. */
export class Meter {
  bytes = 0;
  readonly #hash: Hash;

  constructor(algorithm: string) {
    this.#hash = createHash(algorithm);
  }

  add(chunk: Uint8Array): void {
    this.bytes += chunk.byteLength;
    this.#hash.update(chunk);
  }

  /** Once: a hash can be read no more than that. */
  read(): { bytes: number; digest: string } {
    return { bytes: this.bytes, digest: this.#hash.digest('hex') };
  }
}

/** @param taker - who takes the chunks: a caller may take any time, the wire may not */
export async function* pass(
  chunks: AsyncIterable<Uint8Array>,
  meter: Meter,
  stall: Stall,
  taker: 'wire' | 'caller',
  onProgress: ((bytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    stall.moved();
    meter.add(chunk);
    onProgress?.(meter.bytes);
    if (taker === 'caller') stall.pause();
    yield chunk;
    stall.moved();
  }
}

/** Bytes in pieces, so that their progress can be told. */
export async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += SLICE) yield bytes.subarray(at, at + SLICE);
}

const SLICE = 64 * 1024;

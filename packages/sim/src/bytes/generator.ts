import { type ByteSource, computed } from './byte-source.ts';

/** Bytes that have one key, from which each word of them is computed by itself. */
const BLOCK = 4096;
/** Bytes that are data or zeros as a whole, as a file system leaves them. */
const REGION = 1024 * 1024;
const WORDS = 2 ** 32;

/**
 * The byte at an offset of the bytes of a seed: a function of both, so that a volume of any size takes no room, and any part of
 * it can be read by itself.
 */
export const byteAt = (seed: number, offset: number): number =>
  byteOf(keyOf(seed, Math.floor(offset / BLOCK)), offset % BLOCK);

/**
 * The bytes of a seed, of which a share is data and the rest are zeros: each MiB is the one or the other. The same seed and share
 * are the same source, and so no difference between two contents.
 *
 * @param share - from 0 to 1
 */
export function generated(seed: number, share: number): ByteSource {
  const name = `${seed} ${share}`;
  let source = known.get(name);
  if (source === undefined) {
    source = computed((piece, offset) => fill(piece, offset, seed, share));
    known.set(name, source);
  }
  return source;
}

/** A handful, of a few bytes each. */
const known = new Map<string, ByteSource>();

function fill(piece: Uint8Array, offset: number, seed: number, share: number): void {
  const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
  let at = 0;
  while (at < piece.byteLength) {
    const position = offset + at;
    const within = position % BLOCK;
    const length = Math.min(BLOCK - within, piece.byteLength - at);
    if (hasData(seed, share, position))
      fillBlock(view, at, keyOf(seed, (position - within) / BLOCK), within, length);
    at += length;
  }
}

const hasData = (seed: number, share: number, position: number): boolean =>
  share >= 1 || mix(keyOf(seed, Math.floor(position / REGION)) ^ 0x5bd1e995) / WORDS < share;

/** Writes the part of a block that is wanted, by words where there are whole ones. */
function fillBlock(view: DataView, at: number, key: number, within: number, length: number): void {
  let done = 0;
  while (done < length) {
    const place = within + done;
    if (place % 4 === 0 && length - done >= 4) {
      // The order of the bytes is said: they are the same on every machine.
      view.setUint32(at + done, wordOf(key, place / 4), true);
      done += 4;
    } else {
      view.setUint8(at + done, byteOf(key, place));
      done += 1;
    }
  }
}

const byteOf = (key: number, place: number): number =>
  (wordOf(key, Math.floor(place / 4)) >>> ((place % 4) * 8)) & 0xff;

const wordOf = (key: number, index: number): number => mix(key + Math.imul(index + 1, 0x9e3779b9));

/** A key of a block: its number may have more than 32 bits. */
const keyOf = (seed: number, block: number): number =>
  mix(mix(mix(seed + 0x9e3779b9) ^ (block % WORDS)) + Math.floor(block / WORDS));

/** The last steps of MurmurHash3, by which every bit of a word depends on every bit of another (Appleby, `fmix32`). */
function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

import { type ByteSource, ZEROS } from './byte-source.ts';

/** Bytes from one offset to before another, of which a range. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A range of a content, and where its bytes are. */
export interface Extent extends Range {
  readonly source: ByteSource;
  /** Where in the source the range begins. */
  readonly at: number;
}

/** Puts a piece over what is there. The extents are in order, and do not overlap. */
export function place(extents: Extent[], piece: Extent): void {
  if (piece.from >= piece.to) return;
  const first = firstBehind(extents, piece.from);
  let end = first;
  while (end < extents.length && (extents[end] as Extent).from < piece.to) end += 1;
  const kept: Extent[] = [];
  const [head, tail] = [extents[first], extents[end - 1]];
  if (end > first && head !== undefined && head.from < piece.from) kept.push({ ...head, to: piece.from });
  kept.push(piece);
  if (end > first && tail !== undefined && tail.to > piece.to)
    kept.push({ ...tail, from: piece.to, at: tail.at + (piece.to - tail.from) });
  extents.splice(first, end - first, ...kept);
}

/** The extents of a range without gaps: what no extent has is zeros. */
export function* cover(extents: readonly Extent[], { from, to }: Range): Generator<Extent> {
  let position = from;
  for (let index = firstBehind(extents, from); position < to; index += 1) {
    const next = extents[index];
    const begin = Math.min(next?.from ?? to, to);
    if (position < begin) {
      yield { from: position, to: begin, source: ZEROS, at: position };
      position = begin;
    }
    if (next === undefined || position >= to) return;
    const end = Math.min(next.to, to);
    yield { from: position, to: end, source: next.source, at: next.at + (position - next.from) };
    position = end;
  }
}

/**
 * The ranges below `size` in which two contents have their bytes from different places, in whole blocks of `grain` bytes. What
 * was written counts, even if it is what was there before.
 */
export function differences(
  before: readonly Extent[],
  after: readonly Extent[],
  { size, grain }: { readonly size: number; readonly grain: number },
): Range[] {
  const whole = { from: 0, to: size };
  const [old, young] = [[...cover(before, whole)], [...cover(after, whole)]];
  const ranges: { from: number; to: number }[] = [];
  let [i, j, position] = [0, 0, 0];
  while (position < size) {
    const [a, b] = [old[i] as Extent, young[j] as Extent];
    const end = Math.min(a.to, b.to);
    if (!isSame(a, b, position)) {
      const from = Math.floor(position / grain) * grain;
      const to = Math.min(size, Math.ceil(end / grain) * grain);
      const last = ranges.at(-1);
      if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
      else ranges.push({ from, to });
    }
    position = end;
    if (a.to === end) i += 1;
    if (b.to === end) j += 1;
  }
  return ranges;
}

const isSame = (a: Extent, b: Extent, position: number): boolean =>
  a.source === b.source && (a.source === ZEROS || position - a.from + a.at === position - b.from + b.at);

/** The index of the first extent that ends behind an offset. */
function firstBehind(extents: readonly Extent[], offset: number): number {
  let [low, high] = [0, extents.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((extents[middle] as Extent).to > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

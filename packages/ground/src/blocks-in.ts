/** Text between two marks, of which the second may be missing. */
export interface Block {
  /** The first mark, global and without a repetition that has no bound. */
  readonly begin: RegExp;
  /** The beginning of the last mark. */
  readonly end: string;
  /** How far the last mark is looked for. */
  readonly longest: number;
  /** How much is taken of a block without a last mark: it was cut off. */
  readonly longestCut: number;
}

/** The places between the marks, in order. */
export function blocksIn(text: string, { begin, end: last, longest, longestCut }: Block): [number, number][] {
  const found: [number, number][] = [];
  begin.lastIndex = 0;
  while (begin.test(text)) {
    const start = begin.lastIndex;
    // Within a bound, so that many beginnings without an end do not look through all of the text each.
    const length = text.slice(start, start + longest).indexOf(last);
    const end = length === -1 ? Math.min(text.length, start + longestCut) : start + length;
    if (end > start) found.push([start, end]);
    begin.lastIndex = end;
  }
  return found;
}

import type { Completeness, Gap, Observed } from '@groundcrew/core';
import type { SeenThings } from './seen.ts';
import type { CoverageThing } from './thing.ts';
import type { CoverageWay } from './ways.ts';

/** A way that is to be asked, with the things of its figure. */
export interface Asking<W extends CoverageWay> {
  readonly way: W;
  readonly things: readonly CoverageThing[];
  /** The greatest age of a value that counts. */
  readonly freshnessMs: number;
}

/** What a way answered. */
export interface WayAnswer {
  readonly way: CoverageWay;
  readonly freshnessMs: number;
  readonly seen: Observed<SeenThings>;
}

export const nothingSeen: SeenThings = { fresh: new Map(), stale: new Map(), untold: new Map() };

export const answered = (
  { way, freshnessMs }: Asking<CoverageWay>,
  seen: SeenThings,
  facts: { readonly at: string; readonly source: string; readonly gaps?: readonly Gap[] | undefined },
): WayAnswer => {
  const { at, source, gaps = [] } = facts;
  const completeness: Completeness =
    gaps.length === 0
      ? 'complete'
      : seen.fresh.size > 0
        ? 'partial'
        : gaps.every(({ kind }) => kind === 'denied')
          ? 'denied'
          : 'failed';
  return { way, freshnessMs, seen: { value: seen, at, source, completeness, gaps } };
};

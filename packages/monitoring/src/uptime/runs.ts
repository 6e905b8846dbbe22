import type { EvidenceState } from './evidence.ts';

/** A piece of evidence without its subject: all of them are of one. */
export interface Claim {
  readonly id: string;
  readonly state: EvidenceState;
  readonly earliest: number;
  readonly latest: number;
  readonly source: string;
  readonly text: string;
}

/**
 * A time in which the state is certain, since it was the same at its beginning and at its end, and nobody saw it change.
 * `from` is after `to` where too little was seen.
 */
export interface Run {
  readonly state: EvidenceState;
  readonly from: number;
  readonly to: number;
  readonly openedBy: Claim;
  readonly closedBy: Claim;
}

/** A run while it grows. */
interface Growing {
  readonly state: EvidenceState;
  from: number;
  to: number;
  openedBy: Claim;
  closedBy: Claim;
  /** The latest moment of the newest claim. */
  reach: number;
  readonly sources: Set<string>;
}

/**
 * Joins what was seen to runs of one state, in any order of arrival.
 *
 * Each claim is true of a moment between its `earliest` and `latest`, and two claims of one state that are at most
 * `staleness` apart hold for all the time between their moments: from the `latest` of the one to the `earliest` of the other,
 * since nobody knows where in their bounds the moments were. This is right as long as no state lasts shorter than `staleness`
 * and the width of a claim together without evidence of its beginning and its end.
 *
 * @param skew - milliseconds by which the clocks of two sources may be apart from the true time
 */
export function runsOf(
  claims: readonly Claim[],
  { staleness, skew }: { readonly staleness: number; readonly skew: number },
): Run[] {
  const runs: Growing[] = [];
  for (const claim of claims.toSorted(byTime)) {
    const last = runs.at(-1);
    if (last !== undefined && last.state === claim.state && claim.latest - last.reach <= staleness)
      extend(last, claim, skew);
    else if (last === undefined || !isBefore(claim, last, runs.at(-2), { staleness, skew }))
      runs.push(begin(claim, skew));
  }
  return runs;
}

/**
 * Whether a claim that stands behind a run of another state may as well have been before it, and fits there: then it is put
 * there, since one change explains what was seen. A poll that was under way while the server stopped is such a claim. Within
 * one source the order is known.
 */
function isBefore(
  claim: Claim,
  last: Growing,
  previous: Growing | undefined,
  { staleness, skew }: { readonly staleness: number; readonly skew: number },
): boolean {
  if (previous === undefined || previous.state !== claim.state || last.sources.has(claim.source)) return false;
  if (claim.earliest - skew > last.from || claim.latest - previous.reach > staleness) return false;
  previous.sources.add(claim.source);
  if (claim.earliest - skew > previous.to) {
    previous.to = claim.earliest - skew;
    previous.closedBy = claim;
  }
  return true;
}

const begin = (claim: Claim, skew: number): Growing => ({
  state: claim.state,
  from: claim.latest + skew,
  to: claim.earliest - skew,
  openedBy: claim,
  closedBy: claim,
  reach: claim.latest,
  sources: new Set([claim.source]),
});

function extend(run: Growing, claim: Claim, skew: number): void {
  if (claim.latest + skew < run.from) {
    run.from = claim.latest + skew;
    run.openedBy = claim;
  }
  if (claim.earliest - skew > run.to) {
    run.to = claim.earliest - skew;
    run.closedBy = claim;
  }
  run.reach = Math.max(run.reach, claim.latest);
  run.sources.add(claim.source);
}

/** What was going on stands before its own end, where both have the same times: Nova's have whole seconds. */
const byTime = (a: Claim, b: Claim): number =>
  a.latest - b.latest ||
  a.earliest - b.earliest ||
  Number(b.state === 'unknown') - Number(a.state === 'unknown') ||
  (a.id < b.id ? -1 : Number(a.id > b.id));

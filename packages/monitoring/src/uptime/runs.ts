import type { EvidenceState, UptimeEvidence } from './evidence.ts';

/** A piece of evidence without its subject: all of them are of one. */
export type UptimeClaim = Omit<UptimeEvidence, 'subject' | 'project'>;

/**
 * A time in which the state is certain, since it was the same at its beginning and at its end, and nobody saw it change.
 * `from` is after `to` where too little was seen.
 */
export interface Run {
  readonly state: EvidenceState;
  readonly from: number;
  readonly to: number;
  readonly openedBy: UptimeClaim;
  readonly closedBy: UptimeClaim;
}

/** Milliseconds that are allowed for. */
interface Tolerance {
  /** How long a state holds between two claims. */
  readonly staleness: number;
  /** How far the clock of a source may be from the true time. */
  readonly skew: number;
}

/** A run while it grows. */
interface Growing {
  readonly state: EvidenceState;
  from: number;
  to: number;
  openedBy: UptimeClaim;
  closedBy: UptimeClaim;
  /** The latest moment of the oldest claim, and of the newest. */
  readonly opens: number;
  reach: number;
  /** The earliest moment of any claim. */
  first: number;
  /** The widest bounds of any claim. */
  width: number;
  readonly sources: Set<string>;
}

/**
 * Joins what was seen to runs of one state, in any order of arrival.
 *
 * Each claim is true of a moment between its `earliest` and `latest`, and two claims of one state that are at most
 * `staleness` apart hold for all the time between their moments: from the `latest` of the one to the `earliest` of the other,
 * since nobody knows where in their bounds the moments were. This is right as long as no state lasts shorter than `staleness`
 * and the width of a claim together without evidence of its beginning and its end.
 */
export function runsOf(claims: readonly UptimeClaim[], { staleness, skew }: Tolerance): Run[] {
  const runs: Growing[] = [];
  for (const claim of claims.toSorted(byTime)) {
    const last = runs.at(-1);
    if (last !== undefined && last.state === claim.state && firstOf(claim) - last.reach <= staleness) {
      extend(last, claim, skew);
      bridge(runs, firstOf(claim), staleness);
    } else if (last === undefined || !belongsBefore(claim, last, runs.at(-2), { staleness, skew }))
      runs.push(begin(claim, last, skew));
  }
  return runs.map((run, index) => clipped(run, index, runs, { staleness, skew }));
}

/**
 * A run without the time in which its neighbour may have been. Where a state is left and comes back soon, it is open on which
 * side of the short state in between a claim was: two orders explain what was seen. What says only that something was going
 * on may have been at any time of its own.
 */
function clipped(run: Growing, index: number, runs: readonly Growing[], options: Tolerance): Run {
  const [before, after] = [runs[index - 1], runs[index + 1]];
  const from = isDoubtful(index - 1, runs, options) ? (before?.reach ?? -Infinity) + options.skew : -Infinity;
  const to = isDoubtful(index + 1, runs, options) ? (after?.first ?? Infinity) - options.skew : Infinity;
  return { ...run, from: Math.max(run.from, from), to: Math.min(run.to, to) };
}

/** Whether a run may lie elsewhere than its place in the order says. */
function isDoubtful(index: number, runs: readonly Growing[], { staleness, skew }: Tolerance): boolean {
  const [before, run, after] = [runs[index - 1], runs[index], runs[index + 1]];
  if (run?.state === 'unknown') return true;
  if (before === undefined || run === undefined || after === undefined) return false;
  return before.state === after.state && after.opens - before.reach <= staleness + run.width + 2 * skew;
}

/** The moment from which on its source has seen this state without a break. */
const firstOf = ({ since, latest }: UptimeClaim): number => since ?? latest;

/**
 * Whether a claim that stands behind a run of another state may as well have been before it, and fits there: then one change
 * explains what was seen, and it tells nothing more. A poll that was under way while the server stopped is such a claim. It
 * does not prolong the run before, since it may have been behind after all. Within one source the order is known.
 */
function belongsBefore(
  claim: UptimeClaim,
  last: Growing,
  previous: Growing | undefined,
  { staleness, skew }: Tolerance,
): boolean {
  if (previous === undefined || previous.state !== claim.state || last.sources.has(claim.source))
    return false;
  if (claim.state === 'unknown') return false;
  return claim.earliest - skew <= last.from && claim.latest - previous.reach <= staleness;
}

function begin(claim: UptimeClaim, last: Growing | undefined, skew: number): Growing {
  // What its source saw without a break counts from its beginning, unless somebody saw something else meanwhile.
  const isAlone = last === undefined || last.reach <= firstOf(claim);
  return {
    state: claim.state,
    from: (isAlone ? firstOf(claim) : claim.latest) + skew,
    to: claim.earliest - skew,
    openedBy: claim,
    closedBy: claim,
    opens: claim.latest,
    reach: claim.latest,
    first: claim.earliest,
    width: claim.latest - claim.earliest,
    sources: new Set([claim.source]),
  };
}

function extend(run: Growing, claim: UptimeClaim, skew: number): void {
  if (claim.latest + skew < run.from) {
    run.from = claim.latest + skew;
    run.openedBy = claim;
  }
  if (claim.earliest - skew > run.to) {
    run.to = claim.earliest - skew;
    run.closedBy = claim;
  }
  run.reach = Math.max(run.reach, claim.latest);
  run.first = Math.min(run.first, claim.earliest);
  run.width = Math.max(run.width, claim.latest - claim.earliest);
  run.sources.add(claim.source);
}

/**
 * A source that has looked without a break since before the pause between two runs of one state makes them one: what another one
 * saw in the middle of that, or the same one in another import, does not part it.
 */
function bridge(runs: Growing[], since: number, staleness: number): void {
  for (;;) {
    const [before, last] = runs.slice(-2);
    if (before === undefined || last === undefined || before.state !== last.state) return;
    if (since - before.reach > staleness) return;
    runs.pop();
    if (last.from < before.from) Object.assign(before, { from: last.from, openedBy: last.openedBy });
    if (last.to > before.to) Object.assign(before, { to: last.to, closedBy: last.closedBy });
    before.reach = Math.max(before.reach, last.reach);
    before.first = Math.min(before.first, last.first);
    before.width = Math.max(before.width, last.width);
    for (const source of last.sources) before.sources.add(source);
  }
}

/** What was going on stands before its own end, where both have the same times: Nova's have whole seconds. */
const byTime = (a: UptimeClaim, b: UptimeClaim): number =>
  a.latest - b.latest ||
  a.earliest - b.earliest ||
  Number(b.state === 'unknown') - Number(a.state === 'unknown') ||
  (a.id < b.id ? -1 : Number(a.id > b.id));

import { type UptimeClaim, type Run, runsOf } from './runs.ts';

export type UptimeState = 'up' | 'down' | 'excluded' | 'unknown';

/** A stretch of time; milliseconds since 1970. */
export interface UptimeWindow {
  readonly from: number;
  readonly to: number;
}

/** A time of one state, and the runs that say so. */
export interface Stretch extends UptimeWindow {
  readonly state: UptimeState;
  /**
   * Of a known state the run itself. Of an unknown one the last that is known before it, those that were too short to be
   * certain, and the next that is known. None where the caller excluded the time.
   */
  readonly runs: readonly Run[];
}

export interface TimelineOptions extends UptimeWindow {
  /** Milliseconds for which a state holds between two observations. */
  readonly staleness: number;
  /** Milliseconds by which a source's clock may be off. */
  readonly skew: number;
  readonly exclude: readonly UptimeWindow[];
}

/**
 * The states of one subject from `from` to `to`, without a hole: whatever no evidence covers is `unknown`. A thing that does
 * not exist yet, or no longer, is `excluded`.
 */
export function timelineOf(claims: readonly UptimeClaim[], options: TimelineOptions): Stretch[] {
  const runs = withoutEnd(runsOf(claims, options));
  return excluding(covered(runs, options), merged(options.exclude));
}

/** Before its creation a thing was never there, and after its deletion it does not come back. */
const withoutEnd = (runs: readonly Run[]): readonly Run[] =>
  runs.map((run, index) => {
    if (run.state === 'not-created' && index === 0) return { ...run, from: -Infinity };
    return run.state === 'deleted' && index === runs.length - 1 ? { ...run, to: Infinity } : run;
  });

function covered(runs: readonly Run[], { from, to }: UptimeWindow): Stretch[] {
  const stretches: Stretch[] = [];
  let at = from;
  let near: Run[] = [];
  const unknownUntil = (end: number, after: readonly Run[]): void => {
    if (end <= at) return;
    stretches.push({ state: 'unknown', from: at, to: end, runs: [...near, ...after] });
    at = end;
  };
  for (const run of runs) {
    if (run.state === 'unknown' || run.from >= run.to) {
      near.push(run);
      continue;
    }
    unknownUntil(Math.min(to, run.from), [run]);
    const end = Math.min(to, run.to);
    if (end > at) {
      const isAbsent = run.state === 'not-created' || run.state === 'deleted';
      stretches.push({ state: isAbsent ? 'excluded' : run.state, from: at, to: end, runs: [run] });
      at = end;
    }
    near = [run];
  }
  unknownUntil(to, []);
  return stretches;
}

/** The windows in order, those that touch as one. */
function merged(windows: readonly UptimeWindow[]): UptimeWindow[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of windows.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

function excluding(stretches: readonly Stretch[], windows: readonly UptimeWindow[]): Stretch[] {
  if (windows.length === 0) return [...stretches];
  const result: Stretch[] = [];
  for (const stretch of stretches) {
    let at = stretch.from;
    for (const { from, to } of windows) {
      const [begin, end] = [Math.max(at, from), Math.min(stretch.to, to)];
      if (begin >= end) continue;
      if (begin > at) result.push({ ...stretch, from: at, to: begin });
      addExcluded(result, begin, end);
      at = end;
    }
    if (at < stretch.to) result.push({ ...stretch, from: at });
  }
  return result;
}

/** A window over several states is one interval. */
function addExcluded(result: Stretch[], from: number, to: number): void {
  const last = result.at(-1);
  const isOne = last?.state === 'excluded' && last.runs.length === 0 && last.to === from;
  if (isOne) result.pop();
  result.push({ state: 'excluded', from: isOne ? last.from : from, to, runs: [] });
}

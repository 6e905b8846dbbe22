import { createHash } from 'node:crypto';
import type { LiveSelection } from './live-selection.ts';

/** What a run of CI has time for. */
export interface LiveBudget {
  readonly seconds: number;
  /** The seconds that a file took in a whole run; `undefined`: it was in none. */
  readonly took: (file: string) => number | undefined;
  /** Files that run whatever they take: the smoke files. */
  readonly always: readonly string[];
  /** Files that go before others, as far as there is time: those that changed themselves. */
  readonly first: readonly string[];
  /** The commit: the same one selects the same files, and the next one others. */
  readonly turn: string;
}

/** What a file is taken to need of which nothing is known. */
const UNKNOWN = 60;
/** The share of the time that is not for those that changed: on a day of many changes the others would have no turn. */
const OTHERS = 1 / 3;

/**
 * Of what has something to prove as much as there is time for: what runs always, then what changed itself, then the
 * others, for which a third is kept. Of what is too much each commit takes its own share, so that all of it runs within
 * some commits. `LIVE=all` runs it at once. Pure.
 */
export function withinBudget(
  selection: LiveSelection,
  { seconds, took, always, first, turn }: LiveBudget,
): LiveSelection {
  const need = (files: readonly string[]): number =>
    files.reduce((sum, file) => sum + (took(file) ?? UNKNOWN), 0);
  if (need(selection.run) <= seconds) return selection;
  const run = selection.run.filter((file) => always.includes(file));
  const rank = (file: string): string => createHash('sha256').update(`${turn} ${file}`).digest('hex');
  const shuffled = selection.run.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const fill = (files: readonly string[], until: number): void => {
    for (const file of files)
      if (!run.includes(file) && need(run) + (took(file) ?? UNKNOWN) <= until) run.push(file);
  };
  const left = Math.max(0, seconds - need(run));
  const changed = shuffled.filter((file) => first.includes(file));
  const others = shuffled.filter((file) => !first.includes(file));
  fill(changed, seconds - left * OTHERS);
  fill([...others, ...changed], seconds);
  const chosen = new Set(run);
  return {
    run: selection.run.filter((file) => chosen.has(file)),
    leftOut: [...selection.leftOut, ...selection.run.filter((file) => !chosen.has(file))],
    because: `${selection.because}; of these ${selection.run.length} so many as take ${Math.round(seconds / 60)} minutes, others with the next commit`,
  };
}

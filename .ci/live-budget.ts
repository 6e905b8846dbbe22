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

/**
 * Of what has something to prove as much as there is time for: what runs always, then what changed itself, then the others. Of what is too
 * much each commit takes its own share, so that all of it runs within some commits. `LIVE=all` runs it at once. Pure.
 */
export function withinBudget(
  selection: LiveSelection,
  { seconds, took, always, first, turn }: LiveBudget,
): LiveSelection {
  const need = (files: readonly string[]): number =>
    files.reduce((sum, file) => sum + (took(file) ?? UNKNOWN), 0);
  if (need(selection.run) <= seconds) return selection;
  const run = selection.run.filter((file) => always.includes(file));
  let left = seconds - need(run);
  const rank = (file: string): string =>
    `${first.includes(file) ? 0 : 1} ${createHash('sha256').update(`${turn} ${file}`).digest('hex')}`;
  const others = selection.run
    .filter((file) => !always.includes(file))
    .map((file) => ({ file, at: rank(file) }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  for (const { file } of others) {
    const takes = took(file) ?? UNKNOWN;
    if (takes > left) continue;
    left -= takes;
    run.push(file);
  }
  const chosen = new Set(run);
  return {
    run: selection.run.filter((file) => chosen.has(file)),
    leftOut: [...selection.leftOut, ...selection.run.filter((file) => !chosen.has(file))],
    because: `${selection.because}; of these ${selection.run.length} so many as take ${Math.round(seconds / 60)} minutes, others with the next commit`,
  };
}

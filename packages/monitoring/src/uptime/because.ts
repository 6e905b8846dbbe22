import type { UptimeClaim, Run } from './runs.ts';
import type { Stretch } from './timeline.ts';

/** What opened and closed a time, in words. */
export function becauseOf({ state, runs }: Stretch): string {
  const [run] = runs;
  if (state === 'excluded' && run === undefined) return 'maintenance';
  if (run === undefined) return 'nobody saw it';
  if (run.state === 'not-created') return `not created before ${wordsOf(run.closedBy)}`;
  if (run.state === 'deleted') return `deleted: ${wordsOf(run.openedBy)}`;
  if (state !== 'unknown') return `opened by ${wordsOf(run.openedBy)}, closed by ${wordsOf(run.closedBy)}`;
  return runs.length === 1 ? `seen only near: ${saysOf(run)}` : `between ${betweenOf(runs)}`;
}

/** The first and the last, and the first of those that were too short to tell anything. */
function betweenOf(runs: readonly Run[]): string {
  const shown = runs.length <= 4 ? runs : [...runs.slice(0, 3), ...runs.slice(-1)];
  const left = runs.length - shown.length;
  const words = shown.map(saysOf);
  if (left > 0) words.splice(3, 0, `${left} more`);
  return `${words.slice(0, -1).join('; ')} and ${words.at(-1)}`;
}

const saysOf = (run: Run): string => `${run.state} by ${wordsOf(run.closedBy)}`;

const wordsOf = ({ text, source, latest }: UptimeClaim): string =>
  text ?? `a ${source} at ${new Date(latest).toISOString()}`;

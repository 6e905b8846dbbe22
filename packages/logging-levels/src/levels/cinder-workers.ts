import type { CinderTarget } from './level-target.ts';

/** A volume service and a scheduler are one process on each host (or backend); of the others there may be many. `null`: not told. */
export const workersOf = ({ service, workers }: CinderTarget): number | null =>
  workers ?? (service === 'cinder-volume' || service === 'cinder-scheduler' ? 1 : null);

/**
 * Answers that must agree. Of `n` workers that requests reach at random, one is missed by `6n` of them once in 400 times; those
 * that take turns are all heard by `n`. Where nobody told the number, they are as many as for four.
 */
export function answersInRow(target: CinderTarget): number {
  const workers = workersOf(target) ?? 4;
  return workers === 1 ? 1 : 6 * workers;
}

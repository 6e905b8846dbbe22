import type { Evidence } from '@groundcrew/ground';
import { series, title } from '../series.ts';
import type { KnownBreak } from './known-break.ts';

/** The series in which it breaks, as people write it. */
export function seriesTitle({ in: name }: KnownBreak): string {
  const row = series.find((one) => one.name === name);
  return row === undefined ? name : title(row);
}

/** What breaks, and the place where a person can read it. */
export const sourceOf = (broken: KnownBreak): Evidence => ({
  statement: `from ${seriesTitle(broken)} on it ${broken.outcome}`,
  source: broken.source,
});

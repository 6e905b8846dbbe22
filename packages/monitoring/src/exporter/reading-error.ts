import { type Gap, GroundcrewError } from '@groundcrew/ground';
import type { MetricsRound } from '../metrics/round.ts';

/** A reading of the cloud that got no further than its sign-in. */
export class ReadingError extends GroundcrewError {
  readonly code = 'reading';

  constructor({ why, remedy }: Pick<Gap, 'why' | 'remedy'>) {
    super(why, { remedy });
  }
}

/**
 * What was in the way if no collector of a round came as far as its first request: such a round tells nothing of the cloud,
 * and what an older one told is worth more. A list that was refused is another matter: that its figures are absent is told.
 */
export function signInFault({ collectors }: MetricsRound): ReadingError | undefined {
  const nothing = collectors.every(({ completeness, calls }) => completeness === 'failed' && calls === 0);
  const [first] = collectors;
  if (first === undefined || !nothing) return undefined;
  return new ReadingError(first.gaps[0] ?? { why: 'no collector made a request', remedy: undefined });
}

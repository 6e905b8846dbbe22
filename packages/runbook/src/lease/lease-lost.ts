import { LeaseLostError } from '../journal/journal-errors.ts';

/**
 * Makes the error of a lost lease.
 *
 * @param what the lease, or the run under it
 */
export const leaseLost = (holder: string, what: string, why: string): LeaseLostError =>
  new LeaseLostError(`${holder} has lost ${what}: ${why}`, {
    remedy: 'Run again: it goes on where the other one ends.',
  });

import { LeaseLostError } from '../journal/journal-errors.ts';

/** @param what the lease, or what is run under it */
export const leaseLost = (holder: string, what: string, why: string): LeaseLostError =>
  new LeaseLostError(`${holder} has lost ${what}: ${why}`, {
    remedy: 'Run again: it goes on where the other one ends.',
  });

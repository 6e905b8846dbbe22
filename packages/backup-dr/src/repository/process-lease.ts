import { type HeldLease, type Lease, LeaseHeldError } from '@groundcrew/runbook';

/** Leases among the writers of this process alone. */
export function processLeases(): (point: string) => Lease {
  const holders = new Map<string, string>();
  let token = 0;
  return (point) => ({
    async acquire({ holder, signal }): Promise<HeldLease> {
      signal?.throwIfAborted();
      const other = holders.get(point);
      if (other !== undefined)
        throw new LeaseHeldError(`${other} writes point ${point}`, {
          holder: other,
          remedy: 'Wait until it has ended.',
        });
      holders.set(point, holder);
      token += 1;
      return {
        holder,
        token,
        // What is held in memory is not lost before the process is.
        lost: new AbortController().signal,
        release: async () => void holders.delete(point),
      };
    },
  });
}

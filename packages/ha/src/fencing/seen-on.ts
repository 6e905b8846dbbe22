/** The number of times that this process turned a host on, or saw it on. */
const counts = new Map<string, number>();

/**
 * Counts the orders to turn a host on, and the readings of `on`: each ends every proof that the host is off. By name, for all
 * fencers of the process: where two clouds have a host of one name, a proof too many ends, never one too few.
 */
export const seenOn = {
  count: (host: string): number => counts.get(host) ?? 0,
  note(host: string): void {
    counts.set(host, seenOn.count(host) + 1);
  },
};

/** How often this process told a host to go on, or saw it on. */
const counts = new Map<string, number>();

/**
 * What ends every proof that a host is off, whoever holds it: an order to go on, or a reading of `on`. By name, for all
 * fencers of the process: where two clouds have a host of one name, a proof too many ends, never one too few.
 */
export const seenOn = {
  count: (host: string): number => counts.get(host) ?? 0,
  note(host: string): void {
    counts.set(host, seenOn.count(host) + 1);
  },
};

import { intersection } from '../addresses/address-set.ts';
import type { CarriedReach } from '../ingress/port-forwardings.ts';
import type { Reach } from '../reach/rule-reach.ts';

/** The reach that one place on a path carries to an address. */
export interface PacketFilter extends CarriedReach {
  /** The firewall group that filters there; `undefined`: something else does. */
  readonly group?: string | undefined;
}

/** A filter that may be there: the path counts all the same, but the finding says that a filter may apply. */
export const UNSEEN: PacketFilter = {
  lets: undefined,
  why: 'whether a firewall group filters it could not be seen',
};

/** The part of a reach that a filter lets through. */
export const through = (reached: readonly Reach[], lets: readonly Reach[]): Reach[] =>
  reached.flatMap((reach) =>
    lets.flatMap((passing) => {
      const protocol = reach.protocol === 'any' ? passing.protocol : reach.protocol;
      const isOther = passing.protocol !== 'any' && passing.protocol !== protocol;
      const first = Math.max(reach.first, passing.first);
      const last = Math.min(reach.last, passing.last);
      if (isOther || first > last) return [];
      const sources = intersection(reach.sources, passing.sources);
      return sources.length === 0 ? [] : [{ protocol, first, last, sources }];
    }),
  );

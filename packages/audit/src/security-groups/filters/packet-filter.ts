import { intersection } from '../addresses/address-set.ts';
import type { CarriedReach } from '../ingress/port-forwardings.ts';
import type { Reach } from '../reach/rule-reach.ts';

/** What comes through to an address, at one place on the way. */
export interface Wall extends CarriedReach {
  /** The firewall group that filters there; `undefined`: something else does. */
  readonly group?: string | undefined;
}

/** A way is one, whether something unseen stands in it or not; but it is not told as if nothing did. */
export const UNSEEN: Wall = {
  lets: undefined,
  why: 'whether a firewall group filters it could not be seen',
};

/** What is left of what is reached when it has to pass a wall. */
export const through = (reached: readonly Reach[], lets: readonly Reach[]): Reach[] =>
  reached.flatMap((one) =>
    lets.flatMap((other) => {
      const protocol = one.protocol === 'any' ? other.protocol : one.protocol;
      const isOther = other.protocol !== 'any' && other.protocol !== protocol;
      const first = Math.max(one.first, other.first);
      const last = Math.min(one.last, other.last);
      if (isOther || first > last) return [];
      const sources = intersection(one.sources, other.sources);
      return sources.length === 0 ? [] : [{ protocol, first, last, sources }];
    }),
  );

import type { Family } from '../addresses/address-family.ts';
import type { AddressSet } from '../addresses/address-set.ts';

/** The addresses that the groups stand for to which rules refer. */
export interface Expansion {
  /** `undefined` if it was not seen. */
  readonly addressGroup: (id: string, family: Family) => AddressSet | undefined;
  readonly members: (groupId: string, family: Family) => Members;
}

/** The addresses of the ports that use a group. */
export interface Members {
  readonly sources: AddressSet;
  /** There are no others. */
  readonly all: boolean;
}

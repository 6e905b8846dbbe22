import type { Family } from '../addresses/address-family.ts';
import type { Reach } from '../reach/rule-reach.ts';
import {
  type IsEveryone,
  type ExposureCriteria,
  type OpenPort,
  openPorts,
  type WideOpen,
  wideOpen,
} from './exposure.ts';

/** The reach that a finding claims, to be compared with the packet filters on the path. */
export interface ExposureClaim {
  readonly reached: readonly Reach[];
  /** Tells whether the part that the filters leave is as bad as the finding says. */
  readonly isAll: (left: readonly Reach[]) => boolean;
}

/** Claims that everyone reaches everything. */
export function wideOpenClaim(
  { protocols, sources }: WideOpen,
  family: Family,
  isEveryone: IsEveryone,
): ExposureClaim {
  const all = { first: 0, last: 65_535, sources };
  return {
    reached:
      protocols === 'all'
        ? [{ ...all, protocol: 'any' }]
        : [6, 17, family.icmp].map((protocol) => ({ ...all, protocol })),
    isAll: (left) => wideOpen(left, family, isEveryone) !== undefined,
  };
}

/** Claims that everyone reaches these ports. */
export const openPortsClaim = (
  ports: readonly OpenPort[],
  family: Family,
  criteria: ExposureCriteria,
): ExposureClaim => ({
  reached: ports.map(({ port: { port, protocol }, sources }) => ({
    protocol,
    first: port,
    last: port,
    sources,
  })),
  isAll: (left) => openPorts(left, family, criteria).length >= ports.length,
});

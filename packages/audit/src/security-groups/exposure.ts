import { type AdminPort, adminPorts } from './admin-ports.ts';
import { type AddressSet, intersection, nothing, union } from './address-set.ts';
import { type Family, publicShare } from './family.ts';
import type { Opening } from './opening.ts';
import { reachingEveryPort } from './port-cover.ts';

const TCP = 6;
const UDP = 17;
const LAST = 65_535;

/** Who may reach everything, and by what right. */
export interface WideOpen {
  /** `all`: every protocol. `tcp-udp-icmp`: these three wholly, which leaves little. */
  readonly protocols: 'all' | 'tcp-udp-icmp';
  readonly sources: AddressSet;
}

/** An administrators' port that everyone may reach. */
export interface OpenPort {
  readonly port: AdminPort;
  readonly sources: AddressSet;
}

/** Whether a set of addresses is as good as everyone. */
export type IsEveryone = (sources: AddressSet, family: Family) => boolean;

/** Everyone: at least this share of the public addresses. */
export const everyoneFrom =
  (share: number): IsEveryone =>
  (sources, family) =>
    sources.length > 0 && publicShare(sources, family) >= share;

/** Whether everyone may reach every port, over all openings together. */
export function wideOpen(
  openings: readonly Opening[],
  family: Family,
  isEveryone: IsEveryone,
): WideOpen | undefined {
  const sources = union(
    openings.filter((one) => one.protocol === 'any' && isWhole(one)).map((one) => one.sources),
  );
  if (isEveryone(sources, family)) return { protocols: 'all', sources };
  let common: AddressSet | undefined;
  for (const protocol of [TCP, UDP, family.icmp]) {
    const open = reachEveryPort(openings, protocol);
    common = common === undefined ? open : intersection(common, open);
    if (!isEveryone(common, family)) return undefined;
  }
  return { protocols: 'tcp-udp-icmp', sources: common ?? nothing };
}

/** The administrators' ports that everyone may reach. */
export function openPorts(openings: readonly Opening[], family: Family, isEveryone: IsEveryone): OpenPort[] {
  return adminPorts
    .map((port) => ({ port, sources: reachPort(openings, port) }))
    .filter(({ sources }) => isEveryone(sources, family));
}

/** The addresses that may reach one port. */
export const reachPort = (openings: readonly Opening[], { port, protocol }: AdminPort): AddressSet =>
  union(
    openings
      .filter((one) => applies(one, protocol) && one.first <= port && port <= one.last)
      .map((one) => one.sources),
  );

/** The addresses that may reach every port of a protocol. */
export function reachEveryPort(openings: readonly Opening[], protocol: number): AddressSet {
  const all = openings.filter((one) => applies(one, protocol));
  return all.every(isWhole) ? union(all.map((one) => one.sources)) : reachingEveryPort(all);
}

const applies = (opening: Opening, protocol: number): boolean =>
  opening.protocol === 'any' || opening.protocol === protocol;

const isWhole = (opening: Opening): boolean => opening.first === 0 && opening.last === LAST;

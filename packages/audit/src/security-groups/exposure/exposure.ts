import type { AdminPort } from './admin-ports.ts';
import { type AddressSet, intersection, nothing, union } from '../addresses/address-set.ts';
import { type Family, publicShare } from '../addresses/address-family.ts';
import type { Reach } from '../reach/rule-reach.ts';
import { reachingEveryPort } from './every-port.ts';

const TCP = 6;
const UDP = 17;
const LAST = 65_535;

/** The sources that may reach everything, and the rules that let them. */
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

/** Tells whether a set of addresses is as good as everyone. */
export type IsEveryone = (sources: AddressSet, family: Family) => boolean;

/** The criteria by which rules are judged: which sources count as everyone, and which ports they must not reach. */
export interface ExposureCriteria {
  readonly isEveryone: IsEveryone;
  /** Ports that everyone may not reach. */
  readonly ports: readonly AdminPort[];
}

/** Counts a set as everyone from this share of the public addresses on. */
export const everyoneFrom =
  (share: number): IsEveryone =>
  (sources, family) =>
    sources.length > 0 && publicShare(sources, family) >= share;

/** Tells whether everyone may reach every port, over all rules together. */
export function wideOpen(
  rules: readonly Reach[],
  family: Family,
  isEveryone: IsEveryone,
): WideOpen | undefined {
  const sources = union(rules.filter(isAll).map((rule) => rule.sources));
  if (isEveryone(sources, family)) return { protocols: 'all', sources };
  let common: AddressSet | undefined;
  for (const protocol of [TCP, UDP, family.icmp]) {
    const open = reachEveryPort(rules, protocol);
    common = common === undefined ? open : intersection(common, open);
    if (!isEveryone(common, family)) return undefined;
  }
  return { protocols: 'tcp-udp-icmp', sources: common ?? nothing };
}

/** The administrators' ports that everyone may reach. */
export function openPorts(
  rules: readonly Reach[],
  family: Family,
  { isEveryone, ports }: ExposureCriteria,
): OpenPort[] {
  return ports
    .map((port) => ({ port, sources: reachPort(rules, port) }))
    .filter(({ sources }) => isEveryone(sources, family));
}

/** The addresses that may reach one port. */
export const reachPort = (rules: readonly Reach[], port: AdminPort): AddressSet =>
  union(rules.filter((rule) => reaches(rule, port)).map((rule) => rule.sources));

export const reaches = (reach: Reach, { port, protocol }: AdminPort): boolean =>
  applies(reach, protocol) && reach.first <= port && port <= reach.last;

/** The addresses that may reach every port of a protocol. */
export function reachEveryPort(rules: readonly Reach[], protocol: number): AddressSet {
  const all = rules.filter((rule) => applies(rule, protocol));
  if (all.every(isWhole)) return union(all.map((reach) => reach.sources));
  return isEveryPort(all) ? reachingEveryPort(all) : nothing;
}

/** Tells whether every port is open to somebody, which is true of few groups, and found much faster than to whom. */
function isEveryPort(rules: readonly Reach[]): boolean {
  let next = 0;
  for (const { first, last } of rules.toSorted((a, b) => a.first - b.first)) {
    if (first > next) return false;
    if (last >= next) next = last + 1;
  }
  return next > LAST;
}

const applies = (reach: Reach, protocol: number): boolean =>
  reach.protocol === 'any' || reach.protocol === protocol;

const isWhole = (reach: Reach): boolean => reach.first === 0 && reach.last === LAST;

export const isAll = (reach: Reach): boolean => reach.protocol === 'any' && isWhole(reach);

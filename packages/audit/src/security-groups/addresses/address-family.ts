import { type AddressSet, intersection, merged, size } from './address-set.ts';
import { parsePrefix } from './cidr.ts';

/** One of the two families of addresses; rules of one say nothing about the other. */
export interface Family {
  /** The family's name in a rule's `ethertype`. */
  readonly name: 'IPv4' | 'IPv6';
  readonly version: 4 | 6;
  readonly everything: AddressSet;
  /** The addresses that the internet routes. */
  readonly public: AddressSet;
  /** Its own number of ICMP. */
  readonly icmp: number;
}

/** IPv4 without what IANA's registry of special-purpose addresses takes out of global routing. */
const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

/** The ranges of IPv6 outside 2000::/3, which alone is allocated, and those for documentation. */
const special6 = ['::/3', '2001:db8::/32', '3fff::/20', '4000::/2', '8000::/1'];

export const ipv4: Family = {
  name: 'IPv4',
  version: 4,
  everything: setOf(['0.0.0.0/0']),
  public: without(32, setOf(special4)),
  icmp: 1,
};

const ipv6: Family = {
  name: 'IPv6',
  version: 6,
  everything: setOf(['::/0']),
  public: without(128, setOf(special6)),
  icmp: 58,
};

export const families: readonly Family[] = [ipv4, ipv6];

/** The share of the public addresses that is in a set, from 0 to 1. Only all of them are 1, and only none are 0. */
export function publicShare(set: AddressSet, family: Family): number {
  if (isEverything(set, family)) return 1;
  const open = size(intersection(set, family.public));
  const all = size(family.public);
  // One address of 2^125 is nothing to a double.
  return open === all ? 1 : Math.min(Number(open) / Number(all), 1 - Number.EPSILON);
}

/**
 * Describes a set of sources: `every IPv4 address`, `every public IPv4 address`, `99.5 % of the public IPv4 addresses`.
 */
export function describeSources(set: AddressSet, family: Family): string {
  if (isEverything(set, family)) return `every ${family.name} address`;
  const open = intersection(set, family.public);
  return size(open) === size(family.public)
    ? `every public ${family.name} address`
    : `${percent(size(open), size(family.public))} of the public ${family.name} addresses`;
}

/** Describes a share: `100 % of the IPv4 address space`. */
export const describeShareOfSpace = (set: AddressSet, family: Family): string =>
  `${percent(size(set), size(family.everything))} of the ${family.name} address space`;

const isEverything = (set: AddressSet, family: Family): boolean =>
  set.length === 1 && size(set) === size(family.everything);

/** Rounded down, so that only all is 100 %. */
function percent(part: bigint, all: bigint): string {
  const millionths = (part * 1_000_000n) / all;
  return millionths === 0n && part > 0n ? 'less than 0.0001 %' : `${Number(millionths) / 10_000} %`;
}

function setOf(prefixes: readonly string[]): AddressSet {
  // Prefixes that are written here, and are prefixes.
  return merged(
    prefixes.flatMap((text) => parsePrefix(text) ?? []).map(({ first, last }) => ({ first, last })),
  );
}

function without(bits: number, set: AddressSet): AddressSet {
  const firsts = [0n, ...set.map((interval) => interval.last + 1n)];
  const lasts = [...set.map((interval) => interval.first - 1n), (1n << BigInt(bits)) - 1n];
  return firsts
    .map((first, index) => ({ first, last: lasts[index] ?? first }))
    .filter(({ first, last }) => first <= last);
}

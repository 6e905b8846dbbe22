import type { Interval } from './address-set.ts';

/** The addresses of a prefix, and of which family they are. */
export interface Prefix extends Interval {
  readonly version: 4 | 6;
}

/**
 * Reads an address or a prefix: `10.0.0.0/8`, `2001:db8::/32`, `10.1.2.3`. Bits behind the prefix do not count, as
 * they do not for Neutron: `1.2.3.4/0` is every address. `undefined` if it is neither.
 */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  const address = slash === -1 ? text : text.slice(0, slash);
  const version = address.includes(':') ? 6 : 4;
  const bits = version === 4 ? 32 : 128;
  const value = version === 4 ? v4(address) : v6(address);
  const length = slash === -1 ? bits : numberIn(text.slice(slash + 1), bits);
  if (value === undefined || length === undefined) return undefined;
  const host = BigInt(bits - length);
  const first = (value >> host) << host;
  return { version, first, last: first + (1n << host) - 1n };
}

/** A prefix with its text, as Neutron writes it (netaddr's: the shortest form, in lower case, always with its length). */
export interface WrittenPrefix extends Interval {
  readonly text: string;
}

/** The prefixes that an interval consists of, as few as can be. */
export function prefixesOf({ first, last }: Interval, version: 4 | 6): WrittenPrefix[] {
  const bits = version === 4 ? 32 : 128;
  const found: WrittenPrefix[] = [];
  for (let from = first; from <= last;) {
    let host = 0;
    while (host < bits && (from >> BigInt(host)) % 2n === 0n && from + (2n << BigInt(host)) - 1n <= last)
      host += 1;
    const to = from + (1n << BigInt(host)) - 1n;
    const address = version === 4 ? written4(from) : written6(from);
    found.push({ first: from, last: to, text: `${address}/${bits - host}` });
    from = to + 1n;
  }
  return found;
}

const written4 = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');

/** RFC 5952: the longest run of zeros, the first of several, is `::`; a single zero is not. */
function written6(value: bigint): string {
  const text = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  ).join(':');
  const [longest] = [...text.matchAll(/(?<![\da-f])0(?::0)+(?![\da-f])/g)].toSorted(
    (a, b) => b[0].length - a[0].length,
  );
  if (longest === undefined) return text;
  const head = text.slice(0, longest.index).replace(/:$/, '');
  return `${head}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`;
}

function v4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    const byte = numberIn(part, 255);
    if (byte === undefined) return undefined;
    value = value * 256 + byte;
  }
  return BigInt(value);
}

/** Groups of 16 bits; `::` stands for those that are left out, the last two may be an IPv4 address. */
function v6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groups);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const known = head.length + (tail?.length ?? 0);
  if (tail === undefined ? known !== 8 : known > 7) return undefined;
  const all = tail === undefined ? head : [...head, ...Array<bigint>(8 - known).fill(0n), ...tail];
  return all.reduce((value, group) => (value << 16n) | group, 0n);
}

function groups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const result: bigint[] = [];
  for (const part of text.split(':')) {
    if (part.includes('.')) {
      const address = v4(part);
      if (address === undefined) return undefined;
      result.push(address >> 16n, address & 0xffffn);
    } else {
      if (!/^[\da-f]{1,4}$/i.test(part)) return undefined;
      result.push(BigInt(`0x${part}`));
    }
  }
  return result;
}

function numberIn(text: string, max: number): number | undefined {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : max + 1;
  return value <= max ? value : undefined;
}

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

import { conflict, type ServiceFault } from '../../fault.ts';
import { str } from '../../wire.ts';

/** A range of addresses, as numbers. */
export interface Range {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** The range of a CIDR; `undefined` if the text is no CIDR. */
export function rangeOf(cidr: string): Range | undefined {
  const [address, length] = cidr.split('/');
  const version = versionOf(address ?? '');
  const start = parseAddress(address ?? '');
  if (start === undefined || length === undefined || !/^\d+$/.test(length)) return undefined;
  const bits = version === 4 ? 32 : 128;
  if (Number(length) > bits) return undefined;
  const size = 1n << BigInt(bits - Number(length));
  const first = (start / size) * size;
  return { version, first, last: first + size - 1n };
}

export const versionOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

export const overlaps = (a: Range, b: Range): boolean =>
  a.version === b.version && a.first <= b.last && b.first <= a.last;

/** An address as a number; `undefined` if the text is no address. */
export function parseAddress(address: string): bigint | undefined {
  if (versionOf(address) === 4) {
    const parts = address.split('.');
    if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255))
      return undefined;
    return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  }
  const [head = '', tail] = address.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(0, gap) }, () => '0'), ...right];
  if (groups.length !== 8 || groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

export function formatAddress(version: 4 | 6, value: bigint): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => str((value >> shift) & 255n)).join('.');
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) =>
    ((value >> shift) & 65_535n).toString(16),
  );
  const zeros = /(?:^|:)0(?::0)+(?:$|:)/.exec(groups.join(':'));
  return zeros === null ? groups.join(':') : groups.join(':').replace(zeros[0], '::');
}

/** The refusal when no address is left. Nova turns it into a server in ERROR. */
export const noMoreAddresses = (network: string): ServiceFault =>
  conflict(`No more IP addresses available on network ${network}.`, 'IpAddressGenerationFailure');

import type { Reach } from './rule-reach.ts';

const names: Readonly<Record<number, string>> = {
  6: 'TCP',
  17: 'UDP',
  1: 'ICMP',
  58: 'ICMP',
  132: 'SCTP',
  255: 'other protocols',
};

/** Describes a reach: `TCP 22`, `UDP 5000-5010`, `everything`. */
export function describeReach({ protocol, first, last }: Pick<Reach, 'protocol' | 'first' | 'last'>): string {
  const ports = first === 0 && last === 65_535 ? '' : ` ${first === last ? first : `${first}-${last}`}`;
  const name = protocol === 'any' ? 'everything' : (names[protocol] ?? `protocol ${protocol}`);
  return `${name}${ports}`;
}

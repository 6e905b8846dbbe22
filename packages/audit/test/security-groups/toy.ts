import { families, type Family } from '../../src/security-groups/addresses/address-family.ts';
import type { SecurityGroupRule } from '../../src/security-groups/snapshot/snapshot.ts';
import { rule } from './snapshot.ts';

// A space small enough to look at every packet: 64 addresses (each a sixty-fourth of the family's space), 16 ports (each
// 4096 of the real ones) and four protocols, the last of which stands for all that have no name here.

export const ADDRESSES = 64;
export const PORTS = 16;
export const protocols = ['tcp', 'udp', 'icmp', 'other'] as const;
export type ToyProtocol = (typeof protocols)[number];

export interface ToyRule {
  /** The `depth` leading bits of the six bits of an address are those of `first`. */
  readonly first: number;
  readonly depth: number;
  readonly protocol: ToyProtocol | 'any';
  /** Both included; of `any`, `icmp` and `other` all. */
  readonly ports: readonly [number, number];
}

const size = (depth: number): number => 2 ** (6 - depth);

/** May this packet come in by any of the rules? As a machine would do it, rule by rule. */
export const lets = (
  rules: readonly ToyRule[],
  address: number,
  protocol: ToyProtocol,
  port: number,
): boolean =>
  rules.some(
    (reach) =>
      Math.floor(address / size(reach.depth)) === Math.floor(reach.first / size(reach.depth)) &&
      (reach.protocol === 'any' || reach.protocol === protocol) &&
      port >= reach.ports[0] &&
      port <= reach.ports[1],
  );

/** The rule as Neutron has it. */
export function real({ first, depth, protocol, ports }: ToyRule, family: Family): SecurityGroupRule {
  const [low, high] = ports;
  const whole = (low === 0 && high === PORTS - 1) || protocol === 'any' || protocol === 'icmp';
  return rule({
    ethertype: family.name,
    protocol: protocol === 'any' ? null : protocol === 'other' ? '47' : protocol,
    port_range_min: whole ? null : Math.max(1, low * 4096),
    port_range_max: whole ? null : high * 4096 + 4095,
    remote_ip_prefix: preruleEdits(first, depth, family),
  });
}

function preruleEdits(first: number, depth: number, family: Family): string {
  if (family.version === 4) return `${first * 4}.0.0.0/${depth}`;
  return `${(first * 1024).toString(16)}::/${depth}`;
}

/** The addresses of a set, as those of the small space. */
export function toyAddresses(
  set: readonly { readonly first: bigint; readonly last: bigint }[],
  family: Family,
): Set<number> {
  const shift = family.version === 4 ? 26n : 122n;
  const found = new Set<number>();
  for (const { first, last } of set)
    for (let address = Number(first >> shift); address <= Number(last >> shift); address += 1)
      found.add(address);
  return found;
}

export const both = families;

/** Rules that differ in what matters: everyone and parts of everyone, each protocol, ports that meet and that do not. */
export const alphabet: readonly ToyRule[] = [
  { first: 0, depth: 0, protocol: 'any', ports: [0, 15] },
  { first: 0, depth: 1, protocol: 'any', ports: [0, 15] },
  { first: 32, depth: 1, protocol: 'any', ports: [0, 15] },
  { first: 32, depth: 2, protocol: 'any', ports: [0, 15] },
  { first: 0, depth: 0, protocol: 'tcp', ports: [0, 15] },
  { first: 0, depth: 0, protocol: 'udp', ports: [0, 15] },
  { first: 0, depth: 0, protocol: 'icmp', ports: [0, 15] },
  { first: 0, depth: 0, protocol: 'tcp', ports: [0, 7] },
  { first: 0, depth: 0, protocol: 'tcp', ports: [8, 15] },
  { first: 0, depth: 0, protocol: 'tcp', ports: [9, 15] },
  { first: 0, depth: 1, protocol: 'tcp', ports: [0, 15] },
  { first: 32, depth: 1, protocol: 'tcp', ports: [0, 7] },
  { first: 0, depth: 0, protocol: 'other', ports: [0, 15] },
  { first: 5, depth: 6, protocol: 'udp', ports: [3, 3] },
];

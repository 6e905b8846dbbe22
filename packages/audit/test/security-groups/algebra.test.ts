import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AddressSet,
  intersection,
  merged,
  size,
  union,
} from '../../src/security-groups/addresses/address-set.ts';
import { causeOf } from '../../src/security-groups/exposure/causes.ts';
import { parsePrefix } from '../../src/security-groups/addresses/cidr.ts';
import { everyoneFrom, reachEveryPort, wideOpen } from '../../src/security-groups/exposure/exposure.ts';
import { wideOpenConditions } from '../../src/security-groups/exposure/conditions.ts';
import { families, type Family } from '../../src/security-groups/addresses/address-family.ts';
import { type RuleReach, reachOfRule } from '../../src/security-groups/reach/rule-reach.ts';
import { rule } from './snapshot.ts';

const [ipv4] = families as [Family, Family];
const nobody = { addressGroup: () => undefined, members: () => ({ sources: [], all: true }) };

describe('sets of addresses', () => {
  const interval = fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 8 }))
    .map(([first, more]) => ({ first: BigInt(first), last: BigInt(first + more) }));
  const set = fc.array(interval, { maxLength: 6 }).map(merged);
  const members = (some: AddressSet): Set<number> =>
    new Set(
      Array.from({ length: 60 }, (_, n) => n).filter((n) =>
        some.some(({ first, last }) => first <= n && n <= last),
      ),
    );

  test('are what sets are', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(members(union([a, b]))).toEqual(new Set([...members(a), ...members(b)]));
        expect(members(intersection(a, b))).toEqual(
          new Set([...members(a)].filter((n) => members(b).has(n))),
        );
        expect(size(a)).toBe(BigInt(members(a).size));
      }),
    );
  });

  test('have one form: intervals in order that do not touch', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const both = union([a, b]);
        expect(both.every(({ first, last }) => first <= last)).toBe(true);
        const before = [-2n, ...both.map((entry) => entry.last)];
        expect(both.every(({ first }, index) => first > (before[index] ?? first) + 1n)).toBe(true);
      }),
    );
  });
});

describe('prefixes', () => {
  test.each([
    ['10.1.2.3', 4, 0x0a010203n, 0x0a010203n],
    ['10.1.2.3/8', 4, 0x0a000000n, 0x0affffffn],
    ['0.0.0.0/0', 4, 0n, 0xffffffffn],
    ['::', 6, 0n, 0n],
    ['::1', 6, 1n, 1n],
    ['2001:DB8::/32', 6, 0x20010db8n << 96n, (0x20010db9n << 96n) - 1n],
    ['1:2:3:4:5:6:7:8', 6, 0x00010002000300040005000600070008n, 0x00010002000300040005000600070008n],
    ['::ffff:1.2.3.4', 6, 0xffff01020304n, 0xffff01020304n],
    ['::/0', 6, 0n, (1n << 128n) - 1n],
  ])('%s', (text, version, first, last) => {
    expect(parsePrefix(text)).toEqual({ version, first, last });
  });

  test.each([
    '',
    'any',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4/33',
    '1.2.3.4/',
    '::/129',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3',
    '12345::',
    ':::',
    '1.2.3.4/-1',
  ])('%j is none', (text) => {
    expect(parsePrefix(text)).toBeUndefined();
  });
});

describe('what rules let in, against brute force', () => {
  // Sixteen blocks of addresses and bounds of few ports: between them nothing changes, so one of each stands for all, and
  // one of each gap between bounds for the gap.
  const blocks = Array.from({ length: 16 }, (_, block) => BigInt(block) << 28n);
  const bounds = [1, 2, 22, 23, 30_000, 30_001, 65_534, 65_535];
  const everyPort = [...bounds, 3, 24, 30_002];
  const prefixes = [
    null,
    ...[0, 1, 2, 3, 4].flatMap((bits) =>
      Array.from({ length: 2 ** bits }, (_, n) => `${n * 2 ** (8 - bits)}.0.0.0/${bits}`),
    ),
  ];

  const span = fc
    .tuple(fc.constantFrom(...bounds), fc.constantFrom(...bounds))
    .map(([a, b]) => ({ port_range_min: Math.min(a, b), port_range_max: Math.max(a, b) }));
  const whole = { port_range_min: null, port_range_max: null };
  const anyRule = fc
    .tuple(
      fc.constantFrom(null, '0', 'tcp', '6', 'udp', '17', 'icmp', 'gre'),
      fc.oneof(fc.constant(whole), span),
      fc.constantFrom(...prefixes),
      fc.integer({ min: 0, max: 99 }),
    )
    .map(([protocol, ports, remote_ip_prefix, id]) =>
      rule({
        id: `r${id}`,
        protocol,
        remote_ip_prefix,
        ...(['tcp', '6', 'udp', '17'].includes(protocol ?? '') ? ports : whole),
      }),
    );
  const rules = fc
    .array(anyRule, { maxLength: 8 })
    .map((some) => some.flatMap((entry) => reachOfRule(entry, ipv4, nobody) ?? []));

  const lets = (some: readonly RuleReach[], protocol: number, port: number, source: bigint): boolean =>
    some.some(
      ({ rule: one, sources }) =>
        (one.protocol === null ||
          one.protocol === '0' ||
          one.protocol === { 6: 'tcp', 17: 'udp', 1: 'icmp' }[protocol] ||
          one.protocol === String(protocol)) &&
        (one.port_range_min === null || (one.port_range_min <= port && port <= (one.port_range_max ?? 0))) &&
        sources.some(({ first, last }) => first <= source && source <= last),
    );
  const reachAll = (some: readonly RuleReach[], protocol: number): bigint[] =>
    blocks.filter((source) => everyPort.every((port) => lets(some, protocol, port, source)));

  test('the sources that reach every port of a protocol', () => {
    // A gap that no bound is in: what a tenant leaves out by it is left out.
    const apart = [
      { port_range_min: 1, port_range_max: 30_001 },
      { port_range_min: 65_534, port_range_max: 65_535 },
    ].flatMap((range) => reachOfRule(rule({ protocol: 'udp', ...range }), ipv4, nobody) ?? []);
    expect(reachEveryPort(apart, 17)).toEqual([]);
    expect(reachAll(apart, 17)).toEqual([]);
    fc.assert(
      fc.property(rules, fc.constantFrom(6, 17, 1), (some, protocol) => {
        const sources = reachEveryPort(some, protocol);
        expect(
          blocks.filter((block) => sources.some(({ first, last }) => first <= block && block <= last)),
        ).toEqual(reachAll(some, protocol));
      }),
      { numRuns: 500 },
    );
  });

  const everyone = everyoneFrom(1);
  const isOpen = (some: readonly RuleReach[]): boolean => wideOpen(some, ipv4, everyone) !== undefined;
  // Fourteen of the sixteen: 224.0.0.0/3 is never a source.
  const bruteOpen = (some: readonly RuleReach[]): boolean => {
    const all = [6, 17, 1].map((protocol) => new Set(reachAll(some, protocol)));
    return blocks.slice(0, 14).every((source) => all.every((entry) => entry.has(source)));
  };

  test('wide open, and from which rules', () => {
    // Drawn from wide rules, so that both answers come often.
    const wide = fc.array(
      fc.oneof(
        anyRule.filter((entry) => entry.remote_ip_prefix === null || /\/[01]$/.test(entry.remote_ip_prefix)),
        anyRule,
      ),
      { maxLength: 12 },
    );
    let open = 0;
    let closed = 0;
    fc.assert(
      fc.property(wide, (drawn) => {
        const some = drawn.flatMap((entry) => reachOfRule(entry, ipv4, nobody) ?? []);
        expect(isOpen(some)).toBe(bruteOpen(some));
        if (!isOpen(some)) return void (closed += 1);
        open += 1;
        const [byAny, byThree] = wideOpenConditions(ipv4, everyone);
        const cause = causeOf(some, byAny.holds(some) ? byAny : byThree, ipv4);
        expect(bruteOpen(cause)).toBe(true);
        for (const one of cause) expect(bruteOpen(cause.filter((other) => other !== one))).toBe(false);
      }),
      { numRuns: 500 },
    );
    expect(Math.min(open, closed)).toBeGreaterThan(50);
  });
});

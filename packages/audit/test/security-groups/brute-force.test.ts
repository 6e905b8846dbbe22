import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { size } from '../../src/security-groups/address-set.ts';
import { type IsEveryone, reachEveryPort, reachPort, wideOpen } from '../../src/security-groups/exposure.ts';
import type { Family } from '../../src/security-groups/family.ts';
import { fixOf } from '../../src/security-groups/fix.ts';
import { type Opening, openingOf } from '../../src/security-groups/opening.ts';
import {
  ADDRESSES,
  alphabet,
  both,
  lets,
  PORTS,
  protocols,
  real,
  toyAddresses,
  type ToyProtocol,
  type ToyRule,
} from './toy.ts';

// The engine against a machine that looks at every packet.

const nobody = { addressGroup: () => undefined, members: () => ({ sources: [], all: true }) };
const openingsOf = (rules: readonly ToyRule[], family: Family): Opening[] =>
  rules.flatMap((one) => openingOf(real(one, family), family, nobody) ?? []);

const addresses = Array.from({ length: ADDRESSES }, (_, address) => address);
const ports = Array.from({ length: PORTS }, (_, port) => port);
const numbers = (family: Family): Readonly<Record<ToyProtocol, number>> => ({
  tcp: 6,
  udp: 17,
  icmp: family.icmp,
  other: 47,
});

/** Everybody, to the last address. */
const isAll: IsEveryone = (sources, family) => size(sources) === size(family.everything);

function judge(rules: readonly ToyRule[], family: Family): void {
  const openings = openingsOf(rules, family);
  const open = (address: number, protocol: ToyProtocol): boolean =>
    ports.every((port) => lets(rules, address, protocol, port));
  const reaching = new Map(
    protocols.map((protocol) => [protocol, addresses.filter((address) => open(address, protocol))]),
  );
  for (const protocol of protocols)
    expect(toyAddresses(reachEveryPort(openings, numbers(family)[protocol]), family)).toEqual(
      new Set(reaching.get(protocol)),
    );
  const everyone = (protocol: ToyProtocol): boolean => reaching.get(protocol)?.length === ADDRESSES;
  const named = (['tcp', 'udp', 'icmp'] as const).every(everyone);
  // What has no name here is let in by rules for all protocols alone, but for the one that stands for it.
  const byAny = rules.filter((one) => one.protocol === 'any');
  const any = addresses.every((address) => lets(byAny, address, 'other', 0));
  expect(wideOpen(openings, family, isAll)?.protocols).toBe(any ? 'all' : named ? 'tcp-udp-icmp' : undefined);
  // SSH is a port of the first sixteenth.
  const ssh = addresses.filter((address) => lets(rules, address, 'tcp', 0));
  expect(toyAddresses(reachPort(openings, { port: 22, protocol: 6, name: 'SSH' }), family)).toEqual(
    new Set(ssh),
  );
}

/** All sets of at most so many of them. */
function* combinations<T>(from: readonly T[], most: number, start = 0): Generator<T[]> {
  yield [];
  if (most === 0) return;
  for (let index = start; index < from.length; index += 1)
    for (const rest of combinations(from, most - 1, index + 1)) {
      const [one] = from.slice(index, index + 1);
      if (one !== undefined) yield [one, ...rest];
    }
}

const toyRule: fc.Arbitrary<ToyRule> = fc
  .record({
    address: fc.integer({ min: 0, max: ADDRESSES - 1 }),
    depth: fc.integer({ min: 0, max: 6 }),
    protocol: fc.constantFrom<ToyRule['protocol']>('any', ...protocols),
    low: fc.integer({ min: 0, max: PORTS - 1 }),
    more: fc.integer({ min: 0, max: PORTS - 1 }),
  })
  .map(({ address, depth, protocol, low, more }) => ({
    first: Math.floor(address / 2 ** (6 - depth)) * 2 ** (6 - depth),
    depth,
    protocol,
    ports:
      protocol === 'any' || protocol === 'icmp' ? [0, PORTS - 1] : [low, Math.min(PORTS - 1, low + more)],
  }));

describe.each(both)('$name', (family) => {
  test('all combinations of up to four rules', () => {
    let count = 0;
    for (const rules of combinations(alphabet, 4)) {
      judge(rules, family);
      count += 1;
    }
    expect(count).toBe(1 + 14 + 91 + 364 + 1001);
  });

  test('any rules at all', () => {
    const property = fc.property(fc.array(toyRule, { maxLength: 12 }), (rules) => judge(rules, family));
    expect(fc.check(property, { numRuns: 400 })).toMatchObject({ failed: false });
  });

  test('after the fix nothing is open, what caused nothing stays, and what is to be kept is kept', () => {
    let fixes = 0;
    const office = family.version === 4 ? '20.0.0.0/6' : '1400::/6';
    const inOffice = 5;
    const holds = (some: readonly Opening[]): boolean => wideOpen(some, family, isAll) !== undefined;
    for (const rules of combinations(alphabet, 4)) {
      const openings = openingsOf(rules, family);
      const edits = fixOf(openings, { family, holds, keep: [office], groupOf: () => 'g' });
      // What is not wrong is left alone.
      expect(edits.length > 0).toBe(holds(openings));
      if (edits.length === 0) continue;
      fixes += 1;
      const removed = new Set(
        edits.flatMap(({ edit, rule }) => (edit === 'remove' && 'id' in rule ? [rule.id] : [])),
      );
      const left = openings.filter(({ rule }) => !removed.has(rule.id));
      expect(holds(left)).toBe(false);
      expect(removed.size).toBeGreaterThan(0);
      // What is kept is what those in the office had before by the rules that go.
      const added = edits.filter(({ edit }) => edit === 'add');
      const gone = rules.filter((_, index) => removed.has(openings[index]?.rule.id ?? ''));
      const keptFor = gone.filter((one) =>
        lets([{ ...one, ports: [0, 15], protocol: 'any' }], inOffice, 'tcp', 0),
      );
      expect(added).toHaveLength(keptFor.filter((one) => one.depth <= 6).length);
    }
    expect(fixes).toBeGreaterThan(300);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { size } from '../../src/security-groups/addresses/address-set.ts';
import {
  type IsEveryone,
  reachEveryPort,
  reachPort,
  wideOpen,
} from '../../src/security-groups/exposure/exposure.ts';
import { wideOpenConditions } from '../../src/security-groups/exposure/conditions.ts';
import type { Family } from '../../src/security-groups/addresses/address-family.ts';
import { ruleEdits } from '../../src/security-groups/remediation/rule-edits.ts';
import { type RuleReach, reachOfRule } from '../../src/security-groups/reach/rule-reach.ts';
import type { RuleEdit } from '../../src/security-groups/remediation/rule-edit.ts';
import { rule } from './snapshot.ts';
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
const reachesOf = (rules: readonly ToyRule[], family: Family): RuleReach[] =>
  rules.flatMap((entry) => reachOfRule(real(entry, family), family, nobody) ?? []);

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
  const reaches = reachesOf(rules, family);
  const open = (address: number, protocol: ToyProtocol): boolean =>
    ports.every((port) => lets(rules, address, protocol, port));
  const reaching = new Map(
    protocols.map((protocol) => [protocol, addresses.filter((address) => open(address, protocol))]),
  );
  for (const protocol of protocols)
    expect(toyAddresses(reachEveryPort(reaches, numbers(family)[protocol]), family)).toEqual(
      new Set(reaching.get(protocol)),
    );
  const everyone = (protocol: ToyProtocol): boolean => reaching.get(protocol)?.length === ADDRESSES;
  const named = (['tcp', 'udp', 'icmp'] as const).every(everyone);
  // What has no name here is let in by rules for all protocols alone, but for the one that stands for it.
  const byAny = rules.filter((entry) => entry.protocol === 'any');
  const any = addresses.every((address) => lets(byAny, address, 'other', 0));
  expect(wideOpen(reaches, family, isAll)?.protocols).toBe(any ? 'all' : named ? 'tcp-udp-icmp' : undefined);
  // SSH is a port of the first sixteenth.
  const ssh = addresses.filter((address) => lets(rules, address, 'tcp', 0));
  expect(toyAddresses(reachPort(reaches, { port: 22, protocol: 6, name: 'SSH' }), family)).toEqual(
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

  // One block of the sixty-four, and sixteen of them, which some rules let in in part.
  test.each([
    { keep: family.version === 4 ? '20.0.0.0/6' : '1400::/6', kept: [5] },
    { keep: family.version === 4 ? '0.0.0.0/2' : '::/2', kept: addresses.slice(0, 16) },
  ])('after the fix nothing is open, and whom to keep ($keep) is let in as before', ({ keep, kept }) => {
    const conditions = wideOpenConditions(family, isAll);
    const holds = (some: readonly RuleReach[]): boolean => wideOpen(some, family, isAll) !== undefined;
    const passes = (some: readonly RuleReach[], address: number, protocol: number, port: number): boolean => {
      const at = BigInt(address) << (family.version === 4 ? 26n : 122n);
      return some.some(
        (entry) =>
          (entry.protocol === 'any' || entry.protocol === protocol) &&
          entry.first <= port &&
          port <= entry.last &&
          entry.sources.some(({ first, last }) => first <= at && at <= last),
      );
    };
    let fixes = 0;
    const wrong: object[] = [];
    for (const rules of combinations(alphabet, 4)) {
      const before = reachesOf(rules, family);
      const edits = ruleEdits(before, { family, conditions, keep: [keep], groupOf: () => 'g' });
      // What is not wrong is left alone.
      if (edits.length > 0 !== holds(before))
        wrong.push({ rules, edits, is: 'not an edit of what is wrong' });
      if (edits.length === 0) continue;
      fixes += 1;
      const after = edited(before, edits, family);
      if (holds(after)) wrong.push({ rules, edits, is: 'open' });
      const keys = after.map((entry) => `${entry.protocol} ${entry.first} ${entry.last} ${bounds(entry)}`);
      if (new Set(keys).size < keys.length) wrong.push({ rules, edits, is: 'a rule twice' });
      for (const protocol of Object.values(numbers(family)))
        for (const port of [1, 3 * 4096, 8 * 4096, 65_535])
          for (const address of addresses) {
            const was = passes(before, address, protocol, port);
            const is = passes(after, address, protocol, port);
            if (is && !was) wrong.push({ rules, edits, address, protocol, port, is: 'more than before' });
            if (kept.includes(address) && was !== is)
              wrong.push({ rules, edits, address, protocol, port, is: 'not as before' });
          }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(fixes).toBeGreaterThan(300);
  });
});

const bounds = ({ sources }: RuleReach): string =>
  sources.map((source) => `${source.first}-${source.last}`).join(' ');

function edited(before: readonly RuleReach[], edits: readonly RuleEdit[], family: Family): RuleReach[] {
  const removed = new Set(edits.flatMap((change) => (change.edit === 'remove' ? [change.rule.id] : [])));
  const added = edits.flatMap(({ edit, rule: one }) =>
    edit === 'remove' ? [] : (reachOfRule(rule(one), family, nobody) ?? []),
  );
  return [...before.filter((entry) => !removed.has(entry.rule.id)), ...added];
}

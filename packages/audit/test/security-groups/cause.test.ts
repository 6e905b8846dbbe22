import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assessSecurityGroups, assessSecurityGroup, isExposure } from '../../src/security-groups.ts';
import { type SecurityGroupRule } from '../../src/security-groups/snapshot/snapshot.ts';
import { size } from '../../src/security-groups/addresses/address-set.ts';
import { causeOf } from '../../src/security-groups/exposure/causes.ts';
import type { ExposureCondition } from '../../src/security-groups/exposure/conditions.ts';
import { parsePrefix, prefixesOf } from '../../src/security-groups/addresses/cidr.ts';
import { everyoneFrom } from '../../src/security-groups/exposure/exposure.ts';
import { openPortCondition, wideOpenConditions } from '../../src/security-groups/exposure/conditions.ts';
import { families, type Family, publicShare } from '../../src/security-groups/addresses/address-family.ts';
import { type RuleReach, reachOfRule } from '../../src/security-groups/reach/rule-reach.ts';
import { group, ports, rule, seen, snapshot } from './snapshot.ts';

const [ipv4, ipv6] = families as [Family, Family];
const nobody = { addressGroup: () => undefined, members: () => ({ sources: [], all: true }) };
const openingsOf = (rules: readonly SecurityGroupRule[], family = ipv4): RuleReach[] =>
  rules.flatMap((entry) => reachOfRule(entry, family, nobody) ?? []);
const ssh = { port: 22, protocol: 6, name: 'SSH' } as const;

/** The whole of IPv4 in so many equal parts. */
const parts = (bits: number): string[] =>
  Array.from({ length: 2 ** bits }, (_, index) => {
    const first = BigInt(index) << BigInt(32 - bits);
    return prefixesOf({ first, last: first + (1n << BigInt(32 - bits)) - 1n }, 4)[0]?.text ?? '';
  });

const of = (rules: readonly SecurityGroupRule[], keep: readonly string[] = []) =>
  assessSecurityGroup(snapshot({ securityGroups: seen([group('g', rules)]) }), 'g', { keep }).filter(
    isExposure,
  );

describe('a cause is as few as can be', () => {
  const prefix = fc
    .record({ bits: fc.integer({ min: 0, max: 6 }), at: fc.integer({ min: 0, max: 63 }) })
    .map(({ bits, at }) => `${Math.floor(at / 2 ** (6 - bits)) * 2 ** (6 - bits) * 4}.0.0.0/${bits}`);
  test.each([0.3, 0.5, 0.9, 1])('of prefixes, where everyone is a share of %s', (share) => {
    const isEveryone = everyoneFrom(share);
    let open = 0;
    fc.assert(
      fc.property(fc.array(prefix, { minLength: 1, maxLength: 90 }), (prefixes) => {
        const some = openingsOf(prefixes.map((entry) => ports('tcp', 22, 22, { remote_ip_prefix: entry })));
        const condition = openPortCondition(ssh, ipv4, isEveryone);
        if (!condition.holds(some)) return;
        open += 1;
        const cause = causeOf(some, condition, ipv4);
        expect(condition.holds(cause)).toBe(true);
        for (const one of cause) expect(condition.holds(cause.filter((other) => other !== one))).toBe(false);
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(open).toBeGreaterThan(20);
  });

  test('of sets in several pieces, which overlap', () => {
    const pieces = [
      ['0.0.0.0/2', '128.0.0.0/2'],
      ['64.0.0.0/2', '128.0.0.0/2'],
      ['64.0.0.0/2', '192.0.0.0/2'],
      ['0.0.0.0/2', '192.0.0.0/3'],
    ];
    const some = openingsOf(pieces.map((_, index) => rule({ id: `r${index}` }))).map((entry, index) => ({
      ...entry,
      sources: (pieces[index] ?? []).flatMap((text) => parsePrefix(text) ?? []),
    }));
    const [condition] = wideOpenConditions(ipv4, everyoneFrom(1));
    const cause = causeOf(some, condition, ipv4);
    expect(condition.holds(cause)).toBe(true);
    for (const one of cause) expect(condition.holds(cause.filter((other) => other !== one))).toBe(false);
  });
});

describe('a tenant decides how many rules there are, and not how long it takes', () => {
  const counting = (
    condition: ExposureCondition,
  ): { readonly condition: ExposureCondition; readonly looked: () => number } => {
    let looked = 0;
    return {
      condition: {
        ...condition,
        holds: (some) => {
          looked += some.length;
          return condition.holds(some);
        },
      },
      looked: () => looked,
    };
  };

  test('everyone in 8,192 equal parts', () => {
    const rules = parts(13).map((remote_ip_prefix) => rule({ remote_ip_prefix }));
    const { condition, looked } = counting(wideOpenConditions(ipv4, everyoneFrom(0.99))[0]);
    const cause = causeOf(openingsOf(rules), condition, ipv4);
    expect(cause.length).toBeLessThan(8_192);
    expect(condition.holds(cause.slice(1))).toBe(false);
    expect(looked()).toBeLessThan(20 * 8_192);
    const [wide] = of(rules);
    expect(wide?.cause).toHaveLength(cause.length);
    expect(wide?.fix.length).toBeGreaterThanOrEqual(cause.length);
  });

  test('TCP, UDP and ICMP, each in 2,048 parts', () => {
    const rules = ['tcp', 'udp', 'icmp'].flatMap((protocol) =>
      parts(11).map((remote_ip_prefix) => rule({ protocol, remote_ip_prefix })),
    );
    const { condition, looked } = counting(wideOpenConditions(ipv4, everyoneFrom(0.99))[1]);
    const cause = causeOf(openingsOf(rules), condition, ipv4);
    expect(condition.holds(cause)).toBe(true);
    expect(looked()).toBeLessThan(100_000 + 20 * 3 * 2_048);
  });

  test('five thousand causes, one behind the other: after the fix there is none', () => {
    const rules = Array.from({ length: 10_000 }, (_, index) =>
      ports('tcp', 22, 22 + Math.floor(index / 2), {
        remote_ip_prefix: index % 2 === 0 ? '0.0.0.0/1' : '128.0.0.0/1',
      }),
    );
    const [found] = of(rules);
    expect(found?.cause).toHaveLength(2);
    const removed = new Set(
      found?.fix.flatMap((change) => (change.edit === 'remove' ? [change.rule.id] : [])),
    );
    expect(of(rules.filter(({ id }) => !removed.has(id)))).toEqual([]);
  });

  test('ten thousand rules, each of which opens SSH alone', () => {
    const rules = Array.from({ length: 10_000 }, (_, index) => ports('tcp', 22, 22 + index));
    const [found] = of(rules);
    expect(found?.cause).toHaveLength(1);
    expect(found?.fix).toHaveLength(10_000);
  });
});

describe('who is to be kept', () => {
  const edits = (rules: readonly SecurityGroupRule[], ...keep: readonly string[]): string[] =>
    (of(rules, keep)[0]?.fix ?? []).map(({ edit, rule: one }) => `${edit} ${one.remote_ip_prefix}`);

  test('comes back once, and not if a rule that stays lets it in already', () => {
    expect(edits([rule(), rule({ remote_ip_prefix: '0.0.0.0/0' })], '192.0.2.0/24', '192.0.2.0/24')).toEqual([
      'add 192.0.2.0/24',
      'remove null',
      'remove 0.0.0.0/0',
    ]);
    expect(edits([rule(), rule({ remote_ip_prefix: '192.0.2.0/24' })], '192.0.2.0/24')).toEqual([
      'remove null',
    ]);
  });

  test('is written as Neutron writes it, so that what was added is found again', () => {
    expect(edits([rule()], '192.0.2.7', '198.51.100.9/24')).toEqual([
      'add 192.0.2.7/32',
      'add 198.51.100.0/24',
      'remove null',
    ]);
    expect(edits([rule({ ethertype: 'IPv6' })], '2001:DB8:0:0:1:0:0:1', '2001:0db8::/32')).toEqual([
      'add 2001:db8::1:0:0:1/128',
      'add 2001:db8::/32',
      'remove null',
    ]);
  });

  test('is kept in part where the rules that go let it in in part', () => {
    expect(
      edits(
        ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/2'].map((remote_ip_prefix) => rule({ remote_ip_prefix })),
        '128.0.0.0/1',
      ),
    ).toEqual(['remove 0.0.0.0/1']);
    expect(
      edits(
        ['0.0.0.0/1', '128.0.0.0/1'].map((remote_ip_prefix) => rule({ remote_ip_prefix })),
        '126.0.0.0/6',
      ),
    ).toEqual(['add 124.0.0.0/6', 'remove 0.0.0.0/1', 'remove 128.0.0.0/1']);
  });

  test('is not kept if it is everyone: the exposure ends', () => {
    expect(edits([rule()], '0.0.0.0/0')).toEqual(['remove null']);
    expect(edits([rule()], '0.0.0.0/1', '128.0.0.0/1')).toEqual(['remove null']);
  });

  test.each([
    ['keep.1', { keep: ['192.0.2.0/24', 'the office'] }],
    ['keep.0', { keep: ['10.0.0.0/33'] }],
    ['everyone', { everyone: Number.NaN }],
    ['everyone', { everyone: 0 }],
    ['everyone', { everyone: 99 }],
  ])('a policy that means something else than it says is refused: %s', (field, policy) => {
    expect(() => assessSecurityGroups(snapshot(), policy)).toThrow(
      expect.objectContaining({ field, code: 'input' }),
    );
    expect(() => assessSecurityGroup(snapshot(), 'g', policy)).toThrow(expect.objectContaining({ field }));
  });
});

test('prefixes of an interval: they are it, and each is written so that it reads the same', () => {
  const bits = { 4: 32, 6: 128 } as const;
  fc.assert(
    fc.property(
      fc.constantFrom(4 as const, 6 as const),
      fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
      fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
      (version, a, b) => {
        const shift = BigInt(128 - bits[version]);
        const [first, last] = a < b ? [a >> shift, b >> shift] : [b >> shift, a >> shift];
        const prefixes = prefixesOf({ first, last }, version);
        expect(prefixes[0]?.first).toBe(first);
        expect(prefixes.at(-1)?.last).toBe(last);
        for (const [index, one] of prefixes.entries()) {
          expect(parsePrefix(one.text)).toEqual({ version, first: one.first, last: one.last });
          expect(one.first).toBe((prefixes[index - 1]?.last ?? one.first - 1n) + 1n);
        }
      },
    ),
  );
  const texts = (text: string): string | undefined => {
    const prefix = parsePrefix(text);
    return prefix && prefixesOf(prefix, prefix.version)[0]?.text;
  };
  // As netaddr writes them.
  expect(['::', '::1', '1::', '1:0:0:2::', '0:1::', '1:0:2:3:4:5:6:7', 'fe80::10:0'].map(texts)).toEqual([
    '::/128',
    '::1/128',
    '1::/128',
    '1:0:0:2::/128',
    '0:1::/128',
    '1:0:2:3:4:5:6:7/128',
    'fe80::10:0/128',
  ]);
});

test('everyone to the last address: one of IPv6 that is left out is seen, though a double cannot tell', () => {
  const { public: all } = ipv6;
  const [first] = all;
  if (first === undefined) throw new Error('nothing is public');
  const without = all.map((entry) =>
    entry === first ? { first: entry.first + 1n, last: entry.last } : entry,
  );
  expect(Number(size(without)) / Number(size(all))).toBe(1);
  expect(publicShare(without, ipv6)).toBeLessThan(1);
  expect(publicShare(all, ipv6)).toBe(1);
});

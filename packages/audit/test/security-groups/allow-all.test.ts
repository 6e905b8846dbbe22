import { describe, expect, test } from 'vitest';
import type { SecurityGroupSnapshot } from '../../src/security-groups.ts';
import type { SecurityGroupRule } from '../../src/security-groups/snapshot/snapshot.ts';
import { cut, group, judged, ofRules, port, ports, rule, seen, statements } from './snapshot.ts';

const allowAll = (rules: readonly SecurityGroupRule[], parts: Partial<SecurityGroupSnapshot> = {}) =>
  ofRules('audit.allow-all', rules, parts);
const adminPorts = (rules: readonly SecurityGroupRule[]) => ofRules('audit.admin-port-open', rules);
const halves = ['0.0.0.0/1', '128.0.0.0/1'] as const;

describe('cases that fool pattern matching', () => {
  test('A1: a rule without prefix, group and address group lets everybody in', () => {
    const findings = allowAll([rule()]);
    expect(findings).toMatchObject([
      {
        verdict: 'fail',
        severity: 'high',
        title: 'Security group name-g of project shop lets every IPv4 address reach everything',
        subject: { id: 'g' },
      },
    ]);
    expect(statements(findings)).toContain(
      'every IPv4 address may reach every port of every protocol: 100 % of the IPv4 address space',
    );
  });

  test('A2: so do 0.0.0.0/0 and ::/0', () => {
    expect(allowAll([rule({ remote_ip_prefix: '0.0.0.0/0' })])).toHaveLength(1);
    expect(allowAll([rule({ ethertype: 'IPv6', remote_ip_prefix: '::/0' })])).toMatchObject([
      { title: expect.stringContaining('every IPv6 address') },
    ]);
  });

  test('A3: 1.2.3.4/0 is everybody, and the evidence says so; also where Neutron does not normalise', () => {
    const findings = allowAll([rule({ remote_ip_prefix: '1.2.3.4/0', normalized_cidr: '0.0.0.0/0' })]);
    expect(statements(findings)).toContain('from 1.2.3.4/0 (that is 0.0.0.0/0)');
    expect(allowAll([rule({ remote_ip_prefix: '1.2.3.4/0', normalized_cidr: null })])).toHaveLength(1);
  });

  test('A4: two halves are the whole, and both are its cause', () => {
    const low = rule({ remote_ip_prefix: '0.0.0.0/1' });
    const high = rule({ remote_ip_prefix: '128.0.0.0/1' });
    const findings = allowAll([low, high, rule({ remote_ip_prefix: '10.0.0.0/8' })]);
    expect(findings).toHaveLength(1);
    expect(statements(findings).match(/rule rule-\d+/g)).toEqual([`rule ${low.id}`, `rule ${high.id}`]);
    expect(allowAll([low])).toEqual([]);
    expect(
      adminPorts(halves.map((remote_ip_prefix) => ports('tcp', 22, 22, { remote_ip_prefix }))),
    ).toHaveLength(1);
  });

  test('A5: all but a sliver, and all that is public, are everyone; the share is said', () => {
    // 0.0.0.0/0 without 1.2.0.0/16.
    const sliver = [
      '0.0.0.0/8',
      '1.0.0.0/15',
      '1.3.0.0/16',
      '1.4.0.0/14',
      '1.8.0.0/13',
      '1.16.0.0/12',
      '1.32.0.0/11',
      '1.64.0.0/10',
      '1.128.0.0/9',
      '2.0.0.0/7',
      '4.0.0.0/6',
      '8.0.0.0/5',
      '16.0.0.0/4',
      '32.0.0.0/3',
      '64.0.0.0/2',
      '128.0.0.0/1',
    ];
    expect(allowAll(sliver.map((remote_ip_prefix) => rule({ remote_ip_prefix })))).toMatchObject([
      { title: expect.stringMatching(/lets 99\.998\d % of the public IPv4 addresses reach everything/) },
    ]);
    // 224.0.0.0/3 never is a source.
    const sources = ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3'];
    const findings = allowAll(sources.map((remote_ip_prefix) => rule({ remote_ip_prefix })));
    expect(findings).toMatchObject([
      { title: expect.stringContaining('lets every public IPv4 address reach everything') },
    ]);
    expect(statements(findings)).toContain('87.5 % of the IPv4 address space');
    expect(allowAll([rule({ ethertype: 'IPv6', remote_ip_prefix: '2000::/3' })])).toMatchObject([
      { title: expect.stringContaining('every public IPv6 address') },
    ]);
    expect(
      allowAll([rule({ remote_ip_prefix: '10.0.0.0/8' }), rule({ remote_ip_prefix: '192.168.0.0/16' })]),
    ).toEqual([]);
  });

  test('A6: ports 1 to 65535 are all ports, should a server not rewrite them', () => {
    expect(
      allowAll([ports('tcp', 1, 65_535), rule({ protocol: 'udp' }), rule({ protocol: 'icmp' })]),
    ).toHaveLength(1);
  });

  test('A7: ranges that meet are one; ranges with a gap of one port are not', () => {
    const others = [rule({ protocol: 'udp' }), rule({ protocol: 'icmp' })];
    expect(allowAll([ports('tcp', 1, 30_000), ports('tcp', 30_001, 65_535), ...others])).toHaveLength(1);
    expect(allowAll([ports('tcp', 1, 30_000), ports('tcp', 30_002, 65_535), ...others])).toEqual([]);
    // Everybody may reach each port, but by rules of which each leaves somebody out.
    const crossed = halves.flatMap((remote_ip_prefix) => [
      ports('tcp', 1, 30_000, { remote_ip_prefix }),
      ports('tcp', 20_000, 65_535, { remote_ip_prefix }),
    ]);
    expect(allowAll([...crossed, ...others])).toHaveLength(1);
    expect(allowAll([...crossed.slice(1), ...others])).toEqual([]);
  });

  test('A8: protocol 6 is tcp', () => {
    expect(adminPorts([ports('6', 22, 22)])).toMatchObject([
      {
        verdict: 'fail',
        severity: 'medium',
        title: 'Security group name-g of project shop lets every IPv4 address reach 22/tcp (SSH)',
      },
    ]);
    expect(
      allowAll([rule({ protocol: '6' }), rule({ protocol: '17' }), rule({ protocol: '1' })]),
    ).toHaveLength(1);
  });

  test.each(['0', 'ip', 'hopopt', 'any'])('A9: protocol %s is any protocol', (protocol) => {
    expect(allowAll([rule({ protocol })])).toHaveLength(1);
    expect(adminPorts([rule({ protocol })])).toHaveLength(1);
  });

  test('A10: tcp, udp and icmp together are in effect everything, and the evidence says of what', () => {
    const findings = allowAll(['tcp', 'udp', 'icmp'].map((protocol) => rule({ protocol })));
    expect(findings).toMatchObject([{ verdict: 'fail', severity: 'high' }]);
    expect(statements(findings)).toContain('all of TCP, UDP and ICMP, so in effect everything');
    expect(allowAll(['tcp', 'udp'].map((protocol) => rule({ protocol })))).toEqual([]);
    // `icmp` and 1 in an IPv6 rule are ICMPv6.
    for (const icmp of ['icmp', 'icmpv6', 'ipv6-icmp', '1', '58']) {
      expect(
        allowAll(['tcp', 'udp', icmp].map((protocol) => rule({ protocol, ethertype: 'IPv6' }))),
      ).toHaveLength(1);
    }
  });

  test('A11: type and code of ICMP are no ports', () => {
    expect(adminPorts([ports('icmp', 0, 0), ports('icmp', 22, 22)])).toEqual([]);
    expect(allowAll([rule({ protocol: 'tcp' }), rule({ protocol: 'udp' }), ports('icmp', 0, 0)])).toEqual([]);
    const types = Array.from({ length: 256 }, (_, type) => rule({ protocol: 'icmp', port_range_min: type }));
    expect(allowAll([rule({ protocol: 'tcp' }), rule({ protocol: 'udp' }), ...types])).toHaveLength(1);
    expect(allowAll([rule({ protocol: 'tcp' }), rule({ protocol: 'udp' }), ...types.slice(1)])).toEqual([]);
  });

  test('A12: an address group is what is in it', () => {
    const of = (addresses: string[]) => ({ addressGroups: seen([{ id: 'a', name: 'a', addresses }]) });
    const rules = [rule({ remote_address_group_id: 'a' })];
    expect(allowAll(rules, of(['192.0.2.0/24']))).toEqual([]);
    expect(allowAll(rules, of([...halves]))).toMatchObject([{ verdict: 'fail' }]);
    expect(allowAll(rules, of(['10.0.0.0/8', '0.0.0.0/0']))).toHaveLength(1);
    expect(allowAll(rules, of(['::/0']))).toEqual([]);
  });

  test('A13: a member that may use every address makes its group everybody', () => {
    const rules = [rule({ remote_group_id: 'web' })];
    const of = (addresses: readonly string[]) => ({
      ports: seen([
        port('m', ['web'], {
          fixed_ips: [{ subnet_id: 's', ip_address: '10.0.0.5' }],
          allowed_address_pairs: addresses.map((ip_address) => ({ ip_address })),
        }),
      ]),
    });
    expect(allowAll(rules, of([]))).toEqual([]);
    expect(allowAll(rules, of(['10.0.0.9']))).toEqual([]);
    expect(allowAll(rules, of(['0.0.0.0/0']))).toHaveLength(1);
    const findings = allowAll(rules, of(halves));
    expect(statements(findings)).toContain(
      'the members of group web, with the addresses that their ports may use (allowed_address_pairs)',
    );
  });

  test('A13: of members that were not all seen, those that were are enough to fail, and never enough to pass', () => {
    const rules = [rule({ remote_group_id: 'web' })];
    const open = port('m', ['web'], { allowed_address_pairs: [{ ip_address: '0.0.0.0/0' }] });
    expect(allowAll(rules, { ports: cut('ports', 'partial', [open]) })).toMatchObject([{ verdict: 'fail' }]);
    const findings = allowAll(rules, { ports: cut('ports', 'partial', [port('m', ['web'])]) });
    expect(findings).toMatchObject([{ verdict: 'unknown', remedy: 'Ask as an administrator.' }]);
    expect(statements(findings)).toContain('not expanded further than to the ports that were seen');
    const https = [ports('tcp', 443, 443, { remote_group_id: 'web' })];
    expect(allowAll(https, { ports: cut('ports', 'partial') })).toEqual([]);
  });

  test('A14: who lets everything in lets SSH in', () => {
    expect(adminPorts([rule()])).toMatchObject([{ title: expect.stringContaining('22/tcp (SSH)') }]);
  });

  test('A17: a port without a group is closed', () => {
    expect(judged('audit.port-security-off', { ports: seen([port('p', [])]) })).toEqual([]);
  });

  test('A18: each family by itself', () => {
    const findings = allowAll([rule(), rule({ ethertype: 'IPv6' })]);
    expect(findings.map((result) => result.title)).toEqual([
      expect.stringContaining('IPv4'),
      expect.stringContaining('IPv6'),
    ]);
    expect(
      allowAll([
        rule({ protocol: 'tcp' }),
        rule({ protocol: 'udp', ethertype: 'IPv6' }),
        rule({ protocol: 'icmp' }),
      ]),
    ).toEqual([]);
  });
});

test('letting everything out is the default and no finding', () => {
  const out = ['IPv4', 'IPv6'].map((ethertype) => rule({ direction: 'egress', ethertype }));
  expect(allowAll(out)).toEqual([]);
  expect(adminPorts(out)).toEqual([]);
});

test('what counts as everyone is policy', () => {
  const securityGroups = seen([group('g', [rule({ remote_ip_prefix: '0.0.0.0/1' })])]);
  expect(judged('audit.allow-all', { securityGroups }, { everyone: 0.5 })).toHaveLength(1);
  expect(judged('audit.allow-all', { securityGroups }, { everyone: 0.6 })).toEqual([]);
});

test('many may reach TCP and many others UDP: nobody may reach both', () => {
  const rules = [
    rule({ protocol: 'tcp', remote_ip_prefix: '0.0.0.0/1' }),
    rule({ protocol: 'udp', remote_ip_prefix: '128.0.0.0/1' }),
    rule({ protocol: 'icmp' }),
  ];
  expect(judged('audit.allow-all', { securityGroups: seen([group('g', rules)]) }, { everyone: 0.4 })).toEqual(
    [],
  );
});

test('the cause is as small as it can be', () => {
  const all = rule();
  const rules = [...['tcp', 'udp', 'icmp'].map((protocol) => rule({ protocol })), ports('tcp', 80, 80), all];
  const caused = statements(allowAll(rules)).match(/rule rule-\d+/g);
  expect(caused).toEqual([`rule ${all.id}`]);
});

import { describe, expect, test } from 'vitest';
import { isExposure } from '../../src/security-groups.ts';
import type { FirewallRule } from '../../src/security-groups/snapshot/snapshot.ts';
import { families } from '../../src/security-groups/addresses/address-family.ts';
import { filterOfFirewallGroup } from '../../src/security-groups/filters/firewall-group.ts';
import { allow, filters, site } from './firewall-site.ts';
import { floatingIp, judged, port, seen } from './snapshot.ts';

describe('against looking at every packet', () => {
  // Small enough to look at all that differs: sources and ports on both sides of every bound.
  const sources = [
    '0.0.0.0',
    '9.255.255.255',
    '10.0.0.0',
    '10.0.0.127',
    '10.0.0.128',
    '10.255.255.255',
    '11.0.0.0',
    '255.255.255.255',
  ];
  const prefixes = [null, '0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/25', '128.0.0.0/1', '10.0.0.128/32'];
  const portTexts = [null, '1:1', '2:80', '80', '81:65535', '1:65535'];
  const packetPorts = [1, 2, 79, 80, 81, 65_535];
  const [v4] = families;
  const valueOf = (text: string): bigint =>
    text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const isIn = (address: string, prefix: string | null): boolean => {
    if (prefix === null) return true;
    const [base = '', length = ''] = prefix.split('/');
    const host = BigInt(32 - Number(length));
    return valueOf(address) >> host === valueOf(base) >> host;
  };
  const isPort = (at: number, text: string | null): boolean => {
    if (text === null) return true;
    const [first = 0, last = first] = text.split(':').map(Number);
    return first <= at && at <= last;
  };
  let seed = 7;
  const pick = <T>(of: readonly T[]): T => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const one = of[seed % of.length];
    if (one === undefined) throw new TypeError('there is one to pick');
    return one;
  };
  const any = (): FirewallRule => {
    const protocol = pick([null, 'tcp', 'udp', 'icmp']);
    const hasPorts = protocol === 'tcp' || protocol === 'udp';
    return allow({
      action: pick(['allow', 'deny', 'reject']),
      enabled: pick([true, true, true, false]),
      protocol,
      source_ip_address: pick(prefixes),
      destination_ip_address: pick([null, null, '10.0.0.5', '10.0.0.6']),
      destination_port: hasPorts ? pick(portTexts) : null,
    });
  };

  test('1,000 policies, every packet: the same', () => {
    if (v4 === undefined) throw new Error('there is IPv4');
    const wrong: string[] = [];
    let letIn = 0;
    for (let nth = 0; nth < 1_000; nth += 1) {
      const rules = Array.from({ length: 1 + (nth % 7) }, any);
      const filter = filterOfFirewallGroup(filters(rules, ['door']), v4)('10.0.0.5');
      for (const [name, number] of [
        ['tcp', 6],
        ['udp', 17],
        ['icmp', 1],
        ['gre', 255],
      ] as const)
        for (const source of sources)
          for (const at of packetPorts) {
            const first = rules.find(
              (rule) =>
                rule.enabled &&
                (rule.protocol === null || rule.protocol === name) &&
                isIn(source, rule.source_ip_address) &&
                rule.destination_ip_address !== '10.0.0.6' &&
                isPort(at, rule.destination_port),
            );
            const expected = first?.action === 'allow';
            const value = valueOf(source);
            const lets = (filter?.lets ?? []).filter(
              (rule) =>
                rule.protocol === number &&
                rule.first <= at &&
                at <= rule.last &&
                rule.sources.some((some) => some.first <= value && value <= some.last),
            );
            if (expected) letIn += 1;
            // Apart from each other: never twice.
            if (lets.length !== (expected ? 1 : 0))
              wrong.push(`${JSON.stringify(rules)} ${name} ${source} ${at}`);
          }
    }
    expect(wrong).toEqual([]);
    expect(letIn).toBeGreaterThan(10_000);
  });
});

test('a policy that a tenant made long is unknown, and costs nothing', () => {
  const many = Array.from({ length: 20_000 }, (_, at) =>
    allow({
      protocol: 'tcp',
      destination_port: String((at % 60_000) + 1),
      source_ip_address: `10.${at % 256}.0.0/16`,
    }),
  );
  const [found] = judged('audit.allow-all', site(filters(many, ['door']))).filter(isExposure);
  expect(found?.effective[0]).toMatchObject({ exposed_by: 'unknown', lets: 'unknown' });
  expect(found?.effective[0]?.why).toContain('20000 rules, more than are judged');
});

test('a thousand servers behind a policy of 250 rules: each policy is judged once', () => {
  const rules = Array.from({ length: 250 }, (_, at) =>
    allow({
      action: at % 3 === 0 ? 'deny' : 'allow',
      protocol: 'tcp',
      source_ip_address: `10.${at}.0.0/16`,
      destination_ip_address: at % 50 === 0 ? '10.0.0.0/9' : null,
      destination_port: `${at * 7 + 1}:${at * 9 + 2_000}`,
    }),
  );
  let read = 0;
  const counted = rules.map((rule) => ({
    ...rule,
    get enabled() {
      return (read += 1) > 0;
    },
  }));
  const servers = Array.from({ length: 1_000 }, (_, at) =>
    port(`s${at}`, ['g'], { fixed_ips: [{ ip_address: `10.0.${at >> 8}.${at & 255}`, subnet_id: 's' }] }),
  );
  const parts = site(filters(counted, ['door']));
  const all = {
    ...parts,
    ports: seen([...servers, ...(parts.ports?.value ?? [])]),
    floatingIps: seen(
      servers.map(({ id }, at) => ({ ...floatingIp(`198.51.${at >> 8}.${at & 255}`, id), router_id: 'r' })),
    ),
  };
  const [found] = judged('audit.allow-all', all).filter(isExposure);
  expect(found?.effective.filter(({ lets }) => lets === 'nothing')).toHaveLength(1_000);
  expect(read).toBe(250);
});

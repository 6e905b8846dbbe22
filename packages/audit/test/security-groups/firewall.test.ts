import { describe, expect, test } from 'vitest';
import { isExposure } from '../../src/security-groups.ts';
import type { FirewallGroup, FirewallRule } from '../../src/security-groups/snapshot/snapshot.ts';
import { allow, deny, filters, site, judgedAs, https, office } from './firewall-site.ts';
import { cut, floatingIp, group, judged, port, ports, seen } from './snapshot.ts';

describe('a firewall group on the router in front of an open server', () => {
  test.each([
    [
      'lets everything through: as bad as without',
      [allow()],
      { by: 'floating_ip', lets: 'all', severity: 'critical' },
    ],
    [
      'allows HTTPS alone: less than everything',
      [allow(https)],
      { by: 'floating_ip', lets: 'some', severity: 'high' },
    ],
    [
      'allows the office alone: nobody of the world',
      [allow({ source_ip_address: '10.9.0.0/16' })],
      { by: 'none', lets: 'nothing', severity: 'high' },
    ],
    [
      'denies all before it allows: nothing',
      [deny(), allow()],
      { by: 'none', lets: 'nothing', severity: 'high' },
    ],
    [
      'denies one port before it allows the rest',
      [deny(https), allow()],
      { by: 'floating_ip', lets: 'some', severity: 'high' },
    ],
    [
      'rejects as it denies',
      [allow({ action: 'reject' }), allow()],
      { by: 'none', lets: 'nothing', severity: 'high' },
    ],
    [
      'a rule that is off does nothing',
      [deny({ enabled: false }), allow()],
      { by: 'floating_ip', lets: 'all', severity: 'critical' },
    ],
    [
      'a rule of the other family does nothing',
      [deny({ ip_version: 6 }), allow()],
      { by: 'floating_ip', lets: 'all', severity: 'critical' },
    ],
    [
      'about another server it says nothing',
      [deny({ destination_ip_address: '10.0.0.6' }), allow()],
      { by: 'floating_ip', lets: 'all', severity: 'critical' },
    ],
    [
      'about this one, by its fixed address',
      [deny({ destination_ip_address: '10.0.0.0/29' }), allow()],
      { by: 'none', lets: 'nothing', severity: 'high' },
    ],
    [
      'a client that is denied by its source port takes another',
      [deny({ protocol: 'tcp', source_port: '1024:65535' }), allow()],
      { by: 'floating_ip', lets: 'all', severity: 'critical' },
    ],
    [
      'who must come from a port takes it',
      [allow({ ...https, source_port: '53' })],
      { by: 'floating_ip', lets: 'some', severity: 'high' },
    ],
    [
      'TCP, UDP and ICMP are in effect everything',
      ['tcp', 'udp', 'icmp'].map((protocol) => allow({ protocol })),
      { by: 'floating_ip', lets: 'all', severity: 'critical' },
    ],
    [
      'in two halves',
      ['0.0.0.0/1', '128.0.0.0/1'].map((source_ip_address) => allow({ source_ip_address })),
      { by: 'floating_ip', lets: 'all', severity: 'critical' },
    ],
    ['no rule: nothing', [], { by: 'none', lets: 'nothing', severity: 'high' }],
    ['rules that were not seen', undefined, { by: 'unknown', lets: 'unknown', severity: 'high' }],
    [
      'an action of another time',
      [allow({ action: 'mirror' })],
      { by: 'unknown', lets: 'unknown', severity: 'high' },
    ],
    [
      'a port without a protocol',
      [allow({ destination_port: '80' })],
      { by: 'unknown', lets: 'unknown', severity: 'high' },
    ],
    [
      'a prefix that is none',
      [allow({ source_ip_address: 'everywhere' })],
      { by: 'unknown', lets: 'unknown', severity: 'high' },
    ],
    [
      'ports that are none',
      [allow({ protocol: 'tcp', destination_port: '90:80' })],
      { by: 'unknown', lets: 'unknown', severity: 'high' },
    ],
  ])('%s', (_, rules, expected) => {
    expect(judgedAs(site(filters(rules, ['door'])))).toEqual([expected]);
  });

  test('what comes through is said', () => {
    const [finding] = judged(
      'audit.allow-all',
      site(filters([allow(https), allow({ protocol: 'icmp' })], ['door'])),
    );
    expect(finding?.because.map(({ statement }) => statement).join('\n')).toContain(
      'what comes through: TCP 443 from every IPv4 address, ICMP from every IPv4 address',
    );
    expect(finding?.title).not.toContain('floating IP');
  });

  test("an administrators' port is judged by itself", () => {
    const ssh = { securityGroups: seen([group('g', [ports('tcp', 22, 22)])]) };
    const of = (...rules: readonly FirewallRule[]) =>
      judgedAs(site(filters(rules, ['door']), ssh), 'audit.admin-port-open');
    expect(of(allow(https))).toEqual([{ by: 'none', lets: 'nothing', severity: 'medium' }]);
    expect(of(allow({ protocol: 'tcp', destination_port: '20:30' }))).toMatchObject([{ lets: 'all' }]);
    expect(of(allow(office), allow({ source_ip_address: '1.2.0.0/16' }))).toMatchObject([{ lets: 'some' }]);
  });
});

describe('where it stands', () => {
  const shut = (...on: readonly string[]) => filters([], on);
  test('on the server itself: for every way; on another door: for none', () => {
    expect(judgedAs(site(shut('p')))).toMatchObject([{ by: 'none' }]);
    expect(judgedAs(site(shut('elsewhere')))).toEqual([
      { by: 'floating_ip', lets: 'all', severity: 'critical' },
    ]);
  });

  test('both: what passes one and then the other', () => {
    const both = [
      filters([allow(https)], ['door']),
      { ...filters([allow({ protocol: 'udp' })], ['p']), id: 'q' },
    ];
    expect(judgedAs(site(shut(), { firewallGroups: seen(both) }))).toMatchObject([
      { by: 'none', lets: 'nothing' },
    ]);
  });

  const doors = (...of: readonly (readonly [router: string, subnet: string])[]) =>
    seen([
      port('p', ['g'], { fixed_ips: [{ ip_address: '10.0.0.5', subnet_id: 's' }] }),
      ...of.map(([device_id, subnet_id], at) =>
        port(`door-${at}`, [], {
          device_id,
          device_owner: 'network:ha_router_replicated_interface',
          fixed_ips: [{ ip_address: `10.${at}.0.1`, subnet_id }],
        }),
      ),
    ]);
  test("the floating IP's own router, on the server's own subnet", () => {
    const of = (firewall: FirewallGroup) =>
      judgedAs(site(firewall, { ports: doors(['r', 's'], ['other', 's'], ['r', 't']) }));
    expect(of(shut('door-0'))).toMatchObject([{ by: 'none' }]);
    expect(of(shut('door-1', 'door-2'))).toMatchObject([{ by: 'floating_ip', severity: 'critical' }]);
  });

  test('a distributed router filters elsewhere: unknown', () => {
    const routers = seen([
      { id: 'r', distributed: true, external_gateway_info: { network_id: 'ext' } as never },
    ]);
    expect(judgedAs(site(shut('door'), { routers }))).toMatchObject([{ by: 'unknown', lets: 'unknown' }]);
  });

  test('of several ways the worst one counts: by another router, to another of its addresses', () => {
    const gateway = { network_id: 'ext', enable_snat: false } as never;
    const routers = seen(
      ['r', 'other'].map((id) => ({ id, distributed: false, external_gateway_info: gateway })),
    );
    const parts = { routers, floatingIps: seen([]), ports: doors(['r', 's'], ['other', 's']) };
    expect(judgedAs(site(shut('door-0'), parts))).toEqual([
      { by: 'routed', lets: 'all', severity: 'critical' },
    ]);
    expect(judgedAs(site(shut('door-0', 'door-1'), parts))).toMatchObject([{ by: 'none' }]);
    const two = [
      { ip_address: '10.0.0.5', subnet_id: 's' },
      { ip_address: '10.1.0.5', subnet_id: 't' },
    ];
    const both = seen(
      doors(['r', 's'], ['other', 't']).value.map((entry) =>
        entry.id === 'p' ? { ...entry, fixed_ips: two } : entry,
      ),
    );
    expect(judgedAs(site(shut('door-0'), { ...parts, ports: both }))).toEqual([
      { by: 'routed', lets: 'all', severity: 'critical' },
    ]);
    // A floating IP leads to one of them, by that one's door.
    const floatingIps = seen([
      { ...floatingIp('203.0.113.7', 'p'), router_id: 'other', fixed_ip_address: '10.1.0.5' },
    ]);
    const inside = ['r', 'other'].map((id) => ({ id, distributed: false, external_gateway_info: null }));
    const translated = { routers: seen(inside), floatingIps, ports: both };
    expect(judgedAs(site(shut('door-0'), translated))).toMatchObject([{ by: 'floating_ip' }]);
    expect(judgedAs(site(shut('door-1'), translated))).toMatchObject([{ by: 'none' }]);
  });

  test('which router it is was not seen: a wall on one of them is no proof', () => {
    const floatingIps = seen([floatingIp('203.0.113.7', 'p')]);
    expect(judgedAs(site(shut('door'), { floatingIps }))).toMatchObject([{ by: 'unknown', lets: 'unknown' }]);
    expect(judgedAs(site(shut('p'), { floatingIps }))).toMatchObject([{ by: 'none' }]);
  });

  test('a way that is routed passes it too', () => {
    const routers = seen([
      {
        id: 'r',
        distributed: false,
        external_gateway_info: { network_id: 'ext', enable_snat: false } as never,
      },
    ]);
    const parts = { routers, floatingIps: seen([]) };
    expect(judgedAs(site(filters([allow(https)], ['door']), parts))).toMatchObject([
      { by: 'routed', lets: 'some' },
    ]);
    expect(judgedAs(site(shut('door'), parts))).toMatchObject([{ by: 'none' }]);
  });
});

describe('whether it works', () => {
  const of = (more: Partial<FirewallGroup>) => judgedAs(site({ ...filters([], ['door']), ...more }));
  test('without any policy it is never set up, and keeps nobody out', () => {
    const none = { status: 'INACTIVE', ingress_firewall_policy_id: null };
    expect(of({ ...none, egress_firewall_policy_id: null })).toEqual([
      { by: 'floating_ip', lets: 'all', severity: 'critical' },
    ]);
    expect(of({ ...none, egress_firewall_policy_id: 'out' })).toMatchObject([{ by: 'unknown' }]);
  });
  test.each(['DOWN', 'ERROR', 'PENDING_UPDATE', 'CREATED', 'INACTIVE'])('%s: unknown', (status) => {
    expect(of({ status })).toMatchObject([{ by: 'unknown', lets: 'unknown' }]);
  });
  test('one that works, with a policy for the way out alone, lets nothing in', () => {
    expect(of({ ingress_firewall_policy_id: null, egress_firewall_policy_id: 'out' })).toMatchObject([
      { by: 'none' },
    ]);
  });
  test('a wall that is shut is shut, whatever another one may be', () => {
    const both = seen([{ ...filters(undefined, ['p']), id: 'q' }, filters([], ['door'])]);
    expect(judgedAs(site(filters([], []), { firewallGroups: both }))).toMatchObject([
      { by: 'none', lets: 'nothing' },
    ]);
  });
  test('on which doors they stand was not all seen: said, and not told as if nothing did', () => {
    const parts = site(filters([], ['unseen']));
    const partial = { ...parts, ports: { ...cut('ports', 'partial'), value: parts.ports?.value ?? [] } };
    const [found] = judged('audit.allow-all', partial).filter(isExposure);
    expect(found?.effective[0]?.why).toContain('whether a firewall group filters it could not be seen');
  });
});

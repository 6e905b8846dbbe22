import { describe, expect, test } from 'vitest';
import {
  assessSecurityGroups,
  assessSecurityGroup,
  type SecurityGroupSnapshot,
  isExposure,
  withSecurityGroup,
} from '../../src/security-groups.ts';
import type { Port } from '../../src/security-groups/snapshot/snapshot.ts';
import { cut, floatingIp, group, judged, port, rule, seen, snapshot } from './snapshot.ts';

const fixed = (ip_address: string) => ({ fixed_ips: [{ ip_address, subnet_id: 's' }] });
const network = (id: string, more: object = {}) => ({
  id,
  name: id,
  project_id: 'p1',
  'router:external': false,
  port_security_enabled: true,
  ...more,
});
const router = (id: string, gateway: object | null) => ({ id, external_gateway_info: gateway as never });
const open4 = seen([group('g', [rule()])]);
const open6 = seen([group('g', [rule({ ethertype: 'IPv6' })])]);

const effective = (parts: Partial<SecurityGroupSnapshot>) =>
  judged('audit.allow-all', parts).flatMap((result) =>
    isExposure(result)
      ? result.effective.map((each) => ({ by: each.exposed_by, at: each.address, severity: result.severity }))
      : [],
  );

describe('what leads to a port from outside', () => {
  test('a floating IP', () => {
    expect(
      effective({
        securityGroups: open4,
        ports: seen([port('p', ['g'])]),
        floatingIps: seen([floatingIp('198.51.100.7', 'p')]),
      }),
    ).toEqual([{ by: 'floating_ip', at: '198.51.100.7', severity: 'critical' }]);
  });

  const physical = { 'provider:physical_network': 'physnet1' };
  const door = port('r', [], { device_owner: 'network:router_interface', device_id: 'router-1' });
  test.each<[string, object, readonly Port[], string]>([
    ['a physical network, with a gateway of somebody else', physical, [], 'unknown'],
    ['one with a segment for each rack', { segments: [physical, {}] }, [], 'unknown'],
    ['one behind a router that leads nowhere', physical, [door], 'none'],
    ['an overlay without a router', { 'provider:physical_network': null }, [], 'none'],
    ['one of which only administrators know more', {}, [], 'none'],
  ])('nothing of Neutron on %s', (_, parts, doors, by) => {
    const found = judged('audit.allow-all', {
      securityGroups: open4,
      ports: seen([port('p', ['g'], fixed('10.0.0.5')), ...doors]),
      networks: seen([network('n1', parts)]),
      routers: seen([router('router-1', null)]),
    });
    expect(found).toMatchObject([{ severity: 'high', effective: [{ exposed_by: by }] }]);
    const told = found.flatMap(({ because }) => because.map(({ statement }) => statement)).join();
    expect(told.includes('network n1 is on physical network physnet1')).toBe(by === 'unknown');
  });

  test('an address on an external network, of the family in condition', () => {
    const parts = {
      ports: seen([port('p', ['g'], fixed('203.0.113.9'))]),
      networks: seen([network('n1', { 'router:external': true })]),
    };
    expect(effective({ ...parts, securityGroups: open4 })).toMatchObject([
      { by: 'external_network', at: '203.0.113.9', severity: 'critical' },
    ]);
    expect(effective({ ...parts, securityGroups: open6 })).toMatchObject([{ by: 'none', severity: 'high' }]);
  });

  const routed = (gateway: object | null) => ({
    ports: seen([
      port('p', ['g'], {
        fixed_ips: [
          { ip_address: '10.0.0.5', subnet_id: 's' },
          { ip_address: '2001:db8::5', subnet_id: 't' },
        ],
      }),
      port('r', [], { device_owner: 'network:router_interface', device_id: 'router-1' }),
    ]),
    routers: seen([router('router-1', gateway)]),
  });

  test.each([
    'network:router_interface',
    'network:ha_router_replicated_interface',
    'network:router_interface_distributed',
  ])('through a door that is a %s', (device_owner) => {
    const parts = routed({ network_id: 'ext' });
    const ports = seen(
      parts.ports.value.map((entry) => (entry.id === 'p' ? entry : { ...entry, device_owner })),
    );
    expect(effective({ ...parts, ports, securityGroups: open6 })).toMatchObject([{ by: 'routed' }]);
  });

  test('IPv6 is routed, IPv4 behind SNAT is not', () => {
    const nat = routed({ network_id: 'ext', enable_snat: true });
    expect(effective({ ...nat, securityGroups: open6 })).toMatchObject([
      { by: 'routed', at: '2001:db8::5', severity: 'critical' },
    ]);
    expect(effective({ ...nat, securityGroups: open4 })).toMatchObject([{ by: 'none' }]);
    expect(
      effective({ ...routed({ network_id: 'ext', enable_snat: false }), securityGroups: open4 }),
    ).toMatchObject([{ by: 'routed', at: '10.0.0.5' }]);
    expect(effective({ ...routed(null), securityGroups: open6 })).toMatchObject([{ by: 'none' }]);
  });

  test('a firewall group without an ingress policy closes it; with one it is unknown', () => {
    const filter = (more: object) => ({
      securityGroups: open4,
      ports: seen([port('p', ['g'])]),
      floatingIps: seen([floatingIp('198.51.100.7', 'p')]),
      firewallGroups: seen([
        {
          id: 'f',
          admin_state_up: true,
          status: 'ACTIVE',
          ingress_firewall_policy_id: null,
          ports: ['p'],
          ...more,
        },
      ]),
    });
    expect(effective(filter({}))).toMatchObject([{ by: 'none', severity: 'high' }]);
    expect(effective(filter({ ingress_firewall_policy_id: 'policy' }))).toMatchObject([{ by: 'unknown' }]);
    expect(effective(filter({ status: 'DOWN' }))).toMatchObject([{ by: 'unknown' }]);
  });

  test('what was not seen could lead to it: unknown, and never none', () => {
    for (const missing of ['floatingIps', 'networks', 'routers'] as const)
      expect(
        effective({
          securityGroups: open4,
          ports: seen([port('p', ['g'])]),
          [missing]: cut(missing, 'denied'),
        }),
      ).toMatchObject([{ by: 'unknown' }]);
    // What leads there is told, and that something may stand in the way.
    expect(
      judged('audit.allow-all', {
        securityGroups: open4,
        ports: seen([port('p', ['g'])]),
        floatingIps: seen([floatingIp('198.51.100.7', 'p')]),
        firewallGroups: cut('firewall groups', 'denied'),
      }),
    ).toMatchObject([
      {
        severity: 'critical',
        effective: [
          { exposed_by: 'floating_ip', why: expect.stringContaining('whether a firewall group filters it') },
        ],
      },
    ]);
    // A cloud without FWaaS has none to miss.
    expect(
      effective({
        securityGroups: open4,
        ports: seen([port('p', ['g'])]),
        firewallGroups: cut('firewall groups', 'unsupported'),
      }),
    ).toMatchObject([{ by: 'none' }]);
  });
});

test('a group that is shared: who else may use its rules', () => {
  const findings = judged('audit.allow-all', {
    securityGroups: open4,
    sharing: seen([
      {
        id: 'r',
        object_type: 'security_group',
        object_id: 'g',
        action: 'access_as_shared',
        target_tenant: 'p1',
      },
    ]),
  });
  expect(findings[0]?.because.map(({ statement }) => statement)).toContain(
    'group g is shared with shop, by RBAC',
  );
});

describe('what new groups begin with', () => {
  const template = (more: object) => ({
    id: 't',
    direction: 'ingress',
    ethertype: 'IPv4',
    protocol: null,
    port_range_min: null,
    port_range_max: null,
    remote_ip_prefix: null,
    remote_group_id: null,
    used_in_default_sg: true,
    used_in_non_default_sg: false,
    ...more,
  });
  const findings = (...rules: readonly object[]) =>
    judged('audit.default-template-open', { defaultRules: seen(rules as never[]) });

  test('open to everybody: a finding for default groups, for others, or for both', () => {
    expect(findings(template({}))).toMatchObject([{ subject: { id: 'default' }, severity: 'high' }]);
    expect(findings(template({ used_in_non_default_sg: true }))).toHaveLength(2);
    expect(
      findings(template({ protocol: 'tcp', port_range_min: 22, port_range_max: 22 }))[0]?.title,
    ).toContain('22/tcp (SSH)');
  });
  test("Neutron's own: its own members, and everything out", () => {
    expect(findings(template({ remote_group_id: 'PARENT' }), template({ direction: 'egress' }))).toEqual([]);
  });
});

test('what is let out is a finding only of who asks for it', () => {
  const parts = snapshot({ securityGroups: seen([group('g', [rule({ direction: 'egress' })])]) });
  const of = (egress: boolean) =>
    assessSecurityGroups(parts, { egress }).filter(({ id }) => id === 'audit.egress-open');
  expect(of(false)).toEqual([]);
  expect(of(true)).toMatchObject([{ severity: 'low', subject: { id: 'g' } }]);
});

test('one group by itself: what the whole says of it, and of its combinedExposures', () => {
  const half = (id: string, remote_ip_prefix: string) => group(id, [rule({ remote_ip_prefix })]);
  const all = snapshot({
    securityGroups: seen([half('a', '0.0.0.0/1'), half('b', '128.0.0.0/1'), group('c', [rule()])]),
    ports: seen([port('p', ['a', 'b'])]),
  });
  const whole = assessSecurityGroups(all).filter(({ verdict }) => verdict === 'fail');
  const one = (id: string) =>
    assessSecurityGroup(all, id).map(({ id: rule_, subject }) => `${rule_} ${subject.id}`);
  expect(one('a')).toEqual(['audit.allow-all a+b', 'audit.admin-port-open a+b']);
  expect(one('c')).toEqual(['audit.allow-all c', 'audit.admin-port-open c']);
  expect(assessSecurityGroup(all, 'a')).toEqual(whole.filter(({ subject }) => subject.id.includes('a+')));
  expect(assessSecurityGroup(all, 'nowhere')).toEqual([]);
  const mended = withSecurityGroup(all, half('b', '192.0.2.0/24'));
  expect(assessSecurityGroup(mended, 'a')).toEqual([]);
  expect(
    assessSecurityGroups(withSecurityGroup(all, { gone: 'c' })).some(({ subject }) => subject.id === 'c'),
  ).toBe(false);
});

test('ten thousand rules that a tenant chose to be hard: judged exactly, and the cause is two', () => {
  const hard = Array.from({ length: 10_000 }, (_, index) =>
    rule({
      protocol: 'tcp',
      port_range_min: (index % 5_000) + 1,
      port_range_max: 65_535 - (index % 7),
      remote_ip_prefix: `${(index % 200) + 20}.${index % 256}.0.0/24`,
    }),
  );
  const halves = ['0.0.0.0/1', '128.0.0.0/1'].map((remote_ip_prefix) => rule({ remote_ip_prefix }));
  const of = (rules: typeof hard) =>
    assessSecurityGroup(snapshot({ securityGroups: seen([group('g', rules)]) }), 'g').filter(
      ({ id }) => id === 'audit.allow-all',
    );
  expect(of(hard)).toEqual([]);
  const [found] = of([...hard.slice(0, 5_000), ...halves, ...hard.slice(5_000)]);
  expect(found !== undefined && isExposure(found) ? found.cause.map(({ rule_id }) => rule_id) : []).toEqual(
    halves.map(({ id }) => id),
  );
});

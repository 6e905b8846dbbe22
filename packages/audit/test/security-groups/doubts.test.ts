import { expect, test } from 'vitest';
import {
  assessSecurityGroups,
  type SecurityGroupPolicy,
  type SecurityGroupSnapshot,
  isExposure,
} from '../../src/security-groups.ts';
import { cut, group, judged, port, ports, rule, seen, snapshot } from './snapshot.ts';

// What was not seen never passes: not of groups together, not of what is let out, not of templates.

const addressGroups = cut<never>('address groups', 'denied');
const told = (
  id: string,
  parts: Partial<SecurityGroupSnapshot>,
  policy: SecurityGroupPolicy = {},
): string[] => judged(id, parts, policy).map(({ verdict, subject }) => `${verdict} ${subject.id}`);

test('groups together: a doubt that matters only with the other group', () => {
  const parts = {
    securityGroups: seen([
      group('a', [ports('tcp', 28_000, 65_535, { remote_address_group_id: 'x' })]),
      group('b', [ports('tcp', 12_000, 27_999), rule({ protocol: 'udp' }), rule({ protocol: 'icmp' })]),
      group('c', [ports('tcp', 1, 11_999, { remote_ip_prefix: '0.0.0.0/1' })]),
      group('d', [ports('tcp', 1, 11_999, { remote_ip_prefix: '128.0.0.0/1' })]),
    ]),
    ports: seen([port('p', ['a', 'b', 'c', 'd'])]),
  };
  const together = 'a+b+c+d';
  expect(told('audit.allow-all', { ...parts, addressGroups })).toEqual([`unknown ${together}`]);
  // Known to be one office, it is no doubt; known to be everyone, it is wide open.
  const known = (...addresses: string[]) => seen([{ id: 'x', name: 'x', addresses }]);
  expect(told('audit.allow-all', { ...parts, addressGroups: known('192.0.2.0/24') })).toEqual([]);
  expect(told('audit.allow-all', { ...parts, addressGroups: known('0.0.0.0/0') })).toEqual([
    `fail ${together}`,
  ]);
});

test('groups together: nothing passes of a project whose only doubt they are', () => {
  const parts = {
    securityGroups: seen([
      group('a', [ports('tcp', 20_000, 65_535, { remote_address_group_id: 'x' })]),
      group('b', [ports('tcp', 12_000, 19_999), ports('udp', 12_000, 65_535), rule({ protocol: 'icmp' })]),
      group('c', [ports('tcp', 1, 11_999, { remote_address_group_id: 'x' }), ports('udp', 1, 11_999)]),
    ]),
    ports: seen([port('p', ['a', 'b', 'c'])]),
  };
  expect(told('audit.project', { ...parts, addressGroups })).not.toContain('pass p1');
});

test('a group that a port uses, and that is in no list: nothing of its project passes', () => {
  const parts = { securityGroups: seen([group('a', [])]), ports: seen([port('p', ['a', 'gone'])]) };
  expect(told('audit.project', parts)).toEqual(['unknown p1']);
  expect(judged('audit.unseen', parts).flatMap(({ because }) => because)).toMatchObject([
    { statement: 'group gone, of 1 port (p), is not in the list of groups' },
  ]);
  expect(told('audit.project', { ...parts, ports: seen([port('p', ['a'])]) })).toEqual(['pass p1']);
  // Of a list that was cut, that is no news.
  const denied = cut('security groups', 'partial', [group('a', [])]);
  expect(
    judged('audit.unseen', { ...parts, securityGroups: denied }).map(({ subject }) => subject.id),
  ).not.toContain('security groups of ports');
});

test('what is let out: with its cause and its edits, or unknown', () => {
  const out = { direction: 'egress' } as const;
  const open = {
    securityGroups: seen([
      group('g', [
        rule({ ...out, id: 'low', remote_ip_prefix: '0.0.0.0/1' }),
        rule({ ...out, id: 'high', remote_ip_prefix: '128.0.0.0/1' }),
        rule({ ...out, id: 'web', protocol: 'tcp', port_range_min: 443, port_range_max: 443 }),
      ]),
    ]),
  };
  const [found] = judged('audit.egress-open', open, { egress: true, keep: ['192.0.2.0/24'] });
  expect(found !== undefined && isExposure(found) ? found : undefined).toMatchObject({
    verdict: 'fail',
    coverage: { direction: 'egress', family: 'IPv4', sources: 1, protocols: 'any' },
    cause: [{ rule_id: 'low' }, { rule_id: 'high' }],
    fix: [
      { edit: 'add', rule: { direction: 'egress', remote_ip_prefix: '192.0.2.0/24' } },
      { edit: 'remove', rule: { id: 'low' } },
      { edit: 'remove', rule: { id: 'high' } },
    ],
  });
  const doubtful = {
    securityGroups: seen([group('g', [rule({ ...out, remote_address_group_id: 'x' })])]),
    addressGroups,
  };
  expect(told('audit.egress-open', doubtful, { egress: true })).toEqual(['unknown g']);
  expect(told('audit.egress-open', doubtful)).toEqual([]);
});

test('a template that refers to what was not seen', () => {
  const template = { ...rule({ remote_address_group_id: 'x' }), used_in_default_sg: true };
  const defaultRules = seen([template as never]);
  expect(told('audit.default-template-open', { defaultRules, addressGroups })).toEqual(['unknown default']);
  const office = seen([{ id: 'x', name: 'x', addresses: ['192.0.2.0/24'] }]);
  expect(told('audit.default-template-open', { defaultRules, addressGroups: office })).toEqual([]);
});

test('a network whose ports begin without port security', () => {
  const network = (id: string, port_security_enabled?: boolean) => ({
    id,
    name: id,
    project_id: 'p1',
    'router:external': false,
    port_security_enabled,
  });
  const networks = seen([network('off', false), network('on', true), network('old')]);
  expect(told('audit.port-security-off', { networks })).toEqual(['fail off']);
  expect(
    assessSecurityGroups(snapshot({ networks })).find(({ subject }) => subject.id === 'off'),
  ).toMatchObject({
    severity: 'low',
    subject: { kind: 'network' },
  });
});

test('a protocol that is the name of something of JavaScript is no protocol, and a doubt', () => {
  for (const protocol of ['constructor', 'toString', '__proto__', '256', '-1', ''])
    expect(told('audit.allow-all', { securityGroups: seen([group('g', [rule({ protocol })])]) })).toEqual([
      'unknown g',
    ]);
});

import { describe, expect, test } from 'vitest';
import { assessSecurityGroups } from '../../src/security-groups.ts';
import {
  cut,
  floatingIp,
  group,
  judged,
  ofRules,
  port,
  ports,
  rule,
  seen,
  snapshot,
  statements,
} from './snapshot.ts';

const open = seen([group('g', [rule()])]);

describe('who uses it', () => {
  test('behind a floating IP it is critical, and the evidence names port and address', () => {
    const findings = judged('audit.allow-all', {
      securityGroups: open,
      ports: seen([port('p', ['g'])]),
      floatingIps: seen([floatingIp('198.51.100.7', 'p')]),
    });
    expect(findings).toMatchObject([
      { severity: 'critical', title: expect.stringContaining('behind a floating IP') },
    ]);
    expect(statements(findings)).toContain('1 port uses it: p (compute:nova server-of-p)');
    expect(statements(findings)).toContain('port p has the floating IP 198.51.100.7');
  });

  test('a floating IP of another port changes nothing', () => {
    expect(
      judged('audit.allow-all', {
        securityGroups: open,
        ports: seen([port('p', ['g'])]),
        floatingIps: seen([floatingIp('198.51.100.7', 'q')]),
      }),
    ).toMatchObject([{ severity: 'high' }]);
  });

  test('a floating IP is IPv4: it exposes nothing of IPv6', () => {
    const securityGroups = seen([group('g', [rule({ ethertype: 'IPv6' })])]);
    const findings = judged('audit.allow-all', {
      securityGroups,
      ports: seen([port('p', ['g'])]),
      floatingIps: seen([floatingIp('198.51.100.7', 'p')]),
    });
    expect(findings).toMatchObject([{ severity: 'high' }]);
    expect(findings).toMatchObject([{ effective: [{ port_id: 'p', exposed_by: 'none' }] }]);
  });

  test('no port, and ports that were not seen, are not the same', () => {
    expect(statements(judged('audit.allow-all', { securityGroups: open }))).toContain('no port uses it');
    expect(
      statements(judged('audit.allow-all', { securityGroups: open, ports: cut('ports', 'denied') })),
    ).toContain('which ports use it could not be seen');
    const some = {
      securityGroups: open,
      ports: cut('ports', 'partial', [port('p', ['g'])]),
      floatingIps: cut<never>('floating IPs', 'denied'),
    };
    expect(statements(judged('audit.allow-all', some))).toContain('at least 1 port use it: p');
    expect(statements(judged('audit.allow-all', some))).toContain(
      'whether anything leads to it could not be seen: ports, floating IPs',
    );
  });
});

describe('groups that a port uses together', () => {
  const a = group('g0', [rule({ remote_ip_prefix: '0.0.0.0/1' })]);
  const b = group('g1', [rule({ remote_ip_prefix: '128.0.0.0/1' })]);

  test('open together what none opens alone', () => {
    const findings = judged('audit.allow-all', {
      securityGroups: seen([a, b]),
      ports: seen([port('p', ['g0', 'g1']), port('q', ['g1', 'g0'])]),
    });
    expect(findings).toMatchObject([
      {
        subject: { kind: 'security groups', id: 'g0+g1' },
        title:
          'The combination of security groups name-g0 + name-g1 of project shop lets every IPv4 address reach everything',
      },
    ]);
    expect(statements(findings)).toContain('2 ports use it');
  });

  test('on different ports open nothing', () => {
    expect(
      judged('audit.allow-all', {
        securityGroups: seen([a, b]),
        ports: seen([port('p', ['g0']), port('q', ['g1'])]),
      }),
    ).toEqual([]);
  });

  test('are not blamed twice for what one opens alone', () => {
    const securityGroups = seen([group('g0', [rule()]), b]);
    expect(
      judged('audit.allow-all', { securityGroups, ports: seen([port('p', ['g0', 'g1'])]) }),
    ).toHaveLength(1);
    expect(
      judged('audit.admin-port-open', { securityGroups, ports: seen([port('p', ['g0', 'g1'])]) }),
    ).toHaveLength(1);
  });
});

describe('administrators’ ports', () => {
  test.each([
    ['tcp', 20, 25, '22/tcp (SSH), 23/tcp (Telnet)'],
    ['tcp', 3389, 3389, '3389/tcp (RDP)'],
    ['udp', 11_211, 11_211, '11211/udp (memcached)'],
    ['tcp', 5000, 7000, '5432/tcp (PostgreSQL), 5900/tcp (VNC), 5985/tcp (WinRM), 6379/tcp (Redis)'],
  ])('%s %i to %i open %s', (protocol, min, max, names) => {
    expect(ofRules('audit.admin-port-open', [ports(protocol, min, max)])).toMatchObject([
      {
        severity: 'medium',
        title: `Security group name-g of project shop lets every IPv4 address reach ${names}`,
      },
    ]);
  });

  test.each([
    ['tcp', 80, 443, {}],
    ['udp', 22, 22, {}],
    ['tcp', 22, 22, { remote_ip_prefix: '198.51.100.0/24' }],
  ])('%s %i to %i from %o is fine', (protocol, min, max, from) => {
    expect(ofRules('audit.admin-port-open', [ports(protocol, min, max, from)])).toEqual([]);
  });
});

describe('ports that no rule protects', () => {
  test('of a server: fail, medium', () => {
    const findings = judged('audit.port-security-off', {
      ports: seen([port('p', [], { port_security_enabled: false })]),
      floatingIps: seen([floatingIp('198.51.100.7', 'p')]),
    });
    expect(findings).toMatchObject([
      {
        verdict: 'fail',
        severity: 'medium',
        subject: { kind: 'port', id: 'p' },
        title: 'Port p of project shop is open: its port security is off',
      },
    ]);
    expect(statements(findings)).toContain('it has the floating IP 198.51.100.7');
  });

  test('of Neutron itself: not judged, and said', () => {
    const ours = seen([port('p', [], { port_security_enabled: false, device_owner: 'network:dhcp' })]);
    expect(judged('audit.port-security-off', { ports: ours })).toEqual([]);
    expect(statements(judged('audit.scope', { ports: ours }))).toContain(
      '1 port of routers, DHCP servers and the like',
    );
  });

  test('a cloud without port security tells nothing of it', () => {
    expect(
      judged('audit.port-security-off', {
        ports: seen([port('p', [], { port_security_enabled: undefined })]),
      }),
    ).toEqual([]);
  });
});

describe('a project', () => {
  const web = group('g', [ports('tcp', 443, 443), rule({ remote_group_id: 'g' })]);

  test('passes if nothing is open and all was seen', () => {
    expect(judged('audit.project', { securityGroups: seen([web]) })).toMatchObject([
      {
        verdict: 'pass',
        subject: { id: 'p1', name: 'shop' },
        title: 'No security group of project shop opens everything or any of 17 named ports to everyone',
      },
    ]);
  });

  test('is named by its id if its name was not seen', () => {
    expect(
      judged('audit.project', { securityGroups: seen([web]), projects: cut<never>('projects', 'denied') }),
    ).toMatchObject([
      {
        verdict: 'pass',
        title: 'No security group of project p1 opens everything or any of 17 named ports to everyone',
      },
    ]);
  });

  test('has its own findings if something is open', () => {
    expect(judged('audit.project', { securityGroups: open })).toEqual([]);
    expect(
      judged('audit.project', {
        securityGroups: seen([web]),
        ports: seen([port('p', [], { port_security_enabled: false })]),
      }),
    ).toEqual([]);
  });

  test.each([
    ['groups', { securityGroups: cut('security groups', 'partial', [web]) }],
    ['ports', { securityGroups: seen([web]), ports: cut<never>('ports', 'denied') }],
  ])('is unknown if %s were not all seen', (_, parts) => {
    expect(judged('audit.project', parts)).toMatchObject([
      { verdict: 'unknown', remedy: 'Ask as an administrator.' },
    ]);
  });

  test('is unknown if a rule lets in an address group that was not seen, and only if that matters', () => {
    const all = group('g', [rule({ remote_address_group_id: 'gone' })]);
    const findings = judged('audit.project', { securityGroups: seen([all]) });
    expect(findings).toMatchObject([{ verdict: 'unknown' }]);
    expect(statements(findings)).toContain('lets in address group gone, whose addresses were not seen');
    const https = group('g', [ports('tcp', 443, 443, { remote_address_group_id: 'gone' })]);
    expect(
      judged('audit.project', {
        securityGroups: seen([https]),
        addressGroups: cut<never>('address groups', 'unsupported'),
      }),
    ).toMatchObject([{ verdict: 'pass' }]);
  });

  test.each(['sctp?', '256'])('is unknown with a protocol that is not known: %s', (protocol) => {
    expect(ofRules('audit.project', [rule({ protocol })])).toMatchObject([{ verdict: 'unknown' }]);
  });
});

describe('how much was judged', () => {
  test('all', () => {
    const securityGroups = seen([group('a', []), group('b', [], 'p2'), group('c', [], 'p2')]);
    expect(judged('audit.scope', { securityGroups })).toMatchObject([
      { verdict: 'pass', title: 'All 3 security groups of 2 projects were judged; seen: all projects' },
    ]);
  });

  test('some, and none', () => {
    expect(
      judged('audit.scope', {
        securityGroups: cut('security groups', 'partial', [group('a', [])]),
        scope: 'project shop only',
      }),
    ).toMatchObject([
      {
        verdict: 'unknown',
        title: '1 security group of 1 project was judged; seen: project shop only; there may be more',
      },
    ]);
    expect(judged('audit.scope', { securityGroups: cut('security groups', 'denied') })).toMatchObject([
      { verdict: 'unknown', title: 'No security group could be seen' },
    ]);
  });
});

test('what is denied is unknown, and nothing about it passes', () => {
  const findings = assessSecurityGroups(
    snapshot({
      securityGroups: cut('security groups', 'denied'),
      addressGroups: cut('address groups', 'denied'),
      ports: cut('ports', 'denied'),
      floatingIps: cut('floating IPs', 'denied'),
      projects: cut('projects', 'denied'),
    }),
  );
  expect(new Set(findings.map((finding) => finding.verdict))).toEqual(new Set(['unknown']));
  expect(findings.filter((finding) => finding.id === 'audit.unseen')).toHaveLength(5);
});

test('a cloud without address groups misses none', () => {
  expect(judged('audit.unseen', { addressGroups: cut('address groups', 'unsupported') })).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { adminPorts, assessSecurityGroups, type SecurityGroupPolicy } from '../../src/security-groups.ts';
import { group, ports, seen, snapshot } from '../security-groups/snapshot.ts';

// The words of a pass are what was looked at, and which ports are looked at is the reader's to say.

const everyone = { remote_ip_prefix: '0.0.0.0/0' };
const judge = (port: number, policy?: SecurityGroupPolicy) =>
  assessSecurityGroups(
    snapshot({ securityGroups: seen([group('g', [ports('tcp', port, port, everyone)])]) }),
    policy,
  );

describe('ports that other scanners look for, open to everyone', () => {
  test.each([
    // mondoohq/cnspec, content/mondoo-openstack-security.mql.yaml: no-unrestricted-mgmt-ports, -winrm, -db-ports.
    ['Docker', 2375],
    ['MongoDB', 27_017],
    ['WinRM', 5985],
    // prowler-cloud/prowler, aws ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_23, …_445 (cifs).
    ['Telnet', 23],
    ['SMB', 445],
    ['etcd', 2379],
    ['kubelet', 10_250],
  ])('%s (%i) fails', (name, port) => {
    const [open] = judge(port).filter(({ id }) => id === 'audit.admin-port-open');
    expect(open).toMatchObject({ verdict: 'fail', title: expect.stringContaining(`${port}/tcp (${name})`) });
  });
});

test('a port that is not looked at does not make the pass say that nothing is open', () => {
  const [project] = judge(8006).filter(({ id }) => id === 'audit.project');
  expect(project?.title).toBe(
    'No security group of project shop opens everything or any of 17 named ports to everyone',
  );
  const [first] = project?.because ?? [];
  for (const { port } of adminPorts) expect(first?.statement).toContain(`${port}/`);
  expect(first?.statement).not.toContain('8006');
});

test('the reader adds it', () => {
  const policy = { ports: [...adminPorts, { port: 8006, protocol: 6, name: 'Proxmox' } as const] };
  expect(judge(8006, policy).filter(({ verdict }) => verdict === 'fail')).toMatchObject([
    { id: 'audit.admin-port-open', title: expect.stringContaining('8006/tcp (Proxmox)') },
  ]);
  expect(judge(22, { ports: [] }).map(({ id, verdict, title }) => `${id} ${verdict} ${title}`)).toContain(
    'audit.project pass No security group of project shop opens everything to everyone',
  );
});

describe('what cannot be meant is refused, with its field', () => {
  test.each<readonly [string, object]>([
    ['everyones', { everyones: 0.5 }],
    ['ports.0.port', { ports: [{ port: 0, protocol: 6, name: 'none' }] }],
    ['ports.0.port', { ports: [{ port: '22', protocol: 6, name: 'SSH' }] }],
    ['ports.0.protocol', { ports: [{ port: 22, protocol: 'tcp', name: 'SSH' }] }],
    ['ports.0.name', { ports: [{ port: 22, protocol: 6, name: ' ' }] }],
    ['ports.0.proto', { ports: [{ port: 22, protocol: 6, name: 'SSH', proto: 6 }] }],
    ['everyone', { everyone: Number.NaN }],
    ['everyone', { everyone: '0.9' }],
    ['egress', { egress: 'no' }],
    ['keep', { keep: '192.0.2.0/24' }],
  ])('%s', (field, policy) => {
    expect(() => judge(22, policy)).toThrow(expect.objectContaining({ name: 'InputError', field }));
  });
});

import type { Cloud } from '@groundcrew/core';
import type { Finding } from '@groundcrew/runbook';
import {
  assessSecurityGroups,
  type SecurityGroupSnapshot,
  isExposure,
  observeSecurityGroups,
} from '../../src/security-groups.ts';
import { type Rule, Site } from './case-site.ts';

// The cases that fool pattern matching (A1 to A20), as they are made in a cloud: one body for the simulated and the real
// one.

export interface Case {
  readonly id: string;
  readonly title: string;
  /** Makes it, and answers the ids of what findings are to be about. */
  readonly make: (site: Site) => Promise<readonly string[]>;
  readonly findings: readonly string[];
}

const all4 = 'audit.allow-all IPv4';
const all6 = 'audit.allow-all IPv6';
const admin4 = 'audit.admin-port-open IPv4';
const admin6 = 'audit.admin-port-open IPv6';
const one = async (group: Promise<string>): Promise<string[]> => [await group];
const tcp = (min: number, max: number, more: Rule = {}): Rule => ({
  protocol: 'tcp',
  port_range_min: min,
  port_range_max: max,
  ...more,
});
const from = (remote_ip_prefix: string, more: Rule = {}): Rule => ({ remote_ip_prefix, ...more });
/** Everything but 1.2.0.0/16. */
const sliver = [
  '0.0.0.0/8 1.0.0.0/15 1.3.0.0/16 1.4.0.0/14 1.8.0.0/13 1.16.0.0/12 1.32.0.0/11 1.64.0.0/10 1.128.0.0/9',
  '2.0.0.0/7 4.0.0.0/6 8.0.0.0/5 16.0.0.0/4 32.0.0.0/3 64.0.0.0/2 128.0.0.0/1',
].flatMap((line) => line.split(' '));

export const cases: readonly Case[] = [
  {
    id: 'A1',
    title: 'all three remotes null',
    make: (site) => one(site.group({})),
    findings: [admin4, all4],
  },
  {
    id: 'A2',
    title: '0.0.0.0/0 and ::/0',
    make: (site) => one(site.group(from('0.0.0.0/0'), from('::/0', { ethertype: 'IPv6' }))),
    findings: [admin4, admin6, all4, all6],
  },
  {
    id: 'A3',
    title: '1.2.3.4/0',
    make: (site) => one(site.group(from('1.2.3.4/0'))),
    findings: [admin4, all4],
  },
  {
    id: 'A4',
    title: 'two halves',
    make: (site) => one(site.group(from('0.0.0.0/1'), from('128.0.0.0/1'))),
    findings: [admin4, all4],
  },
  {
    id: 'A4',
    title: 'two halves, of SSH alone',
    make: (site) => one(site.group(tcp(22, 22, from('0.0.0.0/1')), tcp(22, 22, from('128.0.0.0/1')))),
    findings: [admin4],
  },
  {
    id: 'A5',
    title: 'all but a sliver',
    make: (site) => one(site.group(...sliver.map((prefix) => from(prefix)))),
    findings: [admin4, all4],
  },
  {
    id: 'A6',
    title: 'tcp 1 to 65535, which Neutron rewrites',
    make: (site) => one(site.group(tcp(1, 65_535))),
    findings: [admin4],
  },
  {
    id: 'A7',
    title: 'tcp in two ranges that meet',
    make: (site) => one(site.group(tcp(1, 21), tcp(22, 30_000))),
    findings: [admin4],
  },
  {
    id: 'A8',
    title: 'protocol 6',
    make: (site) => one(site.group(tcp(22, 22, { protocol: '6' }))),
    findings: [admin4],
  },
  {
    id: 'A9',
    title: 'protocol 0',
    make: (site) => one(site.group({ protocol: '0' })),
    findings: [admin4, all4],
  },
  {
    id: 'A10',
    title: 'tcp, udp and icmp, each wholly',
    make: (site) => one(site.group({ protocol: 'tcp' }, { protocol: 'udp' }, { protocol: 'icmp' })),
    findings: [admin4, all4],
  },
  {
    id: 'A11',
    title: 'icmp type 0 code 0 is no port',
    make: (site) => one(site.group({ protocol: 'icmp', port_range_min: 0, port_range_max: 0 })),
    findings: [],
  },
  {
    id: 'A12',
    title: 'an address group that covers all',
    make: async (site) => {
      const remote_address_group_id = await site.addressGroup('0.0.0.0/1', '128.0.0.0/1');
      return one(site.group({ remote_address_group_id }));
    },
    findings: [admin4, all4],
  },
  {
    id: 'A12',
    title: 'an address group of one office',
    make: async (site) =>
      one(site.group({ remote_address_group_id: await site.addressGroup('192.0.2.0/24') })),
    findings: [],
  },
  {
    id: 'A13',
    title: 'a remote group whose member may use every address, in halves',
    make: async (site) => {
      const members = await site.group();
      const port = await site.port([members], {
        allowed_address_pairs: [{ ip_address: '0.0.0.0/1' }, { ip_address: '128.0.0.0/1' }],
      });
      const group = await site.group({ remote_group_id: members });
      // The members' port goes before their group.
      site.later(() => site.cloud.network.ports.delete({ id: port }));
      return [group];
    },
    findings: [admin4, all4],
  },
  {
    id: 'A14',
    title: 'who lets all in lets SSH in',
    make: (site) => one(site.group(tcp(1, 65_535), { protocol: 'udp' })),
    findings: [admin4],
  },
  {
    id: 'A15',
    title: 'shared by RBAC',
    make: async (site) => {
      const id = await site.group({});
      const rbac = await site.cloud.network.rbacPolicies.create({
        object_type: 'security_group',
        object_id: id,
        action: 'access_as_shared',
        target_tenant: '*',
      });
      site.later(() => site.cloud.network.rbacPolicies.delete({ id: rbac.id }));
      return [id];
    },
    findings: [admin4, all4],
  },
  {
    id: 'A16',
    title: 'port security off',
    make: async (site) => [await site.port([], { port_security_enabled: false })],
    findings: ['audit.port-security-off'],
  },
  {
    id: 'A16',
    title: 'a network whose ports begin without port security',
    make: async (site) => {
      const { id } = await site.cloud.network.networks.create({
        name: site.name,
        port_security_enabled: false,
      });
      site.later(() => site.cloud.network.networks.delete({ id }));
      return [id];
    },
    findings: ['audit.port-security-off'],
  },
  {
    id: 'A17',
    title: 'a port without a group is closed',
    make: async (site) => [await site.port([])],
    findings: [],
  },
  {
    id: 'A18',
    title: 'IPv4 is mended, its IPv6 sibling is not',
    make: (site) => one(site.group(tcp(22, 22, from('192.0.2.0/24')), tcp(22, 22, { ethertype: 'IPv6' }))),
    findings: [admin6],
  },
  {
    id: 'A19',
    title: 'a port on an external network',
    make: async (site) => {
      const group = await site.group({});
      const network_id = await site.network({ 'router:external': true });
      await site.port([group], { network_id });
      return [group];
    },
    findings: [admin4, 'audit.allow-all IPv4 critical'],
  },
  {
    id: 'A20',
    title: 'no template of default rules in this release: none is claimed, and none is missed',
    make: async () => ['default', 'other'],
    findings: [],
  },
];

/** The findings on a case in `cloud`; everything that was made is gone afterwards. */
export async function play(
  { make }: Case,
  cloud: Cloud,
  name: string,
): Promise<{
  readonly told: string[];
  readonly findings: Finding[];
  readonly snapshot: SecurityGroupSnapshot;
}> {
  const site = new Site(cloud, name);
  try {
    const subjects = new Set(await make(site));
    const snapshot = await observeSecurityGroups(cloud);
    const findings = assessSecurityGroups(snapshot).filter((finding) => subjects.has(finding.subject.id));
    return { told: findings.map(words).toSorted((a, b) => a.localeCompare(b)), findings, snapshot };
  } finally {
    await site.leave();
  }
}

/** Opens everything in every way, does what `fix` says, and tells what is found then, and the prefixes that are left. */
export async function mend(
  cloud: Cloud,
  name: string,
): Promise<{ readonly before: string[]; readonly after: string[]; readonly left: string[] }> {
  const site = new Site(cloud, name);
  const { network } = cloud;
  const keep = ['192.0.2.7', '198.51.100.9/24', '2001:DB8:0:0:1::/80'];
  try {
    const id = await site.group(
      from('0.0.0.0/1'),
      from('128.0.0.0/1'),
      // Is in what is kept already: it must neither go nor come twice.
      from('198.51.100.0/24'),
      from('::/0', { ethertype: 'IPv6' }),
      tcp(22, 22),
      tcp(22, 30_000, { ethertype: 'IPv6' }),
    );
    const judge = async (): Promise<Finding[]> =>
      assessSecurityGroups(await observeSecurityGroups(cloud), { keep }).filter(
        ({ subject }) => subject.id === id,
      );
    const before = await judge();
    const edits = before.flatMap((finding) => (isExposure(finding) ? finding.fix : []));
    const distinct = new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values();
    // Who is to be kept is let in before others are shut out.
    for (const { edit, rule } of [...distinct].toSorted((a, b) => a.edit.localeCompare(b.edit)))
      await (edit === 'add'
        ? network.securityGroupRules.create(withoutNulls(rule) as never)
        : 'id' in rule && network.securityGroupRules.delete({ id: rule.id }));
    const { security_group_rules: rules } = await network.securityGroups.get({ id });
    return {
      before: before.map(words).toSorted((a, b) => a.localeCompare(b)),
      after: (await judge()).map(words),
      left: rules
        .filter(({ direction }) => direction === 'ingress')
        .map(({ protocol, remote_ip_prefix: prefix }) => `${protocol ?? 'any'} ${prefix}`)
        .toSorted((a, b) => a.localeCompare(b)),
    };
  } finally {
    await site.leave();
  }
}

/** The prefixes that `mend` leaves, in Neutron's own form. */
export const mended = {
  before: [admin4, admin6, all4, all6],
  after: [],
  left: [
    'any 192.0.2.7/32',
    'any 198.51.100.0/24',
    'any 2001:db8:0:0:1::/80',
    'tcp 192.0.2.7/32',
    'tcp 198.51.100.0/24',
    'tcp 2001:db8:0:0:1::/80',
  ],
};

const withoutNulls = (rule: object): object =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null));

/** `audit.allow-all IPv4`, and what is unusual about it. */
function words(finding: Finding): string {
  const family = 'coverage' in finding ? ` ${(finding.coverage as { family: string }).family}` : '';
  const severity = finding.severity === 'critical' ? ' critical' : '';
  return `${finding.id}${family}${severity}${finding.verdict === 'fail' ? '' : ` ${finding.verdict}`}`;
}

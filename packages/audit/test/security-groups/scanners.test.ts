import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assessSecurityGroup } from '../../src/security-groups.ts';
import type { AddressGroup, Port, SecurityGroupRule } from '../../src/security-groups/snapshot/snapshot.ts';
import { families } from '../../src/security-groups/addresses/address-family.ts';
import { cnspec, prowler, type Verdicts } from './scanners.ts';
import { group, port, ports, rule, seen, snapshot } from './snapshot.ts';
import { ADDRESSES, lets, PORTS, real, type ToyProtocol, type ToyRule } from './toy.ts';

// One corpus, three judges: what is true, what the scanners say, what we say.

interface Sample {
  readonly id: string;
  readonly rules: readonly SecurityGroupRule[];
  readonly truth: Verdicts;
  readonly addressGroups?: readonly AddressGroup[];
  readonly ports?: readonly Port[];
}

const halves = ['0.0.0.0/1', '128.0.0.0/1'];
const covering: AddressGroup = { id: 'ag', name: 'ag', addresses: halves };
const office: AddressGroup = { id: 'ag', name: 'ag', addresses: ['192.0.2.0/24'] };
const both = { ssh: true, rdp: true, all: true };
const tcp = { ssh: true, rdp: true, all: false };
const ssh = { ssh: true, rdp: false, all: false };
const none = { ssh: false, rdp: false, all: false };

const named: readonly Sample[] = [
  { id: 'A1', rules: [rule()], truth: both },
  { id: 'A2', rules: [rule({ remote_ip_prefix: '0.0.0.0/0' })], truth: both },
  { id: 'A3', rules: [rule({ remote_ip_prefix: '1.2.3.4/0' })], truth: both },
  { id: 'A4', rules: halves.map((remote_ip_prefix) => rule({ remote_ip_prefix })), truth: both },
  { id: 'A4 one half', rules: [rule({ remote_ip_prefix: '0.0.0.0/1' })], truth: none },
  { id: 'A7', rules: [ports('tcp', 1, 30_000), ports('tcp', 30_001, 65_535)], truth: tcp },
  { id: 'A8', rules: [ports('6', 22, 22)], truth: ssh },
  { id: 'A9', rules: [rule({ protocol: '0' })], truth: both },
  { id: 'A10', rules: ['tcp', 'udp', 'icmp'].map((protocol) => rule({ protocol })), truth: both },
  { id: 'A11', rules: [ports('icmp', 0, 0)], truth: none },
  { id: 'A12', rules: [rule({ remote_address_group_id: 'ag' })], truth: both, addressGroups: [covering] },
  {
    id: 'A12 office',
    rules: [rule({ remote_address_group_id: 'ag' })],
    truth: none,
    addressGroups: [office],
  },
  {
    id: 'A13',
    rules: [rule({ remote_group_id: 'members' })],
    truth: both,
    ports: [
      port('m', ['members'], { allowed_address_pairs: [{ ip_address: '0.0.0.0/0', mac_address: 'x' }] }),
    ],
  },
  { id: 'A14', rules: [rule({ protocol: 'tcp' })], truth: tcp },
  { id: 'A18', rules: [ports('tcp', 22, 22, { ethertype: 'IPv6' })], truth: ssh },
  { id: 'closed', rules: [ports('tcp', 443, 443)], truth: none },
  { id: 'own network', rules: [rule({ remote_ip_prefix: '10.0.0.0/8' })], truth: none },
];

const toyRule: fc.Arbitrary<ToyRule> = fc
  .record({
    first: fc.constantFrom(0, 32),
    depth: fc.constantFrom(0, 0, 1, 1, 2),
    protocol: fc.constantFrom<ToyRule['protocol']>('any', 'any', 'tcp', 'tcp', 'udp', 'icmp'),
    low: fc.constantFrom(0, 0, 0, 1, 8),
    high: fc.constantFrom(7, 15, 15),
  })
  .map(({ first, depth, protocol, low, high }) => ({
    first: Math.floor(first / 2 ** (6 - depth)) * 2 ** (6 - depth),
    depth,
    protocol,
    ports: protocol === 'any' || protocol === 'icmp' ? [0, 15] : [low === 8 && high === 7 ? 0 : low, high],
  }));

const [ipv4] = families;
if (ipv4 === undefined) throw new Error('no IPv4');
const addresses = Array.from({ length: ADDRESSES }, (_, address) => address);

/** Groups of one to five rules, with what is true of them by looking at every packet. */
const generated: readonly Sample[] = fc
  .sample(fc.array(toyRule, { minLength: 1, maxLength: 5 }), { numRuns: 200, seed: 20 })
  .map((rules, index) => {
    const every = (holds: (address: number) => boolean): boolean => addresses.every(holds);
    const whole = (protocol: ToyProtocol): boolean =>
      every((address) =>
        Array.from({ length: PORTS }, (_, at) => at).every((at) => lets(rules, address, protocol, at)),
      );
    const any = rules.filter((reach) => reach.protocol === 'any');
    return {
      id: `generated ${index}`,
      rules: rules.map((entry) => real(entry, ipv4)),
      truth: {
        ssh: every((address) => lets(rules, address, 'tcp', 0)),
        rdp: every((address) => lets(rules, address, 'tcp', 0)),
        all:
          every((address) => lets(any, address, 'other', 0)) ||
          (whole('tcp') && whole('udp') && whole('icmp')),
      },
    };
  });

function ours({ rules, addressGroups = [], ports: users = [] }: Sample): Verdicts {
  const whole = snapshot({
    securityGroups: seen([group('g', rules), group('members', [])]),
    addressGroups: seen(addressGroups),
    ports: seen(users),
  });
  const findings = assessSecurityGroup(whole, 'g', { everyone: 1 });
  const open = (id: string, number?: string): boolean =>
    findings.some(
      (finding) =>
        finding.id === id &&
        finding.verdict === 'fail' &&
        (number === undefined ||
          ('coverage' in finding &&
            (finding.coverage as { ports: string }).ports.split(',').includes(number))),
    );
  return {
    ssh: open('audit.admin-port-open', '22'),
    rdp: open('audit.admin-port-open', '3389'),
    all: open('audit.allow-all'),
  };
}

interface Score {
  hit: number;
  missed: number;
  falseAlarm: number;
  clear: number;
}

function scoreOf(
  judge: (sample: Sample) => Verdicts,
  samples: readonly Sample[],
  condition: keyof Verdicts,
): Score {
  const score: Score = { hit: 0, missed: 0, falseAlarm: 0, clear: 0 };
  for (const sample of samples) {
    const said = judge(sample)[condition];
    if (sample.truth[condition]) score[said ? 'hit' : 'missed'] += 1;
    else score[said ? 'falseAlarm' : 'clear'] += 1;
  }
  return score;
}

test('the confusion matrix: nothing is missed, and there is no false alarm', () => {
  const judges = {
    groundcrew: ours,
    prowler: ({ rules }: Sample) => prowler(rules),
    cnspec: ({ rules, addressGroups = [] }: Sample) => cnspec(rules, addressGroups),
  };
  const lines: string[] = [];
  const wrong: object[] = [];
  for (const [corpus, samples] of [
    ['named', named],
    ['generated', generated],
  ] as const)
    for (const condition of ['all', 'ssh', 'rdp'] as const)
      for (const [name, judge] of Object.entries(judges)) {
        const { hit, missed, falseAlarm, clear } = scoreOf(judge, samples, condition);
        lines.push(`| ${corpus} | ${condition} | ${name} | ${hit} | ${missed} | ${falseAlarm} | ${clear} |`);
        if (name === 'groundcrew') wrong.push({ corpus, condition, missed, falseAlarm });
      }
  process.stdout.write(
    `| corpus | condition | judge | found | missed | false alarm | clear |\n${lines.join('\n')}\n`,
  );
  expect(wrong).toMatchObject(Array.from({ length: 6 }, () => ({ missed: 0, falseAlarm: 0 })));
  for (const sample of named)
    expect({ id: sample.id, ...ours(sample) }).toEqual({ id: sample.id, ...sample.truth });
});

test('the scanners are told as they are: what the field found of them', () => {
  const of = (id: string): Sample => {
    const found = named.find((entry) => entry.id === id);
    if (found === undefined) throw new Error(id);
    return found;
  };
  expect(prowler(of('A4').rules)).toEqual(none);
  expect(prowler(of('A8').rules).ssh).toBe(false);
  expect(prowler(of('A14').rules)).toEqual(tcp);
  expect(prowler(of('A12 office').rules).all).toBe(true);
  expect(cnspec(of('A1').rules, []).ssh).toBe(false);
  expect(cnspec(of('A11').rules, []).all).toBe(true);
});

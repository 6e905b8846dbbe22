import { describe, expect, test } from 'vitest';
import { refuseUnlessSynced } from '../../src/components/galera/refuse-galera.ts';
import { refuseLastServer } from '../../src/components/haproxy/refuse-haproxy.ts';
import type { HaproxyServer } from '../../src/components/haproxy/haproxy-stat.ts';
import type { OvnDatabase } from '../../src/components/ovn/observe-ovn.ts';
import { refuseOvn } from '../../src/components/ovn/refuse-ovn.ts';
import type { PacemakerStatus } from '../../src/components/pacemaker/crm-mon.ts';
import { refusePacemaker } from '../../src/components/pacemaker/refuse-pacemaker.ts';
import { refuseMinority, refuseParted } from '../../src/components/rabbitmq/refuse-rabbit.ts';
import { emptySnapshot, type StackSnapshot, unsafeNow } from '../../src/stack.ts';
import { galera, rabbit, seen, unseen } from './seen.ts';

// Each rule by itself: of a whole component another rule often refuses as well.

const codes = (refusals: readonly { readonly code: string }[]): string[] => refusals.map(({ code }) => code);

describe('Galera', () => {
  test.each([['Joined'], ['Initialized'], [undefined]])('a node that is %s is not Synced', (localState) => {
    expect(codes(refuseUnlessSynced([galera('db-1', { localState })]))).toEqual(['mariadb.not-synced']);
  });

  test('one that is Synced, or in a transfer, is not refused for that', () => {
    expect(refuseUnlessSynced([galera('db-1')])).toEqual([]);
    expect(refuseUnlessSynced([galera('db-1', { localState: 'Donor/Desynced', donor: true })])).toEqual([]);
  });
});

describe('HAProxy', () => {
  const server = (name: string, differs: Partial<HaproxyServer> = {}): HaproxyServer => ({
    proxy: 'keystone',
    name,
    status: 'UP',
    up: true,
    backup: false,
    weight: 1,
    address: `${name}:5000`,
    check: 'L7OK',
    checkCode: 200,
    checkSaid: undefined,
    rise: 2,
    fall: 3,
    lastChangeMs: 1,
    downtimeMs: 0,
    sessions: 0,
    queued: 0,
    ...differs,
  });
  const drain = (...servers: HaproxyServer[]): string[] => {
    const proxy = { name: 'keystone', mode: 'http', frontend: undefined, backend: undefined, servers };
    const status = {
      address: 'ctl-1',
      version: '2.8',
      pid: 1,
      uptimeMs: 1,
      stopping: false,
      connections: 1,
      connectionLimit: 1,
      proxies: [proxy],
    };
    return codes(refuseLastServer([seen(status)]));
  };

  test('the only server that is up stays', () => {
    expect(drain(server('a'), server('b', { up: false, status: 'DOWN' }))).toEqual(['haproxy.last-server']);
    expect(drain(server('a'), server('b'))).toEqual([]);
  });

  test('one that nobody checks is none that is up', () => {
    expect(drain(server('a'), server('b', { up: undefined, status: 'no check' }))).toEqual([
      'haproxy.last-server',
    ]);
  });

  test('two names of one place are one server', () => {
    expect(drain(server('a', { address: 'x:1' }), server('b', { address: 'x:1' }))).toEqual([
      'haproxy.last-server',
    ]);
  });
});

describe('OVN', () => {
  const raft = (present: boolean, servers = 3): OvnDatabase['raft'] => ({
    clusterId: 'c',
    serverId: 's',
    status: present ? 'cluster member' : 'disconnected from the cluster',
    role: 'follower',
    leader: present ? 'abcd' : undefined,
    term: 1,
    electionTimerMs: 1_000,
    servers: Array.from({ length: servers }, (_, n) => ({
      id: `${n}`,
      address: `tcp:${n}`,
      self: n === 0,
      lastHeardMs: undefined,
    })),
  });
  const refused = (...rafts: OvnDatabase['raft'][]): string[] =>
    codes(
      refuseOvn(
        rafts.map((each, n) => seen({ host: `ctl-${n}`, database: 'OVN_Southbound' as const, raft: each })),
        'OVN_Southbound',
        'ovn-sb',
      ),
    );

  test('a database that is not clustered cannot be spared', () => {
    expect(refused('standalone')).toEqual(['ovn-sb.alone']);
  });

  test('of three one may be missing, and then no other', () => {
    expect(refused(raft(true), raft(true), raft(true))).toEqual([]);
    expect(refused(raft(true), raft(true), raft(false))).toEqual(['ovn-sb.no-margin']);
  });

  test('a server that was not asked may be missing', () => {
    expect(refused(raft(true), raft(true))).toEqual(['ovn-sb.unseen']);
  });
});

describe('Pacemaker', () => {
  const node = (name: string, differs: object = {}): PacemakerStatus['nodes'][number] => ({
    ...({
      name,
      online: true,
      unclean: false,
      standby: false,
      type: 'member',
    } as PacemakerStatus['nodes'][number]),
    ...differs,
  });
  const refused = (differs: Partial<PacemakerStatus> = {}): string[] =>
    codes(
      refusePacemaker([
        seen<PacemakerStatus>({
          host: 'ctl-1',
          version: '2.1',
          coordinator: 'ctl-1',
          quorum: true,
          stonith: true,
          noQuorumPolicy: 'stop',
          maintenance: false,
          nodes: ['ctl-1', 'ctl-2', 'ctl-3'].map((name) => node(name)),
          resources: [],
          failures: [],
          ...differs,
        }),
      ]),
    );
  const nodes = (...differs: object[]): Partial<PacemakerStatus> => ({
    nodes: differs.map((each, n) => node(`ctl-${n + 1}`, each)),
  });

  test('three nodes that are well are not refused', () => {
    expect(refused()).toEqual([]);
  });

  test('a node that waits for its fencing', () => {
    expect(refused(nodes({}, {}, { unclean: true }))).toEqual(['pacemaker.unclean']);
  });

  test('no quorum, and a quorum that is not told', () => {
    expect(refused({ quorum: false })).toEqual(['pacemaker.no-quorum']);
    expect(refused({ quorum: undefined })).toEqual(['pacemaker.unseen']);
  });

  test('no margin', () => {
    expect(refused(nodes({}, {}, { online: false }))).toEqual(['pacemaker.no-margin']);
  });

  test('remote nodes have no vote, and make no majority', () => {
    const remote = { type: 'remote' };
    expect(refused(nodes({}, {}, { online: false }, remote, remote))).toEqual(['pacemaker.no-margin']);
  });
});

describe('RabbitMQ', () => {
  test('the only broker is never spared', () => {
    const [node] = rabbit('rabbit-1').value?.nodes ?? [];
    expect(codes(refuseMinority([rabbit('rabbit-1', { nodes: node === undefined ? [] : [node] })]))).toEqual([
      'rabbitmq.alone',
    ]);
  });

  test('a node that does not tell its partitions may be parted; one that is down need not tell', () => {
    const mute = { partitions: undefined };
    expect(codes(refuseParted([rabbit('rabbit-1', {}, { 'rabbit-2': mute })]))).toEqual(['rabbitmq.unseen']);
    expect(refuseParted([rabbit('rabbit-1', {}, { 'rabbit-2': { ...mute, running: false } })])).toEqual([]);
  });
});

describe('a virtual address', () => {
  const vip = (owners: readonly string[], ready: readonly string[]) =>
    seen({
      address: '10.0.0.10',
      candidates: ['a', 'b', 'c'],
      hosts: ['a', 'b', 'c'].map((host) => ({
        host,
        owns: owners.includes(host),
        interface: undefined,
        keepalived: ready.includes(host),
      })),
      owners: [...owners],
    });
  const refused = (...vips: StackSnapshot['vips'][number][]): string[] =>
    codes(unsafeNow('keepalived', { ...emptySnapshot, vips }, { move: 'restart' }));

  test('has a spare if somebody has it, and somebody else could', () => {
    expect(refused(vip(['a'], ['a', 'b']))).toEqual([]);
    expect(refused(vip(['a'], ['a']))).toEqual(['keepalived.no-spare']);
  });

  test('that nobody has is not safe, however many could take it: they did not', () => {
    expect(refused(vip([], ['a', 'b']))).toEqual(['keepalived.no-spare']);
  });

  test('of which one host was not seen: who could take it is not known', () => {
    const one = { ...vip(['a'], ['a', 'b']), gaps: unseen('vip 10.0.0.10 on c').gaps };
    expect(refused(one)).toEqual(['keepalived.unseen']);
  });
});

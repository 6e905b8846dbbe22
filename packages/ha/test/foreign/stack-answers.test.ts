import * as xmlPackage from 'fast-xml-parser';
// What components of other people's stacks answer, by release; each from a public report or source, named beside it, and
// cut to what matters. Read by the readers that the observers use, then judged.
import { expect, test } from 'vitest';
import type { PacemakerStatus, StackSnapshot } from '../../src/stack.ts';
import { UnreadError } from '../../src/probing/ask.ts';
import { crmMon } from '../../src/components/pacemaker/crm-mon.ts';
import { galeraNode } from '../../src/components/galera/galera-node.ts';
import { haproxyProxies } from '../../src/components/haproxy/haproxy-stat.ts';
import { holderOf } from '../../src/components/vip/observe-vip.ts';
import { ovnClusterStatus } from '../../src/components/ovn/ovn-cluster-status.ts';
import { OldQueue } from '../../src/components/rabbitmq/rabbit-queue.ts';
import { assess, only, verdicts } from '../stack/assessed.ts';
import { galera, rabbit, seen, unseen } from '../stack/seen.ts';

const titled = (parts: Partial<StackSnapshot>, id: string): string[] =>
  only(assess(parts), id).map(({ verdict, title }) => `${verdict}: ${title}`);

// --- OVN ---------------------------------------------------------------------------------------------------------

const ovn = (host: string, printed: string): StackSnapshot['ovn'][number] =>
  seen(
    { host, database: 'OVN_Southbound', raft: ovnClusterStatus(printed) },
    `ovn OVN_Southbound on ${host}`,
  );

const raft = (head: string, servers: readonly string[]): string =>
  `6378\nName: OVN_Southbound\nCluster ID: cd96 (cd9609bd-1755-4c95-959a-243e8e549a55)\nServer ID: 6378 (63787ff6-d572-45bb-9a9f-32aa7f4b1264)\nAddress: tcp:10.0.0.113:5002\nStatus: cluster member\n${head}\nLog: [100, 100]\nServers:\n${servers.map((server) => `    ${server}\n`).join('')}`;

/** openvswitch/ovs-issues 177: OVS 2.12, whose leader tells of no server when it was last heard. */
const leader212 = raft('Role: leader\nTerm: 76\nLeader: self\nVote: self\nElection timer: 1000\n', [
  'a20b (a20b at tcp:10.0.0.114:5002) next_index=206 match_index=205',
  '5fd3 (5fd3 at tcp:10.0.0.102:5002) next_index=206 match_index=205',
  '6378 (6378 at tcp:10.0.0.113:5002) (self) next_index=2 match_index=205',
]);
const follower212 = raft('Role: follower\nTerm: 76\nLeader: a20b\nVote: a20b\nElection timer: 1000\n', [
  'a20b (a20b at tcp:10.0.0.114:5002)',
  '5fd3 (5fd3 at tcp:10.0.0.102:5002)',
  '6378 (6378 at tcp:10.0.0.113:5002) (self)',
]);

test('OVS 2.12 alone: how many may fail is not known, and is no failure', () => {
  expect(titled({ ovn: [ovn('ctl-1', leader212)] }, 'ovn-southbound.quorum-margin')).toEqual([
    'unknown: How many servers may fail is not known',
  ]);
});

test('OVS 2.12, all three asked: their own words count', () => {
  const all = [ovn('ctl-1', leader212), ovn('ctl-2', follower212), ovn('ctl-3', follower212)];
  expect(titled({ ovn: all }, 'ovn-southbound.quorum-margin')).toEqual(['pass: 1 server of 3 may fail']);
});

test('OVS 2.12, two asked and a third that does not answer: not known', () => {
  const some = [ovn('ctl-1', leader212), ovn('ctl-2', follower212), unseen('ovn OVN_Southbound on ctl-3')];
  expect(verdicts(assess({ ovn: some }), 'ovn-southbound.quorum-margin')).toEqual(['unknown']);
});

test('OVS 2.17: one that the leader never heard is not there (kube-ovn, recovery of a member with match_index=0)', () => {
  const leader = raft('Role: leader\nTerm: 1454\nLeader: self\nVote: self\nElection timer: 1000\n', [
    'f080 (f080 at tcp:[10.0.129.139]:6643) next_index=12512 match_index=12510 last msg 63 ms ago',
    '9182 (9182 at tcp:[10.0.128.61]:6643) (self) next_index=10394 match_index=12510',
    'e631 (e631 at tcp:[10.0.131.173]:6643) next_index=12512 match_index=0',
  ]);
  expect(titled({ ovn: [ovn('ctl-1', leader)] }, 'ovn-southbound.quorum-margin')).toEqual([
    'fail: No server may fail: 2 of 3 are there',
  ]);
});

test('OVS 2.16: a server that is still being added has no vote (ovn-org/ovn 235)', () => {
  const adding = raft(
    'Adding server ad90 (ad90 at tcp:ovn-ovsdb-sb-2:6644) (adding: catchup)\nRole: leader\nTerm: 4\nLeader: self\nVote: self\n\nElection timer: 8000\n',
    [
      '6378 (6378 at tcp:ovn-ovsdb-sb-0:6644) (self) next_index=8 match_index=16',
      '248e (248e at tcp:ovn-ovsdb-sb-1:6644) next_index=17 match_index=16 last msg 475 ms ago',
    ],
  );
  expect(titled({ ovn: [ovn('sb-0', adding)] }, 'ovn-southbound.quorum-margin')).toEqual([
    'fail: No server may fail: 2 of 2 are there',
  ]);
});

// --- Pacemaker ---------------------------------------------------------------------------------------------------

const NODES =
  '<nodes><node name="a" id="1" online="true" standby="false" unclean="false" type="member"/><node name="b" id="2" online="true" standby="false" unclean="false" type="member"/></nodes>';

/** `crm_mon -X` of 2.0.1 and `--output-as=xml` of 2.1 differ in their root, and in nothing that is read. */
const crm = (
  resources: string,
  { root = 'pacemaker-result', number = 1, nodes = NODES, options = '' } = {},
): string =>
  `<?xml version="1.0"?><${root} version="x"><summary><current_dc present="true" version="2.0.1" name="a" id="1" with_quorum="true"/><resources_configured number="${number}"/><cluster_options stonith-enabled="true" no-quorum-policy="stop" maintenance-mode="false" ${options}/></summary>${nodes}${resources}</${root}>`;

const device = (more: string): string =>
  `<resources><resource id="fence" resource_agent="stonith:fence_azure_arm" orphaned="false" managed="true" ${more}/></resources>`;
const stonith = (xml: string): string[] =>
  titled({ pacemaker: [seen<PacemakerStatus>(crmMon(xmlPackage, 'a', xml))] }, 'pacemaker.stonith');

test('the only device is switched off: nobody is fenced (2.0.1, ClusterLabs/ha_cluster_exporter 193; fenced, cib_device_update)', () => {
  const off = device('role="Stopped" target_role="Stopped" active="false" blocked="false" failed="false"');
  for (const root of ['crm_mon', 'pacemaker-result'])
    expect(stonith(crm(off, { root }))).toEqual(['fail: Fencing is on, and 1 device is switched off: fence']);
});

test('a device that does not run, failed or is blocked may fence or not (MicrosoftDocs/azure-docs 78420, ewwhite/zfs-ha 24)', () => {
  for (const how of [
    'role="Stopped" active="false" failed="false" blocked="false"',
    'role="Started" active="true" failed="true" blocked="false"',
    'role="Started" active="true" failed="false" blocked="true"',
  ])
    expect(stonith(crm(device(how)))).toEqual([
      'unknown: Fencing is on, and whether fence can fence is not known',
    ]);
});

test('a started device passes, and the title says what crm_mon does not tell', () => {
  const [said] = stonith(crm(device('role="Started" active="true" failed="false" blocked="false"')));
  expect(said).toBe(
    'pass: Fencing is on, and 1 device is started; which nodes it can fence crm_mon does not tell',
  );
});

test('a list of resources that is not there is no cluster without resources', () => {
  expect(() => crmMon(xmlPackage, 'a', crm('', { number: 10 }))).toThrow('listed no resources');
  expect(stonith(crm('', { number: 0 }))).toEqual([
    'fail: Fencing is on, and there is no device to fence with',
  ]);
});

test('a text that the validator takes for XML, and the parser does not (fast-xml-parser 5.12)', () => {
  expect(() => crmMon(xmlPackage, 'a', '<:/')).toThrow(UnreadError);
});

test('no node listed is no node online, and a node that does not tell is none that is online', () => {
  const pacemaker = [
    seen<PacemakerStatus>(crmMon(xmlPackage, 'a', crm('<resources/>', { number: 0, nodes: '<nodes/>' }))),
  ];
  expect(verdicts(assess({ pacemaker }), 'pacemaker.nodes')).toEqual(['unknown']);
  expect(verdicts(assess({ pacemaker }), 'pacemaker.quorum-margin')).toEqual(['unknown']);
  const mute = '<nodes><node name="a" id="1" type="member"/></nodes>';
  expect(() => crmMon(xmlPackage, 'a', crm('<resources/>', { number: 0, nodes: mute }))).toThrow(
    'does not tell',
  );
});

test('a cluster that is told to stop everything says so (2.0.3 and later, stop-all-resources)', () => {
  const xml = crm('<resources/>', { number: 0, options: 'stop-all-resources="true"' });
  expect(
    verdicts(
      assess({ pacemaker: [seen<PacemakerStatus>(crmMon(xmlPackage, 'a', xml))] }),
      'pacemaker.stop-all',
    ),
  ).toEqual(['fail']);
});

// --- Galera ------------------------------------------------------------------------------------------------------

test('a heavy node that is silent: how many may fail is not known (Galera, pc.weight)', () => {
  const three = [unseen('galera db-1:3306'), galera('db-2'), galera('db-3')];
  expect(titled({ galera: three }, 'mariadb.quorum-margin')[0]).toMatch(
    /^unknown: .* 1 weight was not seen$/,
  );
  // Of two it does not matter what they weigh.
  const two = [galera('db-2', { clusterSize: 2 }), unseen('galera db-3:3306')];
  expect(titled({ galera: two }, 'mariadb.quorum-margin')).toEqual(['fail: No node of 2 may fail']);
  const mute = [galera('db-1'), galera('db-2'), galera('db-3', { weight: undefined })];
  expect(verdicts(assess({ galera: mute }), 'mariadb.quorum-margin')).toEqual(['unknown']);
});

const told = (variables: Readonly<Record<string, string>>, status: Readonly<Record<string, string>> = {}) =>
  seen(
    galeraNode({
      host: 'db-1',
      port: 3306,
      status: new Map(
        Object.entries({
          wsrep_cluster_status: 'Primary',
          wsrep_cluster_size: '1',
          wsrep_cluster_state_uuid: 'u',
          wsrep_ready: 'ON',
          wsrep_local_state_comment: 'Synced',
          ...status,
        }),
      ),
      variables: new Map(
        Object.entries({
          version: '10.6.16-MariaDB',
          read_only: 'OFF',
          wsrep_on: 'ON',
          wsrep_provider: '/usr/lib/galera/libgalera_smm.so',
          wsrep_reject_queries: 'NONE',
          wsrep_sst_donor_rejects_queries: 'OFF',
          ...variables,
        }),
      ),
    }),
  );

test('wsrep_reject_queries: Primary, Synced, ready, and every query is an error (MariaDB, dispatch_command; MW-245)', () => {
  expect(titled({ galera: [told({})] }, 'mariadb.serves')).toEqual([
    'pass: db-1:3306 is ready, and rejects no queries',
  ]);
  for (const value of ['ALL', 'ALL_KILL']) {
    const findings = assess({ galera: [told({ wsrep_reject_queries: value })] });
    expect(verdicts(findings, 'mariadb.serves')).toEqual(['fail']);
    expect(
      only(findings, 'stack.single-point-of-failure').find(({ subject }) => subject.id === 'mariadb')?.title,
    ).toBe('No MariaDB with Galera works');
  }
});

test('a donor that rejects queries serves nobody, and one that does not tell is not known (sysown/proxysql 3227)', () => {
  const donor = { wsrep_local_state_comment: 'Donor/Desynced' };
  expect(
    verdicts(assess({ galera: [told({ wsrep_sst_donor_rejects_queries: 'ON' }, donor)] }), 'mariadb.serves'),
  ).toEqual(['fail']);
  expect(verdicts(assess({ galera: [told({}, donor)] }), 'mariadb.serves')).toEqual(['pass']);
  expect(verdicts(assess({ galera: [told({ wsrep_reject_queries: '' })] }), 'mariadb.serves')).toEqual([
    'unknown',
  ]);
});

test('MariaDB 12 has stricter words than ON for read_only; a node that does not tell is not known', () => {
  expect(verdicts(assess({ galera: [told({ read_only: 'NO_LOCK_NO_ADMIN' })] }), 'mariadb.writable')).toEqual(
    ['fail'],
  );
  expect(verdicts(assess({ galera: [told({ read_only: '' })] }), 'mariadb.writable')).toEqual(['unknown']);
  expect(verdicts(assess({ galera: [told({ wsrep_on: '' })] }), 'mariadb.wsrep-on')).toEqual(['unknown']);
});

test('a Galera node that does not tell its provider is not one without Galera', () => {
  const variables = new Map([
    ['version', '10.6.16-MariaDB'],
    ['wsrep_on', 'ON'],
  ]);
  expect(() => galeraNode({ host: 'a', port: 1, status: new Map(), variables })).toThrow('wsrep_provider');
  const mysql = new Map([
    ['version', '8.0.36'],
    ['read_only', 'OFF'],
  ]);
  expect(galeraNode({ host: 'a', port: 1, status: new Map(), variables: mysql }).wsrep).toBe('off');
});

test('a history that one does not tell is neither the same nor another', () => {
  const nodes = [galera('db-1'), galera('db-2'), galera('db-3', { clusterStateUuid: undefined })];
  expect(verdicts(assess({ galera: nodes }), 'mariadb.split-brain')).toEqual(['unknown']);
});

// --- VIP ---------------------------------------------------------------------------------------------------------

const ip = (info: object, link: object = { flags: ['BROADCAST', 'UP', 'LOWER_UP'] }): string =>
  JSON.stringify([
    {
      ifname: 'lo',
      flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
      addr_info: [{ family: 'inet', local: '127.0.0.1' }],
    },
    {},
    {
      ifname: 'eth0',
      ...link,
      addr_info: [{ family: 'inet6', local: 'fd00::10', prefixlen: 128, ...info }, {}],
    },
  ]);

test.each([
  ['tentative', { tentative: true }, {}],
  ['dadfailed', { tentative: true, dadfailed: true }, {}],
  ['interface down', {}, { flags: ['BROADCAST', 'MULTICAST'] }],
  ['no carrier', {}, { flags: ['NO-CARRIER', 'BROADCAST', 'UP'] }],
])(
  'an address that is %s is not answered for (ClusterLabs/resource-agents 180, vishvananda/netlink 848)',
  (mute, info, link) => {
    expect(holderOf('fd00::10', ip(info, link))).toEqual({ interface: 'eth0', mute });
    const hosts = [
      { host: 'a', owns: false, interface: 'eth0', mute, keepalived: true },
      { host: 'b', owns: false, interface: undefined, mute: undefined, keepalived: true },
    ];
    const vips = [seen({ address: 'fd00::10', candidates: ['a', 'b'], hosts, owners: [] })];
    expect(titled({ vips }, 'keepalived.owner')).toEqual([
      `fail: Nobody answers for fd00::10: a has it, ${mute}`,
    ]);
    expect(verdicts(assess({ vips }), 'keepalived.double-master')).toEqual([
      mute === 'dadfailed' ? 'fail' : 'pass',
    ]);
  },
);

test('a deprecated address, as keepalived sets them, and an optimistic one are answered for (RFC 4862, RFC 4429)', () => {
  expect(holderOf('fd00::10', ip({ deprecated: true }))).toEqual({ interface: 'eth0', mute: undefined });
  expect(holderOf('fd00::10', ip({ tentative: true, optimistic: true }))).toMatchObject({ mute: undefined });
});

test('one that has it beside one that asks whether it is free is two', () => {
  const hosts = [
    { host: 'a', owns: true, interface: 'eth0', mute: undefined, keepalived: true },
    { host: 'b', owns: false, interface: 'eth0', mute: 'tentative', keepalived: true },
  ];
  const vips = [seen({ address: 'fd00::10', candidates: ['a', 'b'], hosts, owners: ['a'] })];
  expect(verdicts(assess({ vips }), 'keepalived.double-master')).toEqual(['fail']);
  expect(titled({ vips }, 'keepalived.spare')).toEqual([
    'pass: keepalived runs on 2 hosts that may have fd00::10',
  ]);
});

test('no interface at all, or one whose addresses are not told, is no host without the address', () => {
  expect(() => holderOf('fd00::10', '[]')).toThrow('no interface');
  expect(() => holderOf('fd00::10', '[{"ifname":"eth0"}]')).toThrow('did not tell');
});

// --- HAProxy -----------------------------------------------------------------------------------------------------

/** Of 1.5; later ones add columns at the end. */
const HEAD = '# pxname,svname,scur,slim,status,weight,act,bck,type,check_status,';

test('HAProxy 2.3.0 to 2.3.2: rows whose cells are lost are not read as nothing (haproxy/haproxy 992)', () => {
  expect(() => haproxyProxies(`${HEAD}\nft_service_api,,,,,,,,,,\n`)).toThrow('empty svname');
  expect(() => haproxyProxies(`${HEAD}\nbk,p091,0,,UP,1,1,0,,L7OK,\n`)).toThrow('empty type');
});

test('columns that are needed and not there are named', () => {
  expect(() => haproxyProxies('# pxname,svname,scur,\nbk,p091,0,\n')).toThrow('without the column status');
});

test('a server of weight 0 gets no new connections, whatever its checks say (HAProxy’s manual, `weight`)', () => {
  const rows = [
    'bk,s1,0,,UP,0,1,0,2,L7OK,',
    'bk,s2,0,,UP 1/2,1,1,0,2,L7OK,',
    'bk,s3,0,,MAINT,1,1,0,2,,',
    'bk,s4,0,,no check,1,1,0,2,,',
  ];
  const [proxy] = haproxyProxies(`${HEAD}\n${rows.join('\n')}\n`);
  expect(proxy?.servers.map(({ up }) => up)).toEqual([false, true, false, undefined]);
});

// --- RabbitMQ ----------------------------------------------------------------------------------------------------

test('without statistics partitions and alarms are not told, and are not none (rabbitmq/rabbitmq-server 8556)', () => {
  const mute = { partitions: undefined, memoryAlarm: undefined, diskAlarm: undefined };
  const nodes = { 'rabbit-1': mute, 'rabbit-2': mute, 'rabbit-3': mute };
  const all = ['rabbit-1', 'rabbit-2', 'rabbit-3'].map((node) => rabbit(node, { alarms: undefined }, nodes));
  expect(verdicts(assess({ rabbit: all }), 'rabbitmq.split-brain')).toEqual(['unknown']);
  expect(new Set(verdicts(assess({ rabbit: all }), 'rabbitmq.alarms'))).toEqual(new Set(['unknown']));
});

test('a parted cluster of 3.6 (kbudde/rabbitmq_exporter 54)', () => {
  const parted = rabbit('rabbit-1', {}, { 'rabbit-1': { partitions: ['rabbit-2', 'rabbit-3'] } });
  expect(verdicts(assess({ rabbit: [parted] }), 'rabbitmq.split-brain')).toEqual(['fail']);
});

test('a queue that does not tell who holds it is neither safe nor lost', () => {
  // 3.7 has no member `type`; 3.8 and later tell members and online of a quorum queue, with statistics or without.
  const of = (queue: object) =>
    OldQueue.parse({ name: 'q', vhost: '/', durable: true, exclusive: false, auto_delete: false, ...queue });
  const judged = (...queues: object[]) =>
    assess({ rabbit: [rabbit('rabbit-1', { queues: queues.map(of) })] });
  expect(of({ node: 'rabbit@a' })).toMatchObject({ type: 'classic', members: ['rabbit@a'] });
  expect(verdicts(judged({ type: 'quorum', members: ['a', 'b', 'c'] }), 'rabbitmq.quorum-queues')).toEqual([
    'unknown',
  ]);
  expect(verdicts(judged({ type: 'quorum' }), 'rabbitmq.quorum-queues')).toEqual(['unknown']);
  expect(verdicts(judged({ type: 'classic', node: '' }), 'rabbitmq.classic-queues')).toEqual(['unknown']);
  expect(
    verdicts(
      judged({ type: 'quorum', members: ['a', 'b', 'c'], online: ['a', 'b'] }),
      'rabbitmq.quorum-queues',
    ),
  ).toEqual(['fail']);
});

test('a list of no nodes is no cluster of none', () => {
  const findings = assess({ rabbit: [rabbit('rabbit-1', { nodes: [] })] });
  expect(verdicts(findings, 'rabbitmq.quorum-margin')).toEqual(['unknown']);
  expect(verdicts(findings, 'rabbitmq.split-brain')).toEqual(['unknown']);
});

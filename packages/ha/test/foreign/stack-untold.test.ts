import * as xmlPackage from 'fast-xml-parser';
// What components of a stack leave out, or say in words that are not known: neither good nor bad.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { observeEtcd, type StackSnapshot } from '../../src/stack.ts';
import { UnreadError } from '../../src/probing/ask.ts';
import { crmMon } from '../../src/components/pacemaker/crm-mon.ts';
import { haproxyProxies } from '../../src/components/haproxy/haproxy-stat.ts';
import { apiReplica, versionSkew } from '../../src/components/apis/observe-api.ts';
import { ovnClusterStatus } from '../../src/components/ovn/ovn-cluster-status.ts';
import { assess, only } from '../stack/assessed.ts';
import { galera, seen } from '../stack/seen.ts';

const titled = (parts: Partial<StackSnapshot>, id: string): string[] =>
  only(assess(parts), id).map(({ verdict, title }) => `${verdict}: ${title}`);

// `srv_hlt_st` in HAProxy's src/stats.c: UP, DOWN, NOLB, DRAIN and `no check`, and MAINT; haproxy/haproxy issue 992: lost cells.
test.each([
  ['READY', '1', 'unknown: mariadb: whether a server works is not known'],
  ['UP', '', 'unknown: mariadb: whether a server works is not known'],
  ['no check', '1', 'unknown: mariadb: whether a server works is not known, nobody checks'],
  ['DOWN (agent)', '1', 'fail: mariadb: no server is up'],
])('HAProxy says %j with the weight %j: %s', (status, weight, said) => {
  const proxies = haproxyProxies(
    `# pxname,svname,status,type,weight,\nmariadb,ctl-1,${status},2,${weight},\n`,
  );
  const haproxy = [seen({ address: 'lb-1', version: '2.6', processes: 1, proxies, stopping: false })];
  expect(titled({ haproxy: haproxy as unknown as StackSnapshot['haproxy'] }, 'haproxy.backend')).toEqual([
    said,
  ]);
});

// ClusterLabs/pacemaker, lib/pengine/native.c (`pe__resource_xml`): all three are told of every resource. Fuel's crm_mon of 1.1.12
// does not tell `blocked`.
test.each(['active', 'managed', 'failed'])(
  'crm_mon without `%s` of a resource says nothing of it',
  (name) => {
    const attributes = 'active="true" orphaned="false" managed="true" failed="false"';
    const crm = (told: string): string =>
      `<crm_mon version="1.1.12"><summary><current_dc present="true" version="1.1.12" name="a" with_quorum="true"/></summary><nodes><node name="a" id="1" online="true" unclean="false"/></nodes><resources><resource id="vip__management" resource_agent="ocf::fuel:ns_IPaddr2" role="Started" ${told} failure_ignored="false" nodes_running_on="1"><node name="a" id="1" cached="false"/></resource></resources></crm_mon>`;
    expect(crmMon(xmlPackage, 'a', crm(attributes)).resources).toMatchObject([
      { active: true, blocked: false },
    ]);
    expect(() =>
      crmMon(xmlPackage, 'a', crm(attributes.replace(new RegExp(`${name}="[a-z]+"`), ''))),
    ).toThrow(UnreadError);
  },
);

// ovsdb/raft.c of OVS, `raft_unixctl_status`: the servers come last, one a line.
test('a server in another form is not left out of the count', () => {
  const printed = (server: string): string =>
    `6378\nName: OVN_Southbound\nStatus: cluster member\nRole: leader\nTerm: 3\nLeader: self\nServers:\n    6378 (6378 at tcp:10.0.0.113:5002) (self)\n${server}`;
  expect(ovnClusterStatus(printed('    a20b (a20b at tcp:10.0.0.114:5002)\n')).servers).toHaveLength(2);
  expect(() => ovnClusterStatus(printed('    a20b at tcp:10.0.0.114:5002\n'))).toThrow(UnreadError);
});

// MariaDB's `SHOW STATUS LIKE 'wsrep_%'` has no row of what its provider does not tell (mariadb.com/kb, "Galera Cluster Status Variables").
test('a node that does not tell whether it is in the primary component is not said to be outside', () => {
  const node = galera('ctl-1', { clusterStatus: undefined });
  expect(titled({ galera: [node] }, 'mariadb.primary')).toEqual([
    'unknown: Whether ctl-1:3306 is in the primary component is not told',
  ]);
});

// keystoneauth1/discover.py, `Discover.version_data`: "Skipping invalid version data. Missing ID."
test('versions that are not understood are compared, and not left out', () => {
  const says = (version: object) => ({
    ...apiReplica('http://ctl', { status: 300, text: JSON.stringify({ versions: [version] }) }),
    latencyMs: 1,
  });
  expect(versionSkew([says({ series: 'a' }), says({ series: 'b' })])).toHaveLength(2);
  expect(versionSkew([says({ series: 'a' }), says({ series: 'a' })])).toHaveLength(1);
});

/** An etcd whose answers to some paths are others. */
async function etcd(odd: Readonly<Record<string, object>>) {
  const header = { cluster_id: '1', member_id: '2', revision: '1', raft_term: '3' };
  const answers: Record<string, object> = {
    '/v3/maintenance/status': { header, version: '3.5.9', leader: '2', raftTerm: '3', dbSize: '20480' },
    '/health': { health: 'true' },
    '/v3/cluster/member/list': { header, members: [{ ID: '2', name: 'a' }] },
    '/v3/maintenance/alarm': { header },
    ...odd,
  };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answers[request.url ?? ''] ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return observeEtcd({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
const alarms = async (odd: Readonly<Record<string, object>>) =>
  titled({ etcd: [await etcd(odd)] }, 'etcd.alarms');

// api/etcdserverpb/rpc.proto: `AlarmResponse` leaves its alarms out if there are none; that of Debian's etcd 3.4 is `{}` then.
test('an answer that is not of etcd lists no alarm, and says nothing of alarms', async () => {
  expect(await alarms({})).toEqual(['pass: etcd lists no alarm']);
  expect(await alarms({ '/v3/maintenance/alarm': {} })).toEqual(['pass: etcd lists no alarm']);
  expect(await alarms({ '/v3/maintenance/alarm': { error: 'upstream' } })).toEqual([
    'unknown: Whether there are alarms is not told',
  ]);
});

// etcd-io/etcd, server/etcdserver/api/etcdhttp/health.go: "true" or "false".
test('a health in another word is not told', async () => {
  const { value, gaps } = await etcd({ '/health': { health: 'starting' } });
  expect(value?.healthy).toBeUndefined();
  expect(gaps).toHaveLength(1);
});

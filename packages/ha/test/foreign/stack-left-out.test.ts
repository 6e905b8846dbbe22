// What a component, or a proxy before it, leaves out of its answer, and a list that was not read whole: what was not told is
// neither good nor bad, and no move is called safe on it.
import * as xmlPackage from 'fast-xml-parser';
import type { CommandResult, Host } from '@groundcrew/runbook';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '@groundcrew/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  emptySnapshot,
  observeOvn,
  observeRabbit,
  type PacemakerStatus,
  type StackSnapshot,
  unsafeNow,
} from '../../src/stack.ts';
import { galeraNode } from '../../src/components/galera/galera-node.ts';
import { haproxyProxies } from '../../src/components/haproxy/haproxy-stat.ts';
import { ovnClusterStatus } from '../../src/components/ovn/ovn-cluster-status.ts';
import { crmMon } from '../../src/components/pacemaker/crm-mon.ts';
import { standingInTheWay } from '../../src/components/galera/galera-obstacles.ts';
import { whyNotRestart } from '../../src/components/rabbitmq/plan-rabbit-restart.ts';
import { holderOf } from '../../src/components/vip/observe-vip.ts';
import { killed, serving } from '../recovery/galera-nodes.ts';
import { up } from '../recovery/rabbit-nodes.ts';
import { denied, judged, seen as seenList, worker } from '../snapshots.ts';
import { assess, only, spof, verdicts } from '../stack/assessed.ts';
import { galera, rabbit, seen, unseen } from '../stack/seen.ts';

const titled = (parts: Partial<StackSnapshot>, id: string): string[] =>
  only(assess(parts), id).map(({ verdict, title }) => `${verdict}: ${title}`);
const codes = (component: string, parts: Partial<StackSnapshot>, move: string): string[] =>
  unsafeNow(component, { ...emptySnapshot, ...parts }, { move }).map(({ code }) => code);

// HAProxy's src/stats.c: `act` and `bck` are written of each server, `weight` and `check_status` where there are such.
describe('HAProxy', () => {
  const status = (head: string, ...rows: string[]): StackSnapshot['haproxy'] => [
    seen({
      address: 'lb-1',
      version: '2.6',
      pid: 1,
      uptimeMs: 1,
      stopping: false,
      connections: 1,
      connectionLimit: 1,
      proxies: haproxyProxies(`# ${head}\n${rows.join('\n')}\n`),
    }),
  ];
  const HEAD = 'pxname,svname,status,type,weight,';
  const WITH_BACKUP = `${HEAD}bck,`;

  test('without the column `bck` it is not told to how many nodes the database is written', () => {
    const single = (...parts: Parameters<typeof status>) =>
      titled({ haproxy: status(...parts) }, 'mariadb.single-writer');
    expect(single(HEAD, 'mariadb,a,UP,2,1,', 'mariadb,b,UP,2,1,')).toEqual([
      'unknown: To how many nodes mariadb writes is not told',
    ]);
    expect(single(WITH_BACKUP, 'mariadb,a,UP,2,1,0,', 'mariadb,b,UP,2,1,1,')).toEqual([
      'pass: mariadb writes to one node',
    ]);
    expect(single(WITH_BACKUP, 'mariadb,a,UP,2,1,0,', 'mariadb,b,UP,2,1,0,', 'mariadb,c,UP,2,1,,')).toEqual([
      'fail: mariadb writes to 2 nodes',
    ]);
  });

  test('one that is up beside one that is not told is no single point of failure', () => {
    const haproxy = status(HEAD, 'api,a,UP,2,1,', 'api,b,no check,2,1,');
    expect(titled({ haproxy }, 'haproxy.backend')).toEqual([
      'unknown: api: a is up; whether b works is not known',
    ]);
  });

  test('draining the only server, which nobody checks, is not called safe', () => {
    expect(codes('haproxy', { haproxy: status(HEAD, 'api,a,no check,2,1,') }, 'drain')).toEqual([
      'haproxy.unseen',
    ]);
    expect(codes('haproxy', { haproxy: status(HEAD, 'api,a,DOWN,2,1,') }, 'drain')).toEqual([]);
  });
});

describe('OVN', () => {
  const answering = (said: CommandResult['stderr']): Host => ({
    name: 'ctl-1',
    run: async (command) => ({
      host: 'ctl-1',
      command,
      dropped: 0,
      durationMs: 1,
      ...(command.includes('ovsdb-server/list-dbs')
        ? { exitCode: 0, stdout: 'OVN_Southbound\n_Server\n', stderr: '' }
        : { exitCode: 2, stdout: '', stderr: said }),
    }),
    upload: () => Promise.reject(new Error('not asked for')),
    download: () => Promise.reject(new Error('not asked for')),
  });
  const look = (said: string) => observeOvn({ host: answering(said), database: 'OVN_Southbound' });

  // ovs lib/unixctl.c, ovsdb/raft.c (`raft_unixctl_status`), utilities/ovs-appctl.c.
  test.each([
    '"cluster/status" is not a valid command (use "list-commands" to see a list of valid commands)',
    'unknown cluster\novs-appctl: /var/run/ovn/ovnsb_db.ctl: server returned an error',
  ])('%s: it is not clustered', async (said) => {
    expect((await look(said)).value).toMatchObject({ raft: 'standalone' });
  });

  test.each(['ovs-appctl: /var/run/ovn/ovnsb_db.ctl: transaction error (End of file)', ''])(
    'a `cluster/status` that fails (%j) does not say that there is no cluster',
    async (said) => {
      expect(await look(said)).toMatchObject({ value: undefined, completeness: 'failed', gaps: [{}] });
    },
  );

  test('without the line `Leader` it is not said that nobody leads', () => {
    const printed = (leader: string) =>
      `6378\nStatus: cluster member\nRole: follower\nTerm: 3\n${leader}Servers:\n    6378 (6378 at tcp:10.0.0.113:5002) (self)\n`;
    expect(ovnClusterStatus(printed('Leader: unknown\n')).leader).toBeUndefined();
    expect(() => ovnClusterStatus(printed(''))).toThrow('does not tell its leader');
  });
});

// ClusterLabs/pacemaker, tools/crm_mon and lib/pengine: `current_dc` with `present`, `standby` and the count are of every version.
describe('Pacemaker', () => {
  const NODE = '<node name="a" id="1" online="true" standby="false" unclean="false" type="member"/>';
  const crm = ({
    dc = '<current_dc present="true" name="a" with_quorum="true"/>',
    nodes = NODE,
    count = 0,
  }) =>
    crmMon(
      xmlPackage,
      'a',
      `<crm_mon version="2.0"><summary>${dc}<resources_configured number="${count}"/><cluster_options stonith-enabled="true"/></summary><nodes>${nodes}</nodes><resources></resources></crm_mon>`,
    );
  const told = (parts: Parameters<typeof crm>[0]) => [seen<PacemakerStatus>(crm(parts))];

  test('an empty list of ten resources is no cluster without a fencing device', () => {
    expect(crm({}).resources).toEqual([]);
    expect(() => crm({ count: 10 })).toThrow('listed no resources');
  });

  test('without `current_dc` it is not said that nobody coordinates', () => {
    expect(() => crm({ dc: '' })).toThrow('whether a node coordinates');
    expect(crm({ dc: '<current_dc present="false"/>' }).coordinator).toBeUndefined();
  });

  test('a coordinator that does not tell its quorum is not nobody', () => {
    const pacemaker = told({ dc: '<current_dc present="true" name="a"/>' });
    expect(titled({ pacemaker }, 'pacemaker.quorum')).toEqual([
      'unknown: Whether there is quorum is not told',
    ]);
  });

  test('no node listed: neither is none online, nor may one be stopped', () => {
    const pacemaker = told({ nodes: '' });
    expect(spof(assess({ pacemaker }), 'pacemaker')?.verdict).toBe('unknown');
    expect(codes('pacemaker', { pacemaker }, 'restart')).toEqual(['pacemaker.unseen']);
  });

  test('a node that does not tell whether it stands by, or one that was not seen, may take an address', () => {
    const hosts = ['a', 'b'].map((host) => ({
      host,
      owns: host === 'a',
      interface: undefined,
      keepalived: false,
    }));
    const vips = [seen({ address: '10.0.0.10', candidates: ['a', 'b'], hosts, owners: ['a'] })];
    const spare = (pacemaker: StackSnapshot['pacemaker']) =>
      verdicts(assess({ vips, pacemaker }), 'keepalived.spare');
    expect(spare([])).toEqual(['fail']);
    expect(spare(told({}))).toEqual(['fail']);
    expect(spare([unseen('pacemaker a')])).toEqual(['unknown']);
    expect(spare(told({ nodes: NODE.replace('standby="false"', '') }))).toEqual(['unknown']);
  });
});

// iproute2 ip/ipaddress.c: the flags are printed of every interface.
test('an interface whose flags are not told is not one that answers', () => {
  const printed = (flags?: string[]) =>
    JSON.stringify([{ ifname: 'eth0', flags, addr_info: [{ local: '10.0.0.10' }] }]);
  expect(holderOf('10.0.0.10', printed(['UP', 'LOWER_UP']))).toEqual({ interface: 'eth0', mute: undefined });
  expect(() => holderOf('10.0.0.10', printed())).toThrow('did not tell the state of eth0');
});

// mariadb.com/kb, "Galera Cluster Status Variables": a row is missing where the provider does not tell.
describe('Galera', () => {
  test('a node that does not tell its state may be a donor that rejects queries', () => {
    const serves = (donorRejectsQueries: boolean) =>
      verdicts(
        assess({ galera: [galera('db-1', { localState: undefined, donorRejectsQueries })] }),
        'mariadb.serves',
      );
    expect(serves(true)).toEqual(['unknown']);
    expect(serves(false)).toEqual(['pass']);
  });

  test('a size that is not told is a margin that is not known, and a restart that is not safe', () => {
    const nodes = ['db-1', 'db-2', 'db-3'].map((host) => galera(host, { clusterSize: undefined }));
    expect(titled({ galera: nodes }, 'mariadb.quorum-margin')).toEqual([
      'unknown: How many nodes may fail is not known: the size of the cluster is not told',
    ]);
    expect(codes('mariadb', { galera: nodes }, 'restart')).toEqual(Array(3).fill('mariadb.unseen'));
  });

  test('a node that does not tell its component may be primary: no bootstrap', () => {
    const nodes = [
      galera('db-1', { clusterStatus: 'non-Primary' }),
      galera('db-2', { clusterStatus: undefined }),
    ];
    expect(codes('mariadb', { galera: nodes }, 'bootstrap')).toEqual(['mariadb.bootstrap-unseen']);
  });

  test('a provider that cannot be read is not `none`', () => {
    const of = (provider: string) =>
      galeraNode({
        host: 'db-1',
        port: 3306,
        status: new Map(),
        variables: new Map([
          ['version', '10.11.6-MariaDB'],
          ['wsrep_provider', provider],
        ]),
      });
    expect(of('none').wsrep).toBe('off');
    expect(() => of('')).toThrow('wsrep_provider');
  });

  test('whose processes were not seen may have been told to begin a cluster', () => {
    const { live } = serving('b', { clusterStatus: 'Disconnected' });
    const node = (bootstrapping: boolean | undefined) =>
      standingInTheWay([killed('b', 3, { process: 'running', live, bootstrapping })], []).map(
        ({ code }) => code,
      );
    expect(node(undefined)).toEqual(['galera.unseen']);
    expect(node(true)).toEqual(['galera.bootstrap-underway']);
    expect(node(false)).toEqual([]);
  });
});

describe('RabbitMQ', () => {
  test('no node listed is not a minority', () => {
    expect(codes('rabbitmq', { rabbit: [rabbit('rabbit-1', { nodes: [] })] }, 'stop')).toEqual([
      'rabbitmq.unseen',
    ]);
  });

  test('alarms that are not told do not allow a restart', () => {
    const of = ['a', 'b', 'c'];
    const nodes = of.map((node) => up(node, { sees: of, of }));
    expect(whyNotRestart(nodes, ['a'])).toEqual([]);
    const mute = nodes.map((node) =>
      typeof node.view === 'object' ? { ...node, view: { ...node.view, alarms: undefined } } : node,
    );
    expect(whyNotRestart(mute, ['a']).map(({ code }) => code)).toEqual(Array(3).fill('rabbitmq.unseen'));
  });

  // rabbitmq-server, deps/rabbitmq_management: `type` is of 3.8, which brought quorum queues.
  test.each([
    ['3.7.28', 'complete'],
    ['3.10.8', 'partial'],
    ['4.1.0', 'partial'],
  ])('a queue without a type, of %s: %s', async (rabbitmq_version, completeness) => {
    const answers: Record<string, object> = {
      '/api/overview': { rabbitmq_version, node: 'rabbit@a' },
      '/api/nodes': [{ name: 'rabbit@a', running: true, partitions: [] }],
      '/api/queues': { items: [{ name: 'q', vhost: '/', node: 'rabbit@a' }], page_count: 1 },
      '/api/feature-flags': [],
    };
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://x').pathname;
      response.end(JSON.stringify(answers[path] ?? { status: 'ok' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const observed = await observeRabbit({ url, user: 'u', password: new Secret('p') });
    expect(observed.completeness).toBe(completeness);
    expect(observed.value?.queues === undefined).toBe(completeness === 'partial');
  });
});

test('the replicas of an API that are given in two parts are counted together', () => {
  const part = (url: string) =>
    seen({
      component: 'keystone',
      urls: [url],
      replicas: [{ url, status: 300, latencyMs: 1, versions: [], release: undefined }],
    });
  const apis = [part('http://ctl-1:5000/'), part('http://ctl-2:5000/')];
  expect(spof(assess({ apis }), 'keystone')?.verdict).toBe('pass');
});

describe('heartbeats of which a part was not seen', () => {
  test('one scheduler in a list that may lack others is no single point of failure', () => {
    const one = [worker('nova-scheduler', 'ctl-1')];
    const partial = {
      ...denied<(typeof one)[number]>('compute services'),
      value: one,
      completeness: 'partial' as const,
    };
    expect(judged({ compute: partial }, 'ha.single-point-of-failure')).toMatchObject([
      { verdict: 'unknown' },
    ]);
    expect(judged({ compute: seenList(one) }, 'ha.single-point-of-failure')).toMatchObject([
      { verdict: 'fail' },
    ]);
  });
});

import * as xmlPackage from 'fast-xml-parser';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiReplica } from '../../src/components/apis/observe-api.ts';
import { unread, UnreadError } from '../../src/probing/ask.ts';
import { crmMon } from '../../src/components/pacemaker/crm-mon.ts';
import { csvRows } from '../../src/probing/csv.ts';
import { galeraNode } from '../../src/components/galera/galera-node.ts';
import { haproxyInfo, haproxyProxies } from '../../src/components/haproxy/haproxy-stat.ts';
import { memcachedStatus } from '../../src/components/memcached/observe-memcached.ts';
import { holderOf } from '../../src/components/vip/observe-vip.ts';
import { ovnClusterStatus } from '../../src/components/ovn/ovn-cluster-status.ts';

const STAT = [
  '# pxname,svname,scur,slim,status,weight,act,bck,lastchg,downtime,type,check_status,check_code,last_chk,check_rise,check_fall,addr,mode,',
  'keystone,FRONTEND,3,500,OPEN,,,,,,0,,,,,,,http,',
  'keystone,ctl-1,1,,UP,1,1,0,915,0,2,L7OK,200,"Layer7, passed ""ok""",2,5,10.0.0.1:5000,http,',
  'keystone,ctl-2,0,,DOWN,1,1,0,3,3,2,L4CON,,Connection refused,2,5,10.0.0.2:5000,http,',
  'keystone,ctl-3,0,,no check,1,0,1,3,3,2,,,,2,5,10.0.0.3:5000,http,',
  'keystone,BACKEND,1,50,UP,1,1,0,915,0,1,,,,,,,http,',
  '',
  '',
].join('\n');

const CRM = `<pacemaker-result api-version="2.25" request="crm_mon">
  <summary>
    <current_dc present="true" version="2.1.5" name="ctl-1" id="1" with_quorum="true"/>
    <cluster_options stonith-enabled="false" no-quorum-policy="stop" maintenance-mode="false"/>
  </summary>
  <nodes>
    <node name="ctl-1" id="1" online="true" unclean="false" type="member" resources_running="1"/>
    <node name="ctl-2" id="2" online="false" unclean="true" type="member" resources_running="0"/>
  </nodes>
  <resources>
    <group id="front"><resource id="vip" resource_agent="ocf:heartbeat:IPaddr2" role="Started" active="true" managed="true" failed="false"><node name="ctl-1"/></resource></group>
    <clone id="hp-clone"><group id="inner"><resource id="hp" resource_agent="systemd:haproxy" role="Stopped" active="false" managed="true" failed="true"/></group></clone>
  </resources>
  <failures><failure op_key="hp_start_0" node="ctl-1" exitstatus="error" exitreason="no config &amp; no hope"/></failures>
  <status code="0" message="OK"/>
</pacemaker-result>
`;

const RAFT = `1a2b
Name: OVN_Southbound
Cluster ID: 8b2c (8b2c8a06-1111-4222-8333-444455556666)
Server ID: 1a2b (1a2b8a06-1111-4222-8333-444455556666)
Address: ssl:[fd00::1]:6644
Status: cluster member
Role: leader
Term: 4
Leader: self
Vote: self

Election timer: 1000
Log: [2, 7]
Connections: ->0000 <-3c4d
Servers:
    1a2b (1a2b at ssl:[fd00::1]:6644) (self) next_index=4 match_index=6
    3c4d (3c4d at ssl:[fd00::2]:6644) next_index=7 match_index=6 last msg 321 ms ago
`;

const galeraOf = (text: string): unknown => {
  const variables = new Map(
    text.split('\n').map((line): [string, string] => [line.split('=')[0] ?? '', line.split('=')[1] ?? '']),
  );
  return galeraNode({ host: 'db', port: 3306, status: variables, variables });
};

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'show stat': haproxyProxies,
  'show info': haproxyInfo,
  crm_mon: (text) => crmMon(xmlPackage, 'ctl', text),
  'cluster/status': ovnClusterStatus,
  memcached: (text) => memcachedStatus('cache', text),
  'ip -j addr': (text) => holderOf('10.0.0.1', text),
  galera: galeraOf,
  api: (text) => apiReplica('http://a/', { status: 200, text }),
};

/** Does a reader say of an answer something, or why not in its own words? Anything else it throws is a bug. */
function isSaid(read: (text: string) => unknown, text: string): boolean {
  try {
    return read(text) !== null;
  } catch (error) {
    return unread('it', error).why !== '';
  }
}

describe('whatever is answered', () => {
  const bits = fc.constantFrom(
    STAT,
    CRM,
    RAFT,
    '[{"ifname":"eth0","addr_info":[{"local":"10.0.0.1"}]}]',
    'STAT version 1.6\r\nEND\r\n',
    '{"versions":[]}',
    'version=10.11',
    '<',
    '"',
    ',',
    '\n',
    '{',
    '&#x0;',
    '__proto__',
    '\0',
  );
  const rubbish = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(bits, fc.string()), { maxLength: 6 }).map((parts) => parts.join('')),
    fc
      .tuple(bits, fc.nat(600), fc.string())
      .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at)),
  );
  test.each(Object.entries(READERS))('%s makes something of it, or a gap', (_, read) => {
    expect(() =>
      fc.assert(
        fc.property(rubbish, (text) => isSaid(read, text)),
        { numRuns: 500 },
      ),
    ).not.toThrow();
  });

  test.each(Object.entries(READERS).filter(([name]) => name !== 'api'))(
    '%s of nothing is a gap',
    (_, read) => {
      expect(() => read('')).toThrow(UnreadError);
    },
  );
});

describe('HAProxy', () => {
  test('proxies, sides and servers, quotes and all', () => {
    const [keystone, ...others] = haproxyProxies(STAT);
    expect(others).toEqual([]);
    expect(keystone).toMatchObject({
      name: 'keystone',
      mode: 'http',
      frontend: { status: 'OPEN', sessions: 3, sessionLimit: 500 },
      backend: { status: 'UP' },
    });
    expect(keystone?.servers).toMatchObject([
      {
        name: 'ctl-1',
        up: true,
        backup: false,
        check: 'L7OK',
        checkCode: 200,
        checkSaid: 'Layer7, passed "ok"',
        rise: 2,
        fall: 5,
        lastChangeMs: 915_000,
        address: '10.0.0.1:5000',
      },
      { name: 'ctl-2', up: false, checkCode: undefined, downtimeMs: 3_000 },
      { name: 'ctl-3', up: undefined, backup: true },
    ]);
  });

  test.each(['UP 1/3', 'UP'])('%s still serves', (status) => {
    expect(
      haproxyProxies(STAT.replace(',UP,1,1,0,915,0,2', `,${status},1,1,0,915,0,2`))[0]?.servers[0]?.up,
    ).toBe(true);
  });

  test.each(['DOWN 1/2', 'MAINT', 'MAINT (via a/b)', 'MAINT (resolution)', 'DRAIN', 'NOLB'])(
    '%s gets nobody new',
    (status) => {
      expect(
        haproxyProxies(STAT.replace(',UP,1,1,0,915,0,2', `,${status},1,1,0,915,0,2`))[0]?.servers[0]?.up,
      ).toBe(false);
    },
  );

  test('cut within a row is a gap; later versions’ columns do not matter', () => {
    const rows = STAT.trimEnd();
    for (let at = rows.lastIndexOf('\n') + 2; at < rows.length; at += 1)
      expect(() => haproxyProxies(rows.slice(0, at))).toThrow(/row 5 .* columns/);
    const wider = STAT.replace('mode,\n', 'mode,new_column,\n').replaceAll(/http,\n/g, 'http,7,\n');
    expect(haproxyProxies(wider)).toEqual(haproxyProxies(STAT));
  });

  test('a header without rows is a HAProxy without proxies', () => {
    expect(haproxyProxies(`${STAT.split('\n')[0]}\n\n`)).toEqual([]);
  });

  test('a quote that is never closed does not hide what follows', () => {
    expect(() => haproxyProxies(STAT.replace('""ok"""', '""ok'))).toThrow(/columns/);
    expect(csvRows('a,"b\nc",d\r\n"x""y",\n')).toEqual([
      ['a', 'b\nc', 'd'],
      ['x"y', ''],
    ]);
  });

  test('a hundred thousand servers are read in a moment', () => {
    const row = STAT.split('\n')[2] ?? '';
    const huge = `${STAT.split('\n')[0]}\n${`${row}\n`.repeat(100_000)}\n`;
    expect(haproxyProxies(huge)[0]?.servers).toHaveLength(100_000);
  });
});

describe('crm_mon', () => {
  test('nodes, resources wherever they are nested, failures, options', () => {
    expect(crmMon(xmlPackage, 'ctl-1', CRM)).toMatchObject({
      coordinator: 'ctl-1',
      quorum: true,
      stonith: false,
      noQuorumPolicy: 'stop',
      nodes: [
        { name: 'ctl-1', online: true },
        { name: 'ctl-2', unclean: true },
      ],
      resources: [
        { id: 'hp', within: 'hp-clone', failed: true, managed: true },
        { id: 'vip', within: 'front', nodes: ['ctl-1'] },
      ],
      failures: [{ operation: 'hp_start_0', because: 'error: no config & no hope' }],
    });
  });

  test('without a coordinator nothing is said of quorum', () => {
    const none = CRM.replace(/<current_dc .*\/>/, '<current_dc present="false"/>');
    expect(crmMon(xmlPackage, 'ctl-1', none)).toMatchObject({
      coordinator: undefined,
      quorum: undefined,
      version: '',
    });
  });

  test('cut anywhere is a gap, and so is XML of something else', () => {
    for (let at = 0; at < CRM.trimEnd().length; at += 7)
      expect(() => crmMon(xmlPackage, 'ctl-1', CRM.slice(0, at)), String(at)).toThrow(UnreadError);
    expect(() => crmMon(xmlPackage, 'ctl-1', '<html><body>502</body></html>')).toThrow('not that of crm_mon');
  });

  test('entities that grow are not expanded', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${CRM}`;
    expect(() => crmMon(xmlPackage, 'ctl-1', bomb)).toThrow('document type');
  });

  test('crm_mon that says OK and shows no cluster has none', () => {
    const said =
      '<pacemaker-result><status code="0" message="OK"><errors><error>Could not connect to the CIB</error></errors></status></pacemaker-result>';
    expect(() => crmMon(xmlPackage, 'ctl-1', said)).toThrow('Could not connect to the CIB');
  });
});

describe('OVN', () => {
  test('servers with what was heard of them', () => {
    expect(ovnClusterStatus(RAFT)).toMatchObject({
      clusterId: '8b2c8a06-1111-4222-8333-444455556666',
      role: 'leader',
      leader: 'self',
      electionTimerMs: 1000,
      servers: [
        { id: '1a2b', address: 'ssl:[fd00::1]:6644', self: true, lastHeardMs: undefined },
        { id: '3c4d', self: false, lastHeardMs: 321 },
      ],
    });
  });

  test('cut before its servers it is no cluster without servers', () => {
    for (let at = 0; at < RAFT.indexOf('(1a2b at'); at += 1)
      expect(() => ovnClusterStatus(RAFT.slice(0, at))).toThrow(UnreadError);
  });

  test('a leader that is unknown is none', () => {
    expect(ovnClusterStatus(RAFT.replace('Leader: self', 'Leader: unknown')).leader).toBeUndefined();
  });
});

describe('Galera', () => {
  const node = (status: Record<string, string>, variables: Record<string, string> = {}) =>
    galeraNode({
      host: 'db-1',
      port: 3306,
      status: new Map(Object.entries(status)),
      variables: new Map(
        Object.entries({
          version: '10.11.6',
          wsrep_provider: '/usr/lib/galera/libgalera_smm.so',
          ...variables,
        }),
      ),
    });

  test('Galera’s -1 is -1, and what is not told is not told', () => {
    const { wsrep } = node({
      wsrep_cluster_conf_id: '18446744073709551615',
      wsrep_last_committed: '-1',
      wsrep_cluster_size: '',
      wsrep_flow_control_paused: 'nan',
    });
    expect(wsrep).toMatchObject({
      configurationId: -1,
      lastCommitted: -1,
      clusterSize: undefined,
      flowControlPaused: undefined,
      clusterStatus: undefined,
      ready: undefined,
    });
  });

  test.each([
    ['Donor/Desynced', true, false],
    ['Joining: receiving State Transfer', false, true],
    ['Joined', false, true],
    ['Synced', false, false],
    ['Initialized', false, false],
  ])('%s: donor %s, joiner %s', (comment, donor, joiner) => {
    expect(node({ wsrep_local_state_comment: comment }).wsrep).toMatchObject({ donor, joiner });
  });

  test('without a provider it is off; with one that is switched off it is not', () => {
    expect(node({}, { wsrep_provider: 'none' }).wsrep).toBe('off');
    expect(node({}, { wsrep_on: 'OFF' }).wsrep).toMatchObject({ on: false });
    expect(
      node({}, { wsrep_provider_options: 'gcache.size = 128M; pc.weight = 3; socket.ssl = NO' }).wsrep,
    ).toMatchObject({ weight: 3 });
  });
});

test('an address is found in whatever way IPv6 is written, and not in a longer one', () => {
  const printed = JSON.stringify([
    {},
    { ifname: 'lo', flags: ['UP'], addr_info: [{ local: '10.0.0.10' }] },
    { ifname: 'eth0', flags: ['UP'], addr_info: [{ local: 'fd00::1' }] },
  ]);
  expect(holderOf('fd00:0:0::0001', printed)).toEqual({ interface: 'eth0', mute: undefined });
  expect(holderOf('10.0.0.1', printed)).toBeUndefined();
  expect(() => holderOf('10.0.0.1', printed.slice(0, -5))).toThrow(UnreadError);
});

test('an API that fails is not one that has no versions', () => {
  expect(() => apiReplica('http://a/', { status: 503, text: '{"versions": []}' })).toThrow(UnreadError);
  expect(apiReplica('http://a/', { status: 401, text: '' })).toMatchObject({ versions: [] });
  const keystone = '{"versions": {"values": [{"id": "v3.14", "status": "stable"}]}}';
  expect(apiReplica('http://a/', { status: 300, text: keystone }).versions).toMatchObject([{ id: 'v3.14' }]);
});

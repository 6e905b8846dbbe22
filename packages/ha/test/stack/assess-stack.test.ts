import { overall, type Finding } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import {
  assessStack,
  catalogue,
  defineComponent,
  emptySnapshot,
  type RabbitQueue,
  type StackSnapshot,
  type TlsStatus,
  type VipStatus,
} from '../../src/index.ts';
import { machineOfAddress } from '../../src/stack/assess-options.ts';
import { quorumMargin, weightedMargin } from '../../src/stack/quorum.ts';
import { galera, HISTORY, rabbit, seen, unseen } from './seen.ts';

const assess = (parts: Partial<StackSnapshot>, options = {}): Finding[] =>
  assessStack({ ...emptySnapshot, ...parts }, catalogue, options);
const only = (findings: readonly Finding[], id: string): Finding[] => findings.filter((one) => one.id === id);
const verdicts = (findings: readonly Finding[], id: string): string[] =>
  only(findings, id).map((one) => one.verdict);
const spof = (findings: readonly Finding[], component: string): Finding | undefined =>
  only(findings, 'stack.single-point-of-failure').find((one) => one.subject.id === component);

test('of nothing it knows nothing: each essential component is unknown, none passes', () => {
  const findings = assess({});
  expect(new Set(findings.map((one) => one.verdict))).toEqual(new Set(['unknown']));
  expect(findings.map((one) => one.subject.id)).toEqual(
    expect.arrayContaining(['mariadb', 'rabbitmq', 'keystone', 'nova-scheduler']),
  );
  expect(assess({}, { expect: ['etcd'] }).map((one) => one.subject.id)).toContain('etcd');
  expect(overall(findings)).toBe('unknown');
});

describe('Galera', () => {
  const three = ['db-1', 'db-2', 'db-3'].map((host) => galera(host));

  test('three that agree pass, and one may fail', () => {
    const findings = assess({ galera: three }).filter((one) => one.id.startsWith('mariadb.'));
    expect(overall(findings)).toBe('pass');
    expect(only(findings, 'mariadb.quorum-margin')[0]?.title).toBe('1 node of 3 may fail at once');
    expect(spof(assess({ galera: three }), 'mariadb')?.verdict).toBe('pass');
  });

  test('two histories are a split brain, whatever the rest says', () => {
    const other = { clusterStateUuid: '0badcafe-0000-11ef-8000-000000000002', clusterSize: 1 };
    const findings = assess({ galera: [three[0], three[1], galera('db-3', other)] as typeof three });
    expect(only(findings, 'mariadb.split-brain')).toMatchObject([
      { verdict: 'fail', severity: 'critical', title: '2 clusters with different histories' },
    ]);
  });

  test('two primary components of one history are a split brain once all their members were seen', () => {
    const findings = assess({
      galera: [
        galera('db-1', { clusterSize: 2, configurationId: 7 }),
        galera('db-2', { clusterSize: 2, configurationId: 7 }),
        galera('db-3', { clusterSize: 1, configurationId: 9 }),
      ],
    });
    expect(only(findings, 'mariadb.split-brain')).toMatchObject([
      { verdict: 'fail', title: '2 primary components' },
    ]);
  });

  test('views that merely differ are a change caught in the middle: unknown', () => {
    const findings = assess({
      galera: [
        galera('db-1', { clusterSize: 3, configurationId: 8 }),
        galera('db-2', { clusterSize: 2, configurationId: 7 }),
      ],
    });
    expect(verdicts(findings, 'mariadb.split-brain')).toEqual(['unknown']);
  });

  test('weights count: without the heavy one of three it is half', () => {
    const findings = assess({ galera: [galera('db-1', { weight: 2 }), galera('db-2'), galera('db-3')] });
    expect(only(findings, 'mariadb.quorum-margin')).toMatchObject([
      { verdict: 'fail', title: 'No node of 3 may fail' },
    ]);
  });

  test('a node that is not seen leaves the split brain unknown, and is no node that is down', () => {
    const findings = assess({ galera: [galera('db-1'), galera('db-2'), unseen('galera db-3:3306')] });
    expect(verdicts(findings, 'mariadb.split-brain')).toEqual(['unknown']);
    expect(verdicts(findings, 'mariadb.unseen')).toEqual(['unknown']);
    expect(spof(findings, 'mariadb')).toMatchObject({ verdict: 'unknown' });
  });

  test('with none seen nothing is said of a cluster at all', () => {
    const findings = assess({ galera: [unseen('galera db-1:3306'), unseen('galera db-2:3306')] }).filter(
      (one) => one.id.startsWith('mariadb'),
    );
    expect(findings.map((one) => one.id)).toEqual(['mariadb.unseen', 'mariadb.unseen']);
  });

  test('a non-primary node, a donor, a read-only one, one that writes for itself: each by its name', () => {
    const findings = assess({
      galera: [
        galera('db-1', {
          clusterStatus: 'non-Primary',
          clusterSize: 1,
          localState: 'Initialized',
          ready: false,
        }),
        galera('db-2', { localState: 'Donor/Desynced', donor: true, on: false }),
        galera('db-3', { flowControlPaused: 0.4 }, { readOnly: true }),
      ],
    });
    const failed = (id: string): string[] =>
      only(findings, id)
        .filter((one) => one.verdict === 'fail')
        .map((one) => one.subject.id);
    expect(failed('mariadb.primary')).toEqual(['db-1:3306']);
    expect(failed('mariadb.synced')).toEqual(['db-1:3306', 'db-2:3306']);
    expect(failed('mariadb.wsrep-on')).toEqual(['db-2:3306']);
    expect(failed('mariadb.writable')).toEqual(['db-3:3306']);
    expect(failed('mariadb.flow-control')).toEqual(['db-3:3306']);
  });

  test('what a node does not tell is unknown, not wrong and not right', () => {
    const mute = {
      clusterStatus: undefined,
      localState: undefined,
      ready: undefined,
      clusterSize: undefined,
      flowControlPaused: undefined,
    };
    const findings = assess({ galera: [galera('db-1', mute)] });
    expect(verdicts(findings, 'mariadb.primary')).toEqual(['unknown']);
    expect(verdicts(findings, 'mariadb.synced')).toEqual(['unknown']);
    expect(verdicts(findings, 'mariadb.flow-control')).toEqual([]);
    expect(spof(findings, 'mariadb')).toMatchObject({ verdict: 'unknown' });
  });

  test('three nodes on one machine are one', () => {
    const nodes = [3306, 3307, 3308].map((port) => galera('db-1', {}, { port }));
    expect(spof(assess({ galera: nodes }), 'mariadb')).toMatchObject({
      verdict: 'fail',
      title: expect.stringContaining('db-1 only'),
    });
    const machineOf = (address: string): string => address;
    expect(spof(assess({ galera: nodes }, { machineOf }), 'mariadb')?.verdict).toBe('pass');
  });

  test('a database without Galera beside a cluster is critical, alone it is a single machine', () => {
    expect(only(assess({ galera: [galera('db-1', 'off')] }), 'mariadb.replicated')).toMatchObject([
      { severity: 'high' },
    ]);
    expect(
      only(assess({ galera: [galera('db-1', 'off'), galera('db-2')] }), 'mariadb.replicated'),
    ).toMatchObject([{ severity: 'critical' }]);
  });

  test('a fourth that the cluster has and nobody asked is unknown; one that it lacks is missing', () => {
    expect(
      verdicts(assess({ galera: [galera('db-1', { clusterSize: 4 })] }), 'mariadb.member-unknown'),
    ).toEqual(['unknown']);
    expect(
      only(
        assess({ galera: [galera('db-1', { clusterSize: 1 }), unseen('galera db-2:3306')] }),
        'mariadb.member-missing',
      ),
    ).toHaveLength(1);
  });

  test('the history stands in the evidence', () => {
    expect(only(assess({ galera: three }), 'mariadb.split-brain')[0]?.because[0]?.statement).toContain(
      HISTORY,
    );
  });
});

describe('RabbitMQ', () => {
  const queue = (name: string, parts: Partial<RabbitQueue>): RabbitQueue => ({
    vhost: '/',
    name,
    type: 'quorum',
    durable: true,
    exclusive: false,
    autoDelete: false,
    members: ['rabbit-1', 'rabbit-2', 'rabbit-3'],
    online: ['rabbit-1', 'rabbit-2', 'rabbit-3'],
    leader: 'rabbit-1',
    state: 'running',
    ...parts,
  });
  const three = ['rabbit-1', 'rabbit-2', 'rabbit-3'];

  test('three that see each other, with quorum queues, pass', () => {
    const findings = assess({ rabbit: three.map((name) => rabbit(name, { queues: [queue('q', {})] })) });
    expect(overall(findings.filter((one) => one.id.startsWith('rabbitmq')))).toBe('pass');
    expect(spof(findings, 'rabbitmq')?.verdict).toBe('pass');
  });

  test('a partition that any of them sees fails; so do two that do not know each other', () => {
    expect(
      verdicts(
        assess({ rabbit: [rabbit('rabbit-1', {}, { 'rabbit-2': { partitions: ['rabbit-3'] } })] }),
        'rabbitmq.split-brain',
      ),
    ).toEqual(['fail']);
    const strangers = [
      rabbit('rabbit-1', {}, { 'rabbit-2': { running: false } }),
      rabbit('rabbit-2', {}, { 'rabbit-1': { running: false } }),
    ];
    expect(only(assess({ rabbit: strangers }), 'rabbitmq.split-brain')).toMatchObject([{ verdict: 'fail' }]);
    expect(
      verdicts(assess({ rabbit: [rabbit('rabbit-1'), unseen('rabbitmq rabbit-2')] }), 'rabbitmq.split-brain'),
    ).toEqual(['unknown']);
  });

  test('an alarm on any node blocks all; a check that did not answer is unknown', () => {
    expect(
      only(
        assess({ rabbit: [rabbit('rabbit-1', {}, { 'rabbit-3': { memoryAlarm: true } })] }),
        'rabbitmq.alarms',
      ),
    ).toMatchObject([{ verdict: 'fail', severity: 'critical' }]);
    expect(
      verdicts(assess({ rabbit: [rabbit('rabbit-1', { alarms: undefined })] }), 'rabbitmq.alarms'),
    ).toEqual(['unknown']);
  });

  test('margin: two of three leave none, one of three has lost', () => {
    const down = { running: false };
    expect(
      only(assess({ rabbit: [rabbit('rabbit-1', {}, { 'rabbit-2': down })] }), 'rabbitmq.quorum-margin'),
    ).toMatchObject([{ verdict: 'fail', severity: 'high' }]);
    expect(
      only(
        assess({ rabbit: [rabbit('rabbit-1', {}, { 'rabbit-2': down, 'rabbit-3': down })] }),
        'rabbitmq.quorum-margin',
      ),
    ).toMatchObject([{ verdict: 'fail', severity: 'critical' }]);
  });

  test('queues: classic ones on one node, mirrored ones, quorum ones without majority; exclusive ones do not count', () => {
    const queues = [
      queue('reply', { type: 'classic', members: ['rabbit-1'], online: undefined, exclusive: true }),
      queue('conductor', { type: 'classic', members: ['rabbit-1'], online: undefined }),
      queue('old', { type: 'classic', members: ['rabbit-1', 'rabbit-2'], online: undefined }),
      queue('stuck', { online: ['rabbit-1'] }),
      queue('thin', { online: ['rabbit-1', 'rabbit-2'] }),
    ];
    const findings = assess({ rabbit: [rabbit('rabbit-1', { queues })] });
    expect(only(findings, 'rabbitmq.classic-queues')[0]?.title).toBe('1 classic queue of 4 on one node only');
    expect(only(findings, 'rabbitmq.mirrored-queues')[0]?.title).toContain('1 mirrored classic queue');
    expect(only(findings, 'rabbitmq.quorum-queues')).toMatchObject([
      { severity: 'critical', title: expect.stringContaining('1 quorum queue without a majority') },
    ]);
  });

  test('queues that could not be listed are no queues that are fine', () => {
    const findings = assess({ rabbit: [rabbit('rabbit-1', { queues: undefined })] });
    expect(findings.filter((one) => one.id.includes('queues'))).toEqual([]);
  });
});

describe('virtual addresses', () => {
  const host = (
    name: string,
    owns: boolean,
    keepalived: boolean | 'mute' = true,
  ): VipStatus['hosts'][number] => ({
    host: name,
    owns,
    interface: owns ? 'eth0' : undefined,
    keepalived: keepalived === 'mute' ? undefined : keepalived,
  });
  const vip = (
    hosts: VipStatus['hosts'],
    candidates = hosts.map((one) => one.host),
  ): Partial<StackSnapshot> => ({
    vips: [
      seen({
        address: '10.0.0.10',
        candidates,
        hosts,
        owners: hosts.filter((one) => one.owns).map((one) => one.host),
      }),
    ],
  });

  test('one owner and a spare pass; two owners are critical; none is, too', () => {
    expect(
      overall(
        assess(vip([host('a', true), host('b', false)])).filter((one) => one.id.startsWith('keepalived')),
      ),
    ).toBe('pass');
    expect(only(assess(vip([host('a', true), host('b', true)])), 'keepalived.double-master')).toMatchObject([
      { verdict: 'fail', severity: 'critical' },
    ]);
    expect(only(assess(vip([host('a', false), host('b', false)])), 'keepalived.owner')).toMatchObject([
      { verdict: 'fail', severity: 'critical' },
    ]);
  });

  test('with a host that was not seen, neither a second owner nor its absence is claimed', () => {
    const findings = assess(vip([host('a', true)], ['a', 'b']));
    expect(verdicts(findings, 'keepalived.double-master')).toEqual(['unknown']);
    expect(verdicts(findings, 'keepalived.owner')).toEqual(['pass']);
    expect(verdicts(assess(vip([host('a', false)], ['a', 'b'])), 'keepalived.owner')).toEqual(['unknown']);
    expect(verdicts(assess(vip([], ['a', 'b'])), 'keepalived.owner')).toEqual(['unknown']);
  });

  test('a spare without keepalived is none; one that does not tell is unknown', () => {
    expect(verdicts(assess(vip([host('a', true), host('b', false, false)])), 'keepalived.spare')).toEqual([
      'fail',
    ]);
    expect(verdicts(assess(vip([host('a', true), host('b', false, 'mute')])), 'keepalived.spare')).toEqual([
      'unknown',
    ]);
  });
});

test('an address that Pacemaker moves has its spares there, and lacks no keepalived', () => {
  const node = (name: string, standby = false) => ({
    name,
    online: true,
    standby,
    maintenance: false,
    unclean: false,
    pending: false,
    type: 'member',
    resources: 1,
  });
  const pacemaker = (...nodes: ReturnType<typeof node>[]) => [
    seen({
      host: 'a',
      version: '2.1.5',
      coordinator: 'a',
      quorum: true,
      stonith: true,
      noQuorumPolicy: 'stop',
      maintenance: false,
      nodes,
      resources: [
        {
          id: 'vip',
          agent: 'ocf:heartbeat:IPaddr2',
          role: 'Started',
          active: true,
          managed: true,
          failed: false,
          blocked: false,
          nodes: ['a'],
          within: undefined,
        },
      ],
      failures: [],
    }),
  ];
  const hosts = ['a', 'b'].map((host) => ({
    host,
    owns: host === 'a',
    interface: undefined,
    keepalived: false,
  }));
  const vips = [seen({ address: '10.0.0.10', candidates: ['a', 'b'], hosts, owners: ['a'] })];
  const moved = assess({ vips, pacemaker: pacemaker(node('a'), node('b')) });
  expect(verdicts(moved, 'keepalived.spare')).toEqual(['pass']);
  expect(spof(moved, 'keepalived')).toBeUndefined();
  expect(
    verdicts(assess({ vips, pacemaker: pacemaker(node('a'), node('b', true)) }), 'keepalived.spare'),
  ).toEqual(['fail']);
  expect(spof(assess({ vips }), 'keepalived')?.verdict).toBe('fail');
});

describe('certificates', () => {
  const tls = (parts: Partial<TlsStatus>): Partial<StackSnapshot> => ({
    tls: [
      seen({
        address: 'api:443',
        servername: 'api',
        protocol: 'TLSv1.3',
        chain: [
          {
            subject: 'CN=api',
            issuer: 'CN=ca',
            fingerprint: 'AA',
            validFrom: '2026-01-01T00:00:00.000Z',
            validTo: '2026-02-01T00:00:00.000Z',
          },
        ],
        names: ['api'],
        nameMatches: true,
        trusted: true,
        untrustedBecause: undefined,
        daysLeft: 90,
        ...parts,
      }),
    ],
  });

  test.each([
    [-1, 'fail', 'critical'],
    [0, 'fail', 'high'],
    [6, 'fail', 'high'],
    [7, 'fail', 'medium'],
    [29, 'fail', 'medium'],
    [30, 'pass', 'medium'],
  ])('%i days left: %s, %s', (daysLeft, verdict, severity) => {
    expect(only(assess(tls({ daysLeft })), 'tls.expiry')).toMatchObject([{ verdict, severity }]);
  });

  test('the lines can be drawn elsewhere', () => {
    expect(
      only(assess(tls({ daysLeft: 40 }), { certificateDays: 60, urgentCertificateDays: 45 }), 'tls.expiry'),
    ).toMatchObject([{ severity: 'high' }]);
  });

  test('a wrong name and a missing trust are two findings', () => {
    const findings = assess(
      tls({ nameMatches: false, trusted: false, untrustedBecause: 'CERT_HAS_EXPIRED' }),
    );
    expect(verdicts(findings, 'tls.name')).toEqual(['fail']);
    expect(verdicts(findings, 'tls.trust')).toEqual(['fail']);
  });
});

describe('APIs', () => {
  const replica = (url: string, version: string | undefined) => ({
    url,
    status: 200,
    latency: 3,
    versions: version === undefined ? [] : [{ id: 'v2.1', status: 'CURRENT', version, minVersion: '2.1' }],
    release: undefined,
  });
  const nova = (...versions: (string | undefined)[]): Partial<StackSnapshot> => {
    const replicas = versions.map((version, index) => replica(`http://ctl-${index + 1}:8774/`, version));
    return {
      apis: [seen({ component: 'nova-api', urls: replicas.map((one) => one.url), replicas }, 'api nova-api')],
    };
  };

  test('replicas of one version pass, of two fail, of one that says nothing are unknown', () => {
    expect(verdicts(assess(nova('2.93', '2.93')), 'api.version-skew')).toEqual(['pass']);
    expect(verdicts(assess(nova('2.93', '2.95')), 'api.version-skew')).toEqual(['fail']);
    expect(verdicts(assess(nova(undefined, undefined)), 'api.version-skew')).toEqual(['unknown']);
  });

  test('two replicas on two machines are no single point; a third that does not answer leaves that so', () => {
    expect(spof(assess(nova('2.93', '2.93')), 'nova-api')?.verdict).toBe('pass');
    const urls = ['http://ctl-1:8774/', 'http://ctl-2:8774/'];
    const half = {
      apis: [seen({ component: 'nova-api', urls, replicas: [replica(urls[0] ?? '', '2.93')] })],
    };
    expect(spof(assess(half), 'nova-api')?.verdict).toBe('unknown');
    expect(spof(assess({ apis: [unseen('api nova-api')] }), 'nova-api')).toMatchObject({
      verdict: 'unknown',
    });
  });

  test('a name that the catalogue does not have is said, not dropped', () => {
    const typo = { apis: [seen({ component: 'keystoone', urls: ['http://ctl-1:5000/'], replicas: [] })] };
    expect(only(assess(typo), 'stack.not-catalogued')).toMatchObject([
      { verdict: 'unknown', subject: { id: 'keystoone' } },
    ]);
  });
});

test('a component of one’s own is judged by its own functions, over what its own checker saw', () => {
  const redis = defineComponent({
    name: 'redis',
    title: 'Redis',
    mode: 'active-passive',
    state: 'replicated',
    stops: 'jobs of Octavia',
    wanted: 2,
    essential: true,
    checks: [],
    needs: [],
    unsafe: [],
    replicas: ({ others }) => ({
      working: (others['redis'] ?? []).flatMap(({ value }) => (typeof value === 'string' ? value : [])),
      broken: [],
      unseen: [],
      source: 'redis',
      at: '2026-01-01T00:00:00.000Z',
    }),
  });
  const findings = assessStack(
    { ...emptySnapshot, others: { redis: [seen('redis-1:6379'), seen('redis-2:6379')] } },
    { redis },
  );
  expect(findings).toMatchObject([
    { id: 'stack.single-point-of-failure', verdict: 'pass', subject: { id: 'redis' } },
  ]);
});

test.each([
  ['db-1:3306', 'db-1'],
  ['[fd00::1]:3306', 'fd00::1'],
  ['http://ctl-1:5000/v3', 'ctl-1'],
  ['rabbit@ctl-1', 'ctl-1'],
  ['ctl-1', 'ctl-1'],
  ['fd00::1', 'fd00::1'],
  ['/run/haproxy/admin.sock', '/run/haproxy/admin.sock'],
])('%s is on %s', (address, machine) => {
  expect(machineOfAddress(address)).toBe(machine);
});

test('margins', () => {
  expect([1, 2, 3, 4, 5, 7].map((of) => quorumMargin({ of, present: of }))).toEqual([0, 0, 1, 1, 2, 3]);
  expect(quorumMargin({ of: 3, present: 1 })).toBe(-1);
  expect([1, 2, 3, 4, 5].map((size) => weightedMargin(Array.from({ length: size }, () => 1)))).toEqual([
    0, 0, 1, 1, 2,
  ]);
  expect(weightedMargin([0, 0])).toBe(0);
  expect(weightedMargin([])).toBe(0);
});

import { describe, expect, test } from 'vitest';
import { findOrphans, type OrphanSources } from '../../src/control-plane.ts';
import { agreeing, guest, observed, server, volume } from './agreeing.ts';

const RULES = [
  'backup-dr.orphan-volume',
  'backup-dr.orphan-attachment',
  'backup-dr.stuck-volume',
  'backup-dr.orphan-disk',
  'backup-dr.orphan-port',
  'backup-dr.orphan-allocation',
  'backup-dr.missing-allocation',
  'backup-dr.orphan-host',
  'backup-dr.orphan-guest',
  'backup-dr.missing-guest',
];

const worst = (sources: OrphanSources) =>
  findOrphans(sources)
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ id, verdict, severity, subject }) => `${verdict} ${severity} ${id} ${subject.id}`);

test('where all agree every rule passes', () => {
  expect(findOrphans(agreeing()).map(({ id, verdict }) => `${verdict} ${id}`)).toEqual(
    RULES.map((id) => `pass ${id}`),
  );
});

test('what was not asked says nothing, and nothing is said of it: hosts, and Placement', () => {
  const { hypervisor: _, ...sources } = agreeing();
  expect(findOrphans(sources).map(({ id }) => id)).toEqual(RULES.slice(0, 8));
  const { placement: __, ...fewer } = sources;
  expect(findOrphans(fewer).map(({ id }) => id)).toEqual(
    RULES.slice(0, 8).filter((id) => !id.endsWith('-allocation')),
  );
});

describe('what disagrees', () => {
  test('a server that the databases do not know: its volume, its port, its allocation, its guest', () => {
    const { nova, ...sources } = agreeing();
    const lost = { ...sources, nova: { ...nova, servers: observed([]) } };
    expect(worst(lost)).toEqual([
      'fail high backup-dr.orphan-volume v1',
      'fail medium backup-dr.orphan-port p1',
      'fail medium backup-dr.orphan-allocation s1',
      'fail critical backup-dr.orphan-guest s1',
    ]);
    const [first] = findOrphans(lost);
    expect(first).toMatchObject({
      title: 'Volume v1 is attached to s1, which Nova does not know',
      because: [{ statement: 'it is in-use, attached to s1' }, { statement: 'it is not there' }],
      remedy: expect.any(String),
    });
  });

  test('attachments without a server or a volume, beyond what volumes show; those of hosts are no server’s', () => {
    const sources = agreeing();
    sources.cinder = {
      ...sources.cinder,
      attachments: observed([
        { id: 'reserved', status: 'reserved', instance: 'gone', volume_id: 'v2' },
        { id: 'no-volume', status: 'attached', instance: 's1', volume_id: 'gone' },
        { id: 'of a host', status: 'attached', instance: null, volume_id: 'v2' },
      ]),
    };
    expect(worst(sources)).toEqual([
      'fail medium backup-dr.orphan-attachment reserved',
      'fail medium backup-dr.orphan-attachment no-volume',
    ]);
  });

  test.each([
    ['does not have', [volume('v2')]],
    ['has free, and may give away', [volume('v1')]],
    ['has attached to another server', [volume('v1', 's2')]],
  ])('a disk that Cinder %s', (_, volumes) => {
    const sources = agreeing();
    sources.nova = {
      ...sources.nova,
      servers: observed([...sources.nova.servers.value, server('s2') as never]),
    };
    sources.cinder = {
      volumes: observed(volumes) as never,
      attachments: observed([]),
    };
    sources.placement = undefined;
    sources.hypervisor = { 'compute-1': observed([guest('s1'), guest('s2')]) };
    expect(worst(sources)).toEqual(['fail critical backup-dr.orphan-disk s1']);
  });

  test.each([
    [
      'on a host without a hypervisor',
      { 'OS-EXT-SRV-ATTR:host': 'compute-9' },
      [],
      ['high backup-dr.orphan-host'],
    ],
    ['that does not run where it should', {}, [], ['high backup-dr.missing-guest']],
    [
      'that is shut off where it should run',
      {},
      [guest('s1', { isRunning: false })],
      ['high backup-dr.missing-guest'],
    ],
    ['that Nova has stopped', { status: 'SHUTOFF' }, [], []],
    ['whose host is not told', { 'OS-EXT-SRV-ATTR:host': undefined }, [guest('s1')], []],
  ])('a server %s', (_, more, guests, expected) => {
    const sources = agreeing();
    sources.nova = { ...sources.nova, servers: observed([server('s1', more)]) as never };
    sources.hypervisor = { 'compute-1': observed(guests) };
    expect(worst(sources)).toEqual(expected.map((rule) => `fail ${rule} s1`));
  });

  test.each([
    ['runs on another host than Nova says', 'ACTIVE', {}, ['fail critical backup-dr.orphan-guest s1']],
    ['is left there, shut off', 'ACTIVE', { isRunning: false }, ['fail medium backup-dr.orphan-guest s1']],
    [
      'is not called as Nova calls its own',
      'ACTIVE',
      { name: 'mail' },
      ['fail medium backup-dr.orphan-guest s1'],
    ],
    ['is on its way', 'MIGRATING', {}, []],
    ['waits for a yes to its resize', 'VERIFY_RESIZE', {}, []],
  ])('a guest that %s', (_, status, more, expected) => {
    const sources = agreeing();
    sources.nova = { ...sources.nova, servers: observed([server('s1', { status })]) as never };
    sources.hypervisor = {
      'compute-1': observed([guest('s1')]),
      'compute-2': observed([guest('s1', { host: 'compute-2', ...more })]),
    };
    expect(worst(sources)).toEqual(expected);
  });
});

describe('volumes and allocations', () => {
  test.each([
    ['reserved', ['fail medium backup-dr.stuck-volume v2']],
    ['detaching', ['fail medium backup-dr.stuck-volume v2']],
    ['in-use', ['fail medium backup-dr.stuck-volume v2']],
    ['available', []],
    ['error', []],
  ])('a volume that is %s and has no attachment', (status, expected) => {
    const sources = agreeing();
    const volumes = [volume('v1', 's1'), { ...volume('v2'), status }];
    sources.cinder = { ...sources.cinder, volumes: observed(volumes) as never };
    expect(worst(sources)).toEqual(expected);
  });

  test('one that an attachment has which it does not show itself is not stuck', () => {
    const sources = agreeing();
    sources.cinder = {
      volumes: observed([volume('v1', 's1'), { ...volume('v2'), status: 'reserved' }]) as never,
      attachments: observed([
        ...sources.cinder.attachments.value,
        { id: 'a', status: 'reserved', instance: 's1', volume_id: 'v2' },
      ]),
    };
    expect(worst(sources)).toEqual([]);
  });

  test.each([
    ['ACTIVE', ['fail medium backup-dr.missing-allocation s1']],
    ['SHUTOFF', ['fail medium backup-dr.missing-allocation s1']],
    ['SHELVED_OFFLOADED', []],
    ['ERROR', []],
  ])('a server that is %s and holds nothing', (status, expected) => {
    const sources = agreeing();
    sources.nova = { ...sources.nova, servers: observed([server('s1', { status })]) as never };
    sources.placement = { allocations: observed([]), migrations: observed([]) };
    expect(worst(sources).filter((text) => text.includes('allocation'))).toEqual(expected);
  });
});

describe('what was not seen', () => {
  test('of a list that broke off nothing is said to be missing', () => {
    const { nova, ...sources } = agreeing();
    const findings = findOrphans({ ...sources, nova: { ...nova, servers: observed([], 'partial') } });
    expect(findings.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(findings.find(({ id }) => id === 'backup-dr.orphan-volume')).toMatchObject({
      verdict: 'unknown',
      title: 'Not known: Volume v1 is attached to s1, which Nova does not know',
    });
  });

  test.each(['denied', 'failed', 'unsupported', 'partial', 'stale'] as const)(
    'of lists that are %s no rule passes',
    (completeness) => {
      const none = observed([], completeness);
      const findings = findOrphans({
        nova: { servers: none, hypervisors: none },
        neutron: { ports: none },
        cinder: { volumes: none, attachments: none },
        placement: { allocations: none, migrations: none },
        hypervisor: { 'compute-1': none },
      });
      expect(new Set(findings.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
      expect(new Set(findings.map(({ id }) => id))).toEqual(new Set(RULES));
    },
  );

  test('a host that does not answer makes nothing known of its servers, and of those of others no less', () => {
    const sources = agreeing();
    sources.nova = {
      ...sources.nova,
      servers: observed([server('s1'), server('s2', { 'OS-EXT-SRV-ATTR:host': 'compute-2' })]) as never,
    };
    sources.hypervisor = { 'compute-1': observed([]), 'compute-2': observed([], 'failed') };
    expect(worst(sources)).toContain('fail high backup-dr.missing-guest s1');
    expect(worst(sources)).toContain('unknown high backup-dr.missing-guest s2');
  });
});

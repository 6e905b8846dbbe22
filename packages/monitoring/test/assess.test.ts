import type { Finding } from '@groundcrew/ground';
import type { Completeness, Observed } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import {
  assess,
  type CloudInventory,
  type Measured,
  type MonitoringSnapshot,
  type StoragePool,
} from '../src/index.ts';

const at = '2026-01-01T00:00:00.000Z';
const seen = <T>(value: T, source = 'test'): Observed<T> => ({
  value,
  at,
  source,
  completeness: 'complete',
  gaps: [],
});
const gap = (what: string) =>
  ({ what, kind: 'denied', why: `403 ${what}`, remedy: 'Ask as an administrator.', requestIds: [] }) as const;
const hidden = <T>(value: T, completeness: Completeness, what: string): Observed<T> => ({
  ...seen(value, what),
  completeness,
  gaps: [gap(what)],
});

type Servers = CloudInventory['servers']['value'];
type Volumes = CloudInventory['volumes']['value'];
const server = (id: string, status = 'ACTIVE', name = id) =>
  ({ id, name, status }) as unknown as Servers[number];
const volume = (id: string, status = 'available', size = 10, name: string | null = id) =>
  ({ id, name, status, size }) as unknown as Volumes[number];
const pool = (name: string, capabilities?: Record<string, unknown>): StoragePool => ({
  name,
  ...(capabilities === undefined ? {} : { capabilities }),
});

/** Whatever has a series has a fresh one, unless it is said otherwise. */
const measured = (parts: Partial<Measured> = {}): Observed<Measured> => {
  const all = { servers: new Set<string>(), volumes: new Set<string>(), ...parts };
  return seen(
    { telemetry: true, fresh: all, since: '2025-12-31T22:00:00.000Z', ...all },
    'telemetry (Gnocchi)',
  );
};

const snapshot = (
  inventory: Partial<CloudInventory> = {},
  more: Partial<MonitoringSnapshot> = {},
): MonitoringSnapshot => ({
  inventory: {
    servers: seen([], 'servers'),
    volumes: seen([], 'volumes'),
    snapshots: seen([], 'volume snapshots'),
    backups: seen([], 'volume backups'),
    images: seen([], 'images'),
    ports: seen([], 'ports'),
    floatingIps: seen([], 'floating IPs'),
    ...inventory,
  },
  measured: measured(),
  pools: seen([], 'storage pools'),
  ...more,
});

const of = (findings: readonly Finding[], id: string, about?: string): Finding[] =>
  findings.filter((finding) => finding.id === id && (about === undefined || finding.subject.id === about));

describe('counts', () => {
  test('of what was read to its end are facts, by state and size', () => {
    const servers = seen([server('a'), server('b'), server('c', 'SHUTOFF')]);
    const volumes = seen([volume('v', 'in-use', 5), volume('w', 'in-use', 7)]);
    const findings = assess(snapshot({ servers, volumes }));
    expect(of(findings, 'monitoring.inventory').map((finding) => [finding.verdict, finding.title])).toEqual([
      ['pass', '3 servers: 2 ACTIVE, 1 SHUTOFF'],
      ['pass', '2 volumes, 12 GiB: 2 in-use'],
      ['pass', '0 backups, 0 GiB'],
      ['pass', '0 images'],
    ]);
    expect(of(findings, 'monitoring.unseen')).toEqual([]);
  });

  test('of one it is said in the singular, of none without states', () => {
    const findings = assess(snapshot({ servers: seen([server('a')]) }));
    expect(of(findings, 'monitoring.inventory', 'servers')[0]?.title).toBe('1 server: 1 ACTIVE');
    expect(of(findings, 'monitoring.inventory', 'volumes')[0]?.title).toBe('0 volumes, 0 GiB');
  });

  test('of what was seen in part are unknown, and there may be more', () => {
    const findings = assess(snapshot({ servers: hidden([server('a')], 'partial', 'servers') }));
    expect(of(findings, 'monitoring.inventory', 'servers')).toMatchObject([
      {
        verdict: 'unknown',
        title: '1 server: 1 ACTIVE seen; there may be more',
        remedy: 'Ask as an administrator.',
      },
    ]);
    expect(of(findings, 'monitoring.unseen')).toMatchObject([
      { verdict: 'unknown', title: 'Not seen: servers', because: [{ statement: '403 servers' }] },
    ]);
  });

  test.each(['denied', 'failed', 'unsupported'] as const)(
    'of what was %s: no number at all',
    (completeness) => {
      const findings = assess(
        snapshot({
          servers: hidden([], completeness, 'servers'),
          volumes: hidden([], completeness, 'volumes'),
          backups: hidden([], completeness, 'volume backups'),
          images: hidden([], completeness, 'images'),
        }),
      );
      const counts = of(findings, 'monitoring.inventory');
      expect(counts.map((finding) => [finding.verdict, finding.title])).toEqual([
        ['unknown', 'How many servers there are is not known'],
        ['unknown', 'How many volumes there are is not known'],
        ['unknown', 'How many volume backups there are is not known'],
        ['unknown', 'How many images there are is not known'],
      ]);
      expect(JSON.stringify(counts)).not.toMatch(/\b0 /);
      expect(of(findings, 'monitoring.unseen')).toHaveLength(4);
    },
  );
});

test('what is in error is named, also of a list that was cut, and by its id if it has no name', () => {
  const findings = assess(
    snapshot({
      servers: hidden([server('s1', 'ERROR', 'web-1'), server('s2')], 'partial', 'servers'),
      volumes: seen([volume('v1', 'error_deleting', 1, null), volume('v2', 'available')]),
    }),
  );
  expect(findings.filter((finding) => finding.id.endsWith('-in-error'))).toMatchObject([
    {
      id: 'monitoring.server-in-error',
      verdict: 'fail',
      title: 'server web-1 is in ERROR',
      subject: { kind: 'server', id: 's1', name: 'web-1' },
      remedy: 'Look at its fault: openstack server show s1.',
    },
    { id: 'monitoring.volume-in-error', title: 'volume v1 is in error_deleting', subject: { id: 'v1' } },
  ]);
});

describe('what is measured', () => {
  const servers = seen([server('a'), server('b')], 'servers');
  const serversFinding = (
    more: Partial<MonitoringSnapshot>,
    inventory: Partial<CloudInventory> = { servers },
  ): Finding | undefined => of(assess(snapshot(inventory, more)), 'monitoring.not-measured', 'servers')[0];

  test('without a metric service it is not known: what measures from outside is in no catalogue', () => {
    const finding = serversFinding({ measured: measured({ telemetry: false }) });
    expect(finding).toMatchObject({
      verdict: 'unknown',
      title: 'Whether anything measures servers is not known',
      because: [{ source: 'catalogue' }],
    });
    expect(finding?.because[0]?.statement).toContain('(Prometheus) is in no catalogue, and was not asked');
  });

  test.each(['denied', 'failed'] as const)('a metric service that %s tells nothing', (completeness) => {
    const { value } = measured({ servers: new Set(['a', 'b']) });
    expect(serversFinding({ measured: hidden(value, completeness, 'telemetry') })).toMatchObject({
      verdict: 'unknown',
      title: 'Which servers are measured could not be seen',
      because: [{ statement: '403 telemetry' }],
      remedy: 'Ask as an administrator.',
    });
  });

  test('those without a time series are counted, and some named', () => {
    const many = seen(Array.from({ length: 8 }, (_, index) => server(`s${index}`)));
    const finding = serversFinding({ measured: measured({ servers: new Set(['s0']) }) }, { servers: many });
    expect(finding).toMatchObject({ verdict: 'fail', title: '7 servers are there and not measured' });
    expect(finding?.because[0]?.statement).toBe('7 of 8 have no time series: s1, s2, s3, s4, s5, …');
  });

  test('one of those that were seen is enough to fail', () => {
    const cut = { servers: hidden([server('a')], 'partial', 'servers') };
    expect(serversFinding({}, cut)).toMatchObject({
      verdict: 'fail',
      title: '1 server is there and not measured',
    });
  });

  test('all of them pass only if all were seen', () => {
    const all = measured({ servers: new Set(['a', 'b', 'gone']) });
    expect(serversFinding({ measured: all })).toMatchObject({
      verdict: 'pass',
      title: 'All servers have a value in Gnocchi since 2025-12-31T22:00:00.000Z',
    });
    const cut = { servers: hidden([server('a')], 'partial', 'servers') };
    expect(serversFinding({ measured: all }, cut)).toMatchObject({
      verdict: 'unknown',
      title: 'All servers that were seen have a value in Gnocchi since 2025-12-31T22:00:00.000Z',
      remedy: 'Ask as an administrator.',
    });
  });

  test('of volumes the remedy is another', () => {
    const findings = assess(snapshot({ volumes: seen([volume('v')]) }));
    expect(of(findings, 'monitoring.not-measured', 'volumes')[0]?.remedy).toContain('polling.yaml');
  });
});

describe('capacity', () => {
  const poolFinding = (capabilities?: Record<string, unknown>, freeShare?: number): Finding | undefined =>
    of(
      assess(
        snapshot({}, { pools: seen([pool('p', capabilities)]) }),
        freeShare === undefined ? {} : { freeShare },
      ),
      'monitoring.capacity',
    )[0];

  test.each([
    [100, 50, 'pass', 'Pool p has 50 % free'],
    [100, 15, 'pass', 'Pool p has 15 % free'],
    [100, 14.9, 'fail', 'Pool p has 15 % free'],
    [100, 0, 'fail', 'Pool p has 0 % free'],
  ])('%s GiB, %s free: %s', (total, free, verdict, title) => {
    expect(poolFinding({ total_capacity_gb: total, free_capacity_gb: free })).toMatchObject({
      verdict,
      title,
    });
  });

  test.each([
    [{ total_capacity_gb: 'infinite', free_capacity_gb: 'infinite' }],
    [{ total_capacity_gb: 'unknown', free_capacity_gb: 'unknown' }],
    [{ total_capacity_gb: 0, free_capacity_gb: 0 }],
    [{ total_capacity_gb: 10 }],
    [{}],
    [undefined],
  ])('%j is no number to judge', (capabilities) => {
    expect(poolFinding(capabilities)).toMatchObject({
      verdict: 'unknown',
      title: 'Pool p does not tell how full it is',
    });
  });

  test('how much must be free is a policy', () => {
    const capabilities = { total_capacity_gb: 100, free_capacity_gb: 30 };
    expect(poolFinding(capabilities, 0.5)?.verdict).toBe('fail');
    expect(poolFinding(capabilities, 0.1)?.verdict).toBe('pass');
  });

  test('numbers are told to one place', () => {
    const figures = { total_capacity_gb: 100, free_capacity_gb: 97.999_996, allocated_capacity_gb: 2 };
    expect(poolFinding(figures)?.because[0]?.statement).toBe(
      '98 of 100 GiB are free, without what is reserved, and without what is given away',
    );
  });

  test('pools that may not be seen are unknown', () => {
    const findings = assess(snapshot({}, { pools: hidden([], 'denied', 'storage pools') }));
    expect(of(findings, 'monitoring.capacity')).toMatchObject([
      { verdict: 'unknown', because: [{ statement: '403 storage pools' }] },
    ]);
  });
});

test('how long servers were up is unknown whatever was seen, unless a ledger was asked', () => {
  expect(of(assess(snapshot()), 'monitoring.uptime')).toMatchObject([{ verdict: 'unknown' }]);
});

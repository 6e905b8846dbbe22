// Answers as they stand in public reports, each with its source.
import type { Completeness, Observed } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { assess, type MonitoringSnapshot } from '../../src/index.ts';
import { judgePool } from '../../src/pool-capacity.ts';

const seen = <T>(value: readonly T[], source: string): Observed<readonly T[]> => ({
  value,
  at: '2026-01-01T00:00:00.000Z',
  source,
  completeness: 'complete',
  gaps: [],
});

describe('pools of storage', () => {
  const judged = (capabilities: Record<string, unknown>): string => {
    const { verdict, title } = judgePool({ name: 'p', capabilities }, { source: 'test', at: '' }, 0.1);
    return `${verdict}: ${title}`;
  };
  test.each<[string, string, Record<string, unknown>]>([
    [
      'gophercloud issue 1810: IBM SVC, whose ratio is a number',
      'pass: Pool p has 39 % free, and 94 % of what it may promise is not promised',
      {
        allocated_capacity_gb: 52_647,
        free_capacity_gb: 22_083,
        max_over_subscription_ratio: 20,
        provisioned_capacity_gb: 69_343,
        reserved_percentage: 0,
        thick_provisioning_support: false,
        thin_provisioning_support: true,
        total_capacity_gb: 57_344,
      },
    ],
    [
      'gophercloud pull request 205: a capacity may be "infinite"',
      'unknown: Pool p does not tell how full it is',
      { free_capacity_gb: 'infinite', total_capacity_gb: 'infinite', reserved_percentage: 0 },
    ],
    [
      'gophercloud pull request 205: or "unknown"',
      'unknown: Pool p does not tell how full it is',
      { free_capacity_gb: 'unknown', total_capacity_gb: 'unknown', reserved_percentage: 0 },
    ],
    [
      'woorea/openstack-java-sdk pull request 183: LVM of Juno, of which nothing is said of thin or thick',
      'pass: Pool p has 70 % free',
      {
        QoS_support: false,
        allocated_capacity_gb: 0,
        free_capacity_gb: 7.01,
        reserved_percentage: 0,
        total_capacity_gb: 10.01,
        volume_backend_name: 'backend_name',
      },
    ],
    // gophercloud issue 194: "it is up to the driver to respond with evidently what it likes".
    [
      'gophercloud issue 194: a driver that tells nothing',
      'unknown: Pool p does not tell how full it is',
      {},
    ],
  ])('%s', (_, said, capabilities) => {
    expect(judged(capabilities)).toBe(said);
  });
});

describe('that there is nothing to measure', () => {
  const nothing = new Set<string>();
  const of = (completeness: Completeness): string[] => {
    const gap = { what: 'servers', kind: 'denied', why: '403', remedy: undefined, requestIds: [] } as const;
    const servers = { ...seen([], 'servers'), completeness, gaps: completeness === 'complete' ? [] : [gap] };
    const lists = ['volumes', 'snapshots', 'backups', 'images', 'ports', 'floatingIps'] as const;
    const snapshot = {
      inventory: { servers, ...Object.fromEntries(lists.map((name) => [name, seen([], name)])) },
      measured: {
        ...seen([], 'telemetry (Gnocchi)'),
        value: {
          telemetry: true,
          servers: nothing,
          volumes: nothing,
          fresh: { servers: nothing, volumes: nothing },
          since: '2025-12-31T22:00:00.000Z',
        },
      },
      pools: seen([], 'storage pools'),
    } as unknown as MonitoringSnapshot;
    return assess(snapshot)
      .filter((finding) => finding.id === 'monitoring.not-measured' && finding.subject.id === 'servers')
      .map(({ verdict, title }) => `${verdict}: ${title}`);
  };

  test('passes of a list that was read to its end', () => {
    expect(of('complete')).toEqual(['pass: There are no servers to measure']);
  });

  // canonical/prometheus-openstack-exporter pull request 36: a cloud without the service, or of which less is told.
  test.each(['partial', 'denied', 'unsupported', 'failed', 'stale'] as const)(
    'is not said of one that is %s',
    (completeness) => {
      expect(of(completeness)).toEqual(['unknown: Which servers there are to measure could not be seen']);
    },
  );
});

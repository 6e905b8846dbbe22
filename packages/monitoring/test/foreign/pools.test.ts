import { describe, expect, test } from 'vitest';
import { roomOf } from '../../src/index.ts';
import { judgePool } from '../../src/pool-capacity.ts';

const room = (capabilities: Record<string, unknown>) => roomOf({ name: 'p', capabilities });
const shares = (capabilities: Record<string, unknown>): unknown => {
  const found = room(capabilities);
  if ('unknown' in found) return 'unknown';
  return [found.free.share, found.promised?.share].map((share) =>
    share === undefined ? undefined : Math.round(share * 100),
  );
};

// Shapes of `scheduler-stats/get_pools?detail=true` in public reports; the arithmetic is that of
// cinder/utils.py, `calculate_capacity_factors`.
describe('room of a pool, as the scheduler counts it', () => {
  test.each<[string, Record<string, unknown>, unknown]>([
    [
      'LVM, thick (cinder api-ref, pools)',
      {
        total_capacity_gb: 1024,
        free_capacity_gb: 100,
        reserved_percentage: 0,
        thin_provisioning_support: false,
      },
      [10, undefined],
    ],
    [
      'thin, everything promised twice, nothing written: "100 % free" once',
      {
        total_capacity_gb: 100,
        free_capacity_gb: 100,
        provisioned_capacity_gb: 200,
        max_over_subscription_ratio: 2,
        reserved_percentage: 0,
        thin_provisioning_support: true,
      },
      [100, 0],
    ],
    [
      'what is reserved is not free',
      {
        total_capacity_gb: 100,
        free_capacity_gb: 20,
        reserved_percentage: 15,
        thin_provisioning_support: false,
      },
      [5, undefined],
    ],
    [
      'the ratio as text, as LVM and Ceph report it',
      {
        total_capacity_gb: 3800.68,
        free_capacity_gb: 2700.68,
        provisioned_capacity_gb: 14_000,
        max_over_subscription_ratio: '20.0',
        reserved_percentage: 0,
        thin_provisioning_support: true,
      },
      [71, 82],
    ],
    [
      'no provisioned capacity: the scheduler takes what is allocated',
      {
        total_capacity_gb: 100,
        free_capacity_gb: 90,
        allocated_capacity_gb: 150,
        max_over_subscription_ratio: 2,
        thin_provisioning_support: true,
      },
      [90, 25],
    ],
    [
      'promised beyond the limit',
      {
        total_capacity_gb: 100,
        free_capacity_gb: 60,
        provisioned_capacity_gb: 300,
        max_over_subscription_ratio: 2,
        thin_provisioning_support: true,
      },
      [60, 0],
    ],
    [
      'thin, and no ratio is told: the scheduler has an option for it, we have not',
      {
        total_capacity_gb: 100,
        free_capacity_gb: 90,
        provisioned_capacity_gb: 9,
        thin_provisioning_support: true,
      },
      'unknown',
    ],
    [
      'the ratio is `auto`',
      {
        total_capacity_gb: 100,
        free_capacity_gb: 90,
        provisioned_capacity_gb: 9,
        max_over_subscription_ratio: 'auto',
        thin_provisioning_support: true,
      },
      'unknown',
    ],
    [
      'of what is reserved nothing may be promised either, however often the rest may be',
      {
        total_capacity_gb: 100,
        free_capacity_gb: 100,
        provisioned_capacity_gb: 170,
        max_over_subscription_ratio: 2,
        reserved_percentage: 15,
        thin_provisioning_support: true,
      },
      [85, 0],
    ],
    [
      'a ratio below 1: the scheduler places nothing there (capacity_filter.py, "invalid maximum over subscription ratio")',
      {
        total_capacity_gb: 100,
        free_capacity_gb: 100,
        provisioned_capacity_gb: 0,
        max_over_subscription_ratio: 0.5,
        thin_provisioning_support: true,
      },
      [100, 0],
    ],
    [
      'thick, and given away already, though the driver calls it free',
      {
        total_capacity_gb: 100,
        free_capacity_gb: 60,
        provisioned_capacity_gb: 95,
        thin_provisioning_support: false,
      },
      [5, undefined],
    ],
    ['infinite', { total_capacity_gb: 'infinite', free_capacity_gb: 'infinite' }, 'unknown'],
    [
      'a reserve that is no number',
      { total_capacity_gb: 1, free_capacity_gb: 1, reserved_percentage: 'x' },
      'unknown',
    ],
    ['nothing', {}, 'unknown'],
    ['null', { total_capacity_gb: null, free_capacity_gb: null }, 'unknown'],
  ])('%s', (_, capabilities, expected) => expect(shares(capabilities)).toEqual(expected));
});

// cinder/volume/manager.py, `_append_volume_stats`: only pools that a driver names get Cinder's count of what is allocated.
test.each([
  [{}, 'what is given away of it is not told'],
  [{ allocated_capacity_gb: 5 }, 'without what is given away'],
  [
    { thin_provisioning_support: true, allocated_capacity_gb: 5, max_over_subscription_ratio: 2 },
    'without what is reserved',
  ],
])('of a pool that tells %j it is said: %s', (told, words) => {
  const capabilities = { total_capacity_gb: 100, free_capacity_gb: 90, ...told };
  const { because } = judgePool({ name: 'p', capabilities }, { source: 'test', at: '' }, 0.1);
  expect(because[0]?.statement.endsWith(words)).toBe(true);
});

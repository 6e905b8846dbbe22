import { collector } from '../collector.ts';
import { pools as list } from '../lists/block-storage.ts';
import { metric } from '../metric.ts';
import type { StoragePool } from '../../observe.ts';
import { type PoolRoom, roomOf } from '../../pool-capacity.ts';

const LABELS = ['name', 'volume_backend_name', 'vendor_name'];

const labelsOf = ({ name, capabilities }: StoragePool) =>
  [name, capabilities?.volume_backend_name ?? null, capabilities?.vendor_name ?? null] as const;

const FIELDS = ['free_capacity_gb', 'total_capacity_gb'] as const;
type Capacity = (typeof FIELDS)[number];

/** A driver may say that it does not know, or that there is no end: both are answers, and no number. */
const NO_NUMBERS: readonly unknown[] = ['unknown', 'infinite'];

const capacity = (name: string, help: string, field: Capacity) => ({
  metric: metric({
    name,
    help,
    labels: LABELS,
    peer: { name, differs: 'Absent of a pool that says unknown or infinite.' },
  }),
  by: 'each' as const,
  draw: (pool: StoragePool) => {
    const told = pool.capabilities?.[field];
    return NO_NUMBERS.includes(told) ? [] : [[numberIn(told), ...labelsOf(pool)] as const];
  },
});

const share = (name: string, help: string, of: (room: PoolRoom) => number | undefined) => ({
  metric: metric({ name, help, unit: 'ratio', labels: LABELS }),
  by: 'each' as const,
  draw: (pool: StoragePool) => {
    const room = roomOf(pool);
    const value = 'unknown' in room ? undefined : of(room);
    return value === undefined ? [] : [[value, ...labelsOf(pool)] as const];
  },
});

export const pools = collector({
  name: 'pools',
  help: "Storage pools and their room, by the arithmetic of Cinder's own scheduler.",
  lists: [list],
  metrics: [
    capacity('openstack_cinder_pool_capacity_free_gb', 'GiB that a pool says are free.', 'free_capacity_gb'),
    capacity('openstack_cinder_pool_capacity_total_gb', 'GiB that a pool says it has.', 'total_capacity_gb'),
    share(
      'groundcrew_cinder_pool_free_ratio',
      'Share of a pool, from 0 to 1, that the scheduler may still fill: without what is reserved, and of a thick pool without what is given away.',
      ({ free }) => free.share,
    ),
    share(
      'groundcrew_cinder_pool_promisable_ratio',
      'Share, from 0 to 1, of what a thin pool may promise to volumes that is not promised yet; a thick pool has none.',
      ({ promised }) => promised?.share,
    ),
    {
      metric: metric({
        name: 'groundcrew_cinder_pool_room_known',
        help: 'Whether what a pool tells is enough for its room to be known: 1, or 0; absent of a pool that tells nothing.',
        labels: LABELS,
      }),
      by: 'each',
      draw: (pool) => {
        const isTold = FIELDS.every((field) => (pool.capabilities?.[field] ?? undefined) !== undefined);
        return [[isTold ? ('unknown' in roomOf(pool) ? 0 : 1) : undefined, ...labelsOf(pool)]];
      },
    },
  ],
});

/** Some drivers report figures as text. */
const numberIn = (told: unknown): number | undefined =>
  typeof told === 'number'
    ? told
    : typeof told === 'string' && /^-?\d+(?:\.\d+)?$/.test(told.trim())
      ? Number(told)
      : undefined;

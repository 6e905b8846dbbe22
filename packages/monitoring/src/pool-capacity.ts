import { type Evidence, finding, type Finding } from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';
import type { StoragePool } from './observe.ts';

/** The free capacity of a pool, by the arithmetic of Cinder's own scheduler. Shares from 0 to 1, GiB otherwise. */
export interface PoolRoom {
  /** The free part of the storage itself, without what is reserved. */
  readonly free: { readonly gib: number; readonly share: number };
  /**
   * The free part of what may be promised to volumes. Only a thin pool has it, whose volumes may be larger together than it
   * is.
   */
  readonly promised:
    | { readonly gib: number; readonly limit: number; readonly left: number; readonly share: number }
    | undefined;
}

/**
 * The room of a pool, or why it is not known.
 *
 * As Cinder's scheduler counts it (`cinder/utils.py`, `calculate_capacity_factors`;
 * `cinder/scheduler/filters/capacity_filter.py`; `host_manager.py`, `PoolState`): what is reserved is neither free nor to be
 * promised, a thin pool may promise `max_over_subscription_ratio` times the rest, and nothing with a ratio below 1; a thick
 * one the rest once, whatever its driver calls free. Of what a driver leaves out `thin_provisioning_support` means false,
 * `reserved_percentage` 0, and `provisioned_capacity_gb` the `allocated_capacity_gb`. Two have no such default here: the
 * ratio, which is the scheduler's own option, and the allocated capacity, which a driver without pools of its own does not
 * have (`cinder/volume/manager.py`, `_append_volume_stats`) and of which the scheduler takes 0.
 */
export function roomOf({ capabilities }: StoragePool): PoolRoom | { readonly unknown: string } {
  const total = numberIn(capabilities?.total_capacity_gb);
  const free = numberIn(capabilities?.free_capacity_gb);
  if (total === undefined || free === undefined || total <= 0)
    return {
      unknown: `its driver tells ${told(capabilities?.free_capacity_gb)} of ${told(capabilities?.total_capacity_gb)} GiB`,
    };
  // Absent means 0 to the scheduler; text that is no number means nothing to anybody.
  const percentage = capabilities?.reserved_percentage;
  const reservedShare = percentage === undefined || percentage === null ? 0 : numberIn(percentage);
  if (reservedShare === undefined) return { unknown: `its reserved percentage is ${told(percentage)}` };
  const reserved = Math.floor((total * reservedShare) / 100);
  const promised = promisedIn(capabilities);
  const isThin = isTrue(capabilities?.thin_provisioning_support);
  // Where what is given away is not told, the driver's word on what is free stands alone, and the finding says so.
  const isGivenAway = !isThin && promised !== undefined;
  const left = Math.min(free - reserved, isGivenAway ? total - reserved - promised : Infinity);
  const physical = { gib: left, share: Math.max(left, 0) / total };
  if (!isThin) return { free: physical, promised: undefined };
  const ratio = numberIn(capabilities?.max_over_subscription_ratio);
  if (ratio === undefined || promised === undefined)
    return {
      unknown: `it is thin, and its driver tells ${told(capabilities?.provisioned_capacity_gb)} GiB of promises, at most ${told(capabilities?.max_over_subscription_ratio)} times its size`,
    };
  const limit = ratio < 1 ? 0 : (total - reserved) * ratio;
  const unpromised = limit - promised;
  const share = limit <= 0 ? 0 : Math.max(unpromised, 0) / limit;
  return { free: physical, promised: { gib: promised, limit, left: unpromised, share } };
}

/** Judges one pool: of a thin one both what is full and what is promised. */
export function judgePool(
  pool: StoragePool,
  { source, at }: Pick<Observed<unknown>, 'source' | 'at'>,
  freeShare: number,
): Finding {
  const base = {
    id: 'monitoring.capacity',
    subject: { kind: 'storage pool', id: pool.name },
    severity: 'high',
  } as const;
  const because = (statement: string): Evidence => ({ statement, source, at });
  const room = roomOf(pool);
  if ('unknown' in room)
    return finding({
      ...base,
      verdict: 'unknown',
      title: `Pool ${pool.name} does not tell how full it is`,
      because: [because(room.unknown)],
      remedy: 'Ask the storage itself, and have its driver report numbers.',
    });
  const { free, promised } = room;
  const without =
    promised !== undefined
      ? 'without what is reserved'
      : promisedIn(pool.capabilities) === undefined
        ? "without what is reserved, by its driver's word: what is given away of it is not told"
        : 'without what is reserved, and without what is given away';
  const isLow = free.share < freeShare;
  const isPromised = promised !== undefined && promised.share < freeShare;
  const words =
    promised === undefined ? '' : `, and ${percent(promised.share)} of what it may promise is not promised`;
  return finding({
    ...base,
    verdict: isLow || isPromised ? 'fail' : 'pass',
    title: `Pool ${pool.name} has ${percent(free.share)} free${words}`,
    because: [
      because(`${gib(free.gib)} of ${told(pool.capabilities?.total_capacity_gb)} GiB are free, ${without}`),
      ...(promised === undefined
        ? []
        : [
            because(
              `${gib(promised.gib)} GiB are promised to volumes, and ${gib(promised.limit)} GiB may be`,
            ),
          ]),
    ],
    remedy: isLow
      ? 'Add capacity or move volumes before the pool is full: volumes on a thin pool that is full lose writes.'
      : isPromised
        ? 'The scheduler will soon place no volume there: add capacity, or raise `max_over_subscription_ratio` if the volumes stay as empty as they are.'
        : undefined,
  });
}

/** GiB of all the volumes of a pool, were they full; `undefined` where it tells neither. */
const promisedIn = (capabilities: StoragePool['capabilities']): number | undefined =>
  numberIn(capabilities?.provisioned_capacity_gb) ?? numberIn(capabilities?.allocated_capacity_gb);

/** Some drivers report figures as text; `infinite`, `unknown` and `auto` are none. */
function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/^-?\d+(?:\.\d+)?$/.test(value.trim())) return undefined;
  return Number(value);
}

const isTrue = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && /^(true|<is> true)$/i.test(value.trim()));

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const gib = (amount: number): string => String(Math.round(amount * 10) / 10);
const told = (value: unknown): string =>
  value === undefined || value === null
    ? 'nothing'
    : typeof value === 'number'
      ? gib(value)
      : JSON.stringify(value);

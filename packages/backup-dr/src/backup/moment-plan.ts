import type { Cloud } from '@groundcrew/core';
import type { PointResource, TenantPoint } from '../point/tenant-point.ts';
import { textOf } from '../point/wire.ts';
import { consistentGroup } from '../volume-bytes/consistent-group.ts';
import type { VolumeReader } from '../volume-bytes/volume-reader.ts';
import type { BackupHook } from './backup-hook.ts';
import { freeGibibytes } from './free-gibibytes.ts';
import { hookOf } from './hooked-servers.ts';

/** How the disks of a server are taken together, and what the cloud needs until they are read. */
export interface MomentPlan {
  /** The group of which one snapshot is taken; `undefined`: a snapshot of each disk. */
  readonly group: string | undefined;
  /** Why there is no snapshot of their group; `undefined` also where they are in none. */
  readonly why: string | undefined;
  /** GiB of volumes and snapshots. */
  readonly gibibytes: number;
}

/**
 * Plans it for disks of which one is read after the other. A snapshot of a group has its other volumes as well: where these are too many
 * for the quota, there is one of each disk instead.
 *
 * @throws the signal's reason
 */
export async function momentPlan(
  point: TenantPoint,
  disks: readonly PointResource[],
  {
    cloud,
    reader,
    signal,
  }: { readonly cloud: Cloud; readonly reader: VolumeReader; readonly signal?: AbortSignal | undefined },
): Promise<MomentPlan> {
  const each = needsOf(disks, reader);
  const grouped = disks.map(({ id, wire }) => ({
    id,
    group: textOf(wire['group_id']),
    pool: textOf(wire['os-vol-host-attr:host']),
  }));
  // One disk is of one moment by itself.
  if (disks.length < 2) return { group: undefined, why: undefined, gibibytes: each };
  const found = await consistentGroup(cloud, grouped, { signal });
  if (found.group === undefined) return { group: undefined, why: found.why, gibibytes: each };
  const others = point.resources
    .filter(
      ({ kind, id, wire }) => kind === 'volume' && wire['group_id'] === found.group && !hasId(disks, id),
    )
    .reduce((sum, volume) => sum + sizeOf(volume), 0);
  const free = await freeGibibytes(cloud, point.project.id, { signal });
  if (free === undefined || each + others <= free)
    return { group: found.group, why: undefined, gibibytes: each + others };
  const why = `the other volumes of the group need ${others} GiB more, and the quota has ${free} left`;
  return { group: undefined, why, gibibytes: each };
}

/** Whether disks are taken together: of a lone one the reader takes the snapshot, unless its application is brought to rest for it. */
export const areTakenTogether = (
  server: PointResource,
  disks: readonly PointResource[],
  hooks: readonly BackupHook[],
): boolean => disks.length > 1 || (disks.length === 1 && hookOf(server, hooks) !== undefined);

/** Says that there is no snapshot of a group, and why. */
export const eachInstead = ({ id, name }: PointResource, why: string): string =>
  `Each disk of server ${name === '' ? id : name} gets a snapshot, not their group one: ${why}.`;

/** GiB that disks need without a group: their snapshots are there together, and one of them is copied at a time. */
export function needsOf(disks: readonly PointResource[], reader: VolumeReader): number {
  const needs = disks.map((volume) => reader.needs({ size: sizeOf(volume) }));
  const snapshots = needs.reduce((sum, need) => sum + need.snapshots, 0);
  return snapshots + Math.max(0, ...needs.map((need) => need.volumes));
}

export const sizeOf = ({ wire }: PointResource): number =>
  typeof wire['size'] === 'number' ? wire['size'] : 0;

const hasId = (disks: readonly PointResource[], id: string): boolean => disks.some((disk) => disk.id === id);

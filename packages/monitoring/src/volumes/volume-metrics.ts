import {
  aFunction,
  anObjectWith,
  aPositiveDuration,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
  type ReadOptions,
  readOptions,
} from '@groundcrew/ground';
import type { Cloud, Observed } from '@groundcrew/core';
import { z } from 'zod';
import { anInventory, type CloudInventory, type InventoryVolume, readInventory } from '../inventory.ts';
import type { Prometheus } from '../prometheus/prometheus.ts';
import { libvirtIo } from './libvirt-io.ts';
import { type Top, type TopOptions, topOf, topOptions } from './top.ts';
import type { NoIoReason, VolumeFigures } from './volume-figures.ts';
import type { VolumeDisk, VolumeIo, VolumeIoSource } from './volume-io.ts';

export interface VolumeMetricsOptions extends ReadOptions {
  /**
   * Where figures of I/O come from: a Prometheus that scrapes exporters of libvirt, `gnocchiIo`, or a source of one's own.
   * @default none
   */
  readonly io?: Prometheus | VolumeIoSource | undefined;
  /** The time up to now for which I/O is told. @default '1h' */
  readonly window?: Duration | undefined;
  /** What was read before. @default it is read */
  readonly inventory?: CloudInventory | undefined;
}

export interface VolumeMetrics {
  readonly volumes: Observed<readonly VolumeFigures[]>;
  /** How much of the I/O was told; `undefined` without a source. */
  readonly io: Observed<ReadonlyMap<string, VolumeIo>> | undefined;
  readonly windowMs: number;
  /** The volumes, or groups of them, with the greatest figures; and of how many volumes nothing is known. */
  top(options: TopOptions): Top;
}

const aSource = z.custom<Prometheus | VolumeIoSource>(
  (value) => anObjectWith('', 'query', 'queryRange').safeParse(value).success || isSource(value),
  'must be a Prometheus, or a source with readVolumeIo',
);
const isSource = (value: unknown): value is VolumeIoSource =>
  typeof value === 'object' &&
  value !== null &&
  'readVolumeIo' in value &&
  aFunction.safeParse(value.readVolumeIo).success;

const metricsOptions = optionsSchema<VolumeMetricsOptions>({
  ...readOptions,
  io: aSource.optional(),
  window: aPositiveDuration.optional(),
  inventory: anInventory.optional(),
});

/**
 * Reads the volumes of a cloud with size, type, pool, attachments, snapshots and backups, and joins them to what a source
 * tells of their I/O, by the volume's id.
 *
 * A detached volume has no I/O that anything could measure; a volume that the source does not know is `not-covered`. Neither
 * is a volume without writes.
 *
 * @throws InputError on an option that there is not
 * @example
 * const volumes = await volumeMetrics(cloud, { io: prometheus('http://prom:9090'), window: '1h' });
 * for (const { key, value } of volumes.top({ by: 'writtenBytes', of: 'project', limit: 10 }).rows) console.log(key, value);
 */
export async function volumeMetrics(
  cloud: Cloud,
  options: VolumeMetricsOptions = {},
): Promise<VolumeMetrics> {
  parseArguments('volumeMetrics', metricsOptions, options);
  const { signal, io: source, window = '1h' } = options;
  const windowMs = milliseconds(window);
  const inventory = options.inventory ?? (await readInventory(cloud, { signal }));
  const io =
    source === undefined
      ? undefined
      : await (isSource(source) ? source : libvirtIo(source)).readVolumeIo({
          windowMs,
          volumeOf: volumeNames(inventory.volumes.value),
          disks: volumeDisks(inventory.volumes.value),
          signal,
        });
  const volumes = { ...inventory.volumes, value: figuresOf(inventory, io) };
  return {
    volumes,
    io,
    windowMs,
    top(asked) {
      parseArguments('top', topOptions, asked);
      return topOf(volumes, asked);
    },
  };
}

/** After a migration Cinder keeps the back end's name, which has another id in it, as `name_id`. */
function volumeNames(volumes: readonly InventoryVolume[]): (nameId: string) => string | undefined {
  const names = new Map(volumes.map(({ id }) => [id.toLowerCase(), id]));
  for (const volume of volumes) {
    const name = volume['os-vol-mig-status-attr:name_id'];
    if (typeof name === 'string') names.set(name.toLowerCase(), volume.id);
  }
  return (nameId) => names.get(nameId);
}

const volumeDisks = (volumes: readonly InventoryVolume[]): VolumeDisk[] =>
  volumes.flatMap(({ id, attachments }) =>
    attachments.flatMap(({ server_id, device, attached_at }): VolumeDisk[] =>
      typeof server_id === 'string' && typeof device === 'string'
        ? [
            {
              volumeId: id,
              serverId: server_id,
              device: device.replace(/^\/dev\//, ''),
              attachedAt: attached_at ?? undefined,
            },
          ]
        : [],
    ),
  );

function figuresOf(
  { volumes, snapshots, backups }: CloudInventory,
  io: Observed<ReadonlyMap<string, VolumeIo>> | undefined,
): VolumeFigures[] {
  const snapshotsOf = counted(snapshots);
  const backupsOf = counted(backups);
  const newest = new Map<string, string>();
  for (const { volume_id, status, data_timestamp, created_at } of backups.value) {
    // The time of the data is told from 3.x on; a backup of a volume itself is as old as its data.
    const at = data_timestamp ?? created_at;
    if (status === 'available' && at > (newest.get(volume_id) ?? '')) newest.set(volume_id, at);
  }
  return volumes.value.map((volume) => {
    const attachments = volume.attachments.map(({ server_id, device }) => ({
      serverId: server_id ?? undefined,
      device: device ?? undefined,
    }));
    const seen = io?.value.get(volume.id) ?? reasonFor(attachments.length, io);
    return {
      id: volume.id,
      name: volume.name,
      status: volume.status,
      sizeGib: volume.size,
      type: volume.volume_type,
      project: volume['os-vol-tenant-attr:tenant_id'],
      pool: volume['os-vol-host-attr:host'] ?? undefined,
      attachments,
      snapshots: snapshotsOf?.(volume.id),
      backups: backupsOf?.(volume.id),
      newestBackupAt: backupsOf === undefined ? undefined : (newest.get(volume.id) ?? null),
      io: seen,
      isIoPartial:
        typeof seen === 'object' &&
        (seen.disks < attachments.length || seen.seen !== 1 || io?.completeness !== 'complete'),
    };
  });
}

function reasonFor(attachments: number, io: Observed<ReadonlyMap<string, VolumeIo>> | undefined): NoIoReason {
  if (attachments === 0) return 'detached';
  if (io === undefined) return 'no-source';
  return io.completeness === 'complete' ? 'not-covered' : 'source-failed';
}

/** How many of a list are of a volume; nothing if the list was not read to its end, since there may be more. */
function counted(
  list: Observed<readonly { readonly volume_id: string }[]>,
): ((volumeId: string) => number) | undefined {
  if (list.completeness !== 'complete') return undefined;
  const counts = new Map<string, number>();
  for (const { volume_id } of list.value) counts.set(volume_id, (counts.get(volume_id) ?? 0) + 1);
  return (volumeId) => counts.get(volumeId) ?? 0;
}

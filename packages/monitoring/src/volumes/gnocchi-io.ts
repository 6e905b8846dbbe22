import { anObjectWith, parseArguments } from '@groundcrew/ground';
import { type Cloud, type Gap, gapOf } from '@groundcrew/core';
import { z } from 'zod';
import { type AggregateSeries, readSeries } from '../gnocchi/aggregate-series.ts';
import {
  gnocchiPoints,
  gnocchiResources,
  type GnocchiValuePoint,
  originalId,
  ValuePoint,
} from '../gnocchi/gnocchi-series.ts';
import type { VolumeDisk, VolumeIo, VolumeIoSource } from './volume-io.ts';

/** Ceilometer's counters of a disk, which begin anew with the server (`ceilometer/compute/pollsters/disk.py`). */
const METERS = {
  readBytes: 'disk.device.read.bytes',
  writtenBytes: 'disk.device.write.bytes',
  readRequests: 'disk.device.read.requests',
  writeRequests: 'disk.device.write.requests',
} as const;
type Figure = keyof typeof METERS;
const FIGURES = Object.keys(METERS) as Figure[];

const aCloud = z.strictObject({
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'request', 'clock'),
});

/**
 * Figures of volumes by Ceilometer's meters `disk.device.*` in a cloud's Gnocchi. A disk is `SERVER-DEVICE` there, and a volume's by
 * its attachment; what the disk did before the volume was attached is not counted, since another may have had its name.
 *
 * The figures are how far the counters rose between the spans of the window; one that fell began anew, and what it shows then was added
 * since. Of a disk with less than two spans nothing is known.
 *
 * @throws InputError for what is no cloud
 * @example const volumes = await volumeMetrics(cloud, { io: gnocchiIo(cloud), window: '6h' });
 */
export function gnocchiIo(cloud: Cloud): VolumeIoSource {
  parseArguments('gnocchiIo', aCloud, { cloud });
  const name = 'Gnocchi';
  return {
    name,
    async readVolumeIo({ windowMs, disks, signal }) {
      const now = cloud.clock.now();
      const at = new Date(now).toISOString();
      const window = { from: now - windowMs, to: now };
      const gaps: Gap[] = [];
      const diskOf = new Map(disks.map((disk) => [`${disk.serverId}-${disk.device}`, disk]));
      const found = new Map<VolumeDisk, Partial<Record<Figure, AggregateSeries>>>();
      let has: ReadonlySet<string> | undefined;
      try {
        has = await metersOf(cloud, diskOf, signal);
      } catch (error) {
        gaps.push(gapOf('disks in Gnocchi', error));
      }
      for (const figure of FIGURES) {
        if (has?.has(METERS[figure]) !== true) continue;
        try {
          const question = {
            type: 'instance_disk',
            metric: METERS[figure],
            start: new Date(window.from).toISOString(),
          };
          for (const { id, points } of await gnocchiPoints(cloud, question, { signal })) {
            const disk = diskOf.get(id);
            if (disk === undefined) continue;
            const parsed = z.array(ValuePoint).safeParse(points);
            const series = parsed.success ? finest(parsed.data, sinceAttached(window, disk)) : undefined;
            if (series !== undefined) found.set(disk, { ...found.get(disk), [figure]: series });
            else if (!parsed.success) gaps.push(unread(`${METERS[figure]} of ${id}`, parsed.error));
          }
        } catch (error) {
          gaps.push(gapOf(`${METERS[figure]} in Gnocchi`, error));
        }
      }
      const value = new Map(
        [...Map.groupBy(found, ([disk]) => disk.volumeId)].map(([id, own]) => [
          id,
          ioOf(
            own.map(([, series]) => series),
            windowMs,
          ),
        ]),
      );
      const [first] = gaps;
      const completeness =
        first === undefined
          ? 'complete'
          : value.size > 0
            ? 'partial'
            : first.kind === 'denied' || first.kind === 'unsupported'
              ? first.kind
              : 'failed';
      return { value, at, source: name, completeness, gaps };
    },
  };
}

/** The meters that any of the disks has: a question for one that none has would be refused. */
async function metersOf(
  cloud: Cloud,
  diskOf: ReadonlyMap<string, VolumeDisk>,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const meters = new Set<string>();
  for await (const resource of gnocchiResources(cloud, 'instance_disk', { signal }))
    if (diskOf.has(originalId(resource)))
      for (const meter of Object.keys(resource.metrics)) meters.add(meter);
  return meters;
}

const unread = (what: string, error: z.ZodError): Gap => ({
  what: `${what} in Gnocchi`,
  kind: 'cut',
  why: error.issues[0]?.message ?? 'does not fit',
  remedy: undefined,
  requestIds: [],
});

interface Window {
  readonly from: number;
  readonly to: number;
}

function sinceAttached({ from, to }: Window, { attachedAt }: VolumeDisk): Window {
  const attached = attachedAt === undefined ? Number.NaN : Date.parse(attachedAt);
  return { from: Number.isNaN(attached) ? from : Math.max(from, attached), to };
}

/** The series of the shortest spans. A span that the volume's attachment, or the window, began within is not wholly its own. */
function finest(told: readonly GnocchiValuePoint[], { from, to }: Window): AggregateSeries | undefined {
  const points = told.filter(([time]) => Date.parse(time) >= from);
  return readSeries(points, { from, to })
    .map(({ series }) => series)
    .filter((series) => series.points.length > 0)
    .toSorted((a, b) => a.granularityMs - b.granularityMs)[0];
}

function ioOf(disks: readonly Partial<Record<Figure, AggregateSeries>>[], windowMs: number): VolumeIo {
  const figure = (name: Figure): number | undefined => {
    const rises = disks.flatMap((series) => riseOf(series[name]) ?? []);
    return rises.length === 0 ? undefined : rises.reduce((sum, rise) => sum + rise, 0);
  };
  const lastWritten = Math.max(...disks.map(({ writeRequests }) => lastRise(writeRequests)));
  return {
    readBytes: figure('readBytes'),
    writtenBytes: figure('writtenBytes'),
    readRequests: figure('readRequests'),
    writeRequests: figure('writeRequests'),
    lastWrittenAt: Number.isFinite(lastWritten) ? new Date(lastWritten).toISOString() : undefined,
    disks: disks.length,
    seen: Math.min(...disks.map((series) => shareOf(Object.values(series), windowMs))),
  };
}

/** How far a counter rose; `undefined` with less than two points. */
function riseOf(series: AggregateSeries | undefined): number | undefined {
  if (series === undefined || series.points.length < 2) return undefined;
  return series.points.slice(1).reduce((sum, { value }, index) => {
    const before = series.points[index]?.value ?? value;
    return sum + (value < before ? value : value - before);
  }, 0);
}

/** When the span begins in which a counter last rose. */
const lastRise = (series: AggregateSeries | undefined): number =>
  series?.points.findLast(({ value }, index) => index > 0 && value !== series.points[index - 1]?.value)?.at ??
  -Infinity;

/** The share of the window of which the best told counter has spans; one may lie over each of its edges. */
function shareOf(series: readonly AggregateSeries[], windowMs: number): number {
  return Math.max(
    0,
    ...series.map(({ points, intervalMs }) => {
      const all = Math.floor(windowMs / intervalMs);
      return points.length >= Math.max(1, all - 1) ? 1 : points.length / all;
    }),
  );
}

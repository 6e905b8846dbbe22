import { type Gap, optionsSchema } from '@groundcrew/ground';
import type { Completeness, Observed } from '@groundcrew/core';
import { z } from 'zod';
import type { NoIoReason, VolumeFigures } from './volume-figures.ts';

const figures = ['readBytes', 'writtenBytes', 'readRequests', 'writeRequests', 'sizeGib'] as const;
const groups = ['volume', 'project', 'server', 'pool', 'type'] as const;

export interface TopOptions {
  readonly by: (typeof figures)[number];
  /** What is compared; the figures of its volumes are added. @default 'volume' */
  readonly of?: (typeof groups)[number] | undefined;
  /** @default 10 */
  readonly limit?: number | undefined;
}

export const topOptions = optionsSchema<TopOptions>({
  by: z.enum(figures),
  of: z.enum(groups).optional(),
  limit: z.int().min(1).optional(),
});

export interface TopRow {
  /** The id of the volume, project or server, the name of the pool or type. */
  readonly key: string;
  /** The volume's name, if it is one; a null is a volume without a name. */
  readonly name: string | null | undefined;
  readonly value: number;
  /** Volumes whose figures these are, and those of the same group of which nothing is known: the true value may be higher. */
  readonly volumes: number;
  readonly unknown: number;
  /** A figure in it is known to be too low: a disk of a volume is not covered, or the source did not tell all. */
  readonly isPartial: boolean;
}

/** The greatest, and what cannot be among them. */
export interface Top {
  readonly rows: readonly TopRow[];
  /** Volumes of which the figure is known. */
  readonly known: number;
  /** Those of which it is not, by the reason. */
  readonly unknown: Readonly<Partial<Record<NoIoReason | 'no-figure' | 'no-group', number>>>;
  /** That of the list of volumes: one that was not read to its end may lack the greatest. */
  readonly completeness: Completeness;
  readonly gaps: readonly Gap[];
}

export function topOf(
  { value, completeness, gaps }: Observed<readonly VolumeFigures[]>,
  { by, of = 'volume', limit = 10 }: TopOptions,
): Top {
  const rows = new Map<string, { -readonly [K in keyof TopRow]: TopRow[K] }>();
  const unknown: Partial<Record<NoIoReason | 'no-figure' | 'no-group', number>> = {};
  const count = (reason: keyof typeof unknown): void => {
    unknown[reason] = (unknown[reason] ?? 0) + 1;
  };
  let known = 0;
  for (const volume of value) {
    const figure = figureOf(volume, by);
    const keys = keysOf(volume, of);
    if (typeof figure === 'string') count(figure);
    else if (keys.length === 0) count('no-group');
    else known += 1;
    for (const key of keys) {
      const name = of === 'volume' ? volume.name : undefined;
      const row = rows.get(key) ?? { key, name, value: 0, volumes: 0, unknown: 0, isPartial: false };
      rows.set(key, row);
      if (typeof figure === 'string') row.unknown += 1;
      else {
        row.volumes += 1;
        row.value += figure;
        row.isPartial ||= by !== 'sizeGib' && volume.isIoPartial;
      }
    }
  }
  const sorted = [...rows.values()]
    .filter(({ volumes }) => volumes > 0)
    .toSorted((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1));
  return { rows: sorted.slice(0, limit), known, unknown, completeness, gaps };
}

function figureOf(volume: VolumeFigures, by: TopOptions['by']): number | NoIoReason | 'no-figure' {
  if (by === 'sizeGib') return volume.sizeGib;
  return typeof volume.io === 'string' ? volume.io : (volume.io[by] ?? 'no-figure');
}

/** A volume that two servers have is in the rows of both. */
function keysOf(volume: VolumeFigures, of: (typeof groups)[number]): readonly string[] {
  switch (of) {
    case 'volume':
      return [volume.id];
    case 'project':
      return present(volume.project);
    case 'pool':
      return present(volume.pool);
    case 'type':
      return present(volume.type ?? undefined);
    case 'server':
      return [...new Set(volume.attachments.flatMap(({ serverId }) => present(serverId)))];
  }
}

const present = (key: string | undefined): readonly string[] => (key === undefined ? [] : [key]);

import { asOf, type SeriesName, type SeriesRow, type SeriesStatus, table } from '@groundcrew/ground/series';

/** A release series of OpenStack, and the API versions by which it is recognised. */
export type Series = SeriesRow<SeriesName>;

/** Oldest first. */
export const series: readonly Series[] = table;

/** A series as people write it: `Zed (2022.2)`, `2025.1 (Epoxy)`. */
export function title(row: Series): string {
  const name = row.name.charAt(0).toUpperCase() + row.name.slice(1);
  if (row.number === undefined) return name;
  return row.slurp === undefined ? `${name} (${row.number})` : `${row.number} (${name})`;
}

/** Place in time; -1 for a name that is none. */
export const orderOf = (name: SeriesName): number => series.findIndex((row) => row.name === name);

/** A series' status on a day (ISO date), as far as it was planned on {@link asOf}. */
export const statusOn = (row: Series, day: string): SeriesStatus => {
  if (day < row.released && row.status !== 'future') return 'development';
  return row.next !== undefined && row.next.from <= day ? row.next.status : row.status;
};

/**
 * The events that were planned to happen after {@link asOf} and until this day (ISO date), and are not known to have
 * happened: `2027.1 (Indri) is released`.
 */
export const plannedUntil = (day: string): string[] =>
  series.flatMap((row) => [
    ...(asOf < row.released && row.released <= day ? [`${title(row)} is released`] : []),
    ...(row.next !== undefined && asOf < row.next.from && row.next.from <= day
      ? [`${title(row)} becomes ${row.next.status}`]
      : []),
  ]);

import { asOf, type SeriesName, type SeriesRow, type SeriesStatus, table } from '@groundcrew/ground/series';

/** A release series of OpenStack, and the API versions by which it is recognised. */
export type Series = SeriesRow<SeriesName>;

/** Oldest first. */
export const series: readonly Series[] = table;

/** A series as people write it: `Zed (2022.2)`, `2025.1 (Epoxy)`. */
export function title(one: Series): string {
  const name = one.name.charAt(0).toUpperCase() + one.name.slice(1);
  if (one.number === undefined) return name;
  return one.slurp === undefined ? `${name} (${one.number})` : `${one.number} (${name})`;
}

/** Place in time; -1 for a name that is none. */
export const orderOf = (name: SeriesName): number => series.findIndex((one) => one.name === name);

/** A series' status on a day (ISO date), as far as it was planned on {@link asOf}. */
export const statusOn = (one: Series, day: string): SeriesStatus => {
  if (day < one.released && one.status !== 'future') return 'development';
  return one.next !== undefined && one.next.from <= day ? one.next.status : one.status;
};

/** What was planned to happen after {@link asOf} and until this day (ISO date), and is not known to have: `2027.1 (Indri) is released`. */
export const plannedUntil = (day: string): string[] =>
  series.flatMap((one) => [
    ...(asOf < one.released && one.released <= day ? [`${title(one)} is released`] : []),
    ...(one.next !== undefined && asOf < one.next.from && one.next.from <= day
      ? [`${title(one)} becomes ${one.next.status}`]
      : []),
  ]);

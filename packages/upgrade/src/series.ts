import { asOf, type SeriesName, type SeriesRow, type SeriesStatus, table } from '@groundcrew/ground/series';

/** A release series of OpenStack, and the API versions by which it is recognised. */
export type Series = SeriesRow<SeriesName>;

/** Oldest first. */
export const series: readonly Series[] = table;

/** A series as people write it: `Zed (2022.2)`, `2025.1 (Epoxy)`. */
export function title(release: Series): string {
  const name = release.name.charAt(0).toUpperCase() + release.name.slice(1);
  if (release.number === undefined) return name;
  return release.slurp === undefined ? `${name} (${release.number})` : `${release.number} (${name})`;
}

/** Place in time; -1 for a name that is none. */
export const orderOf = (name: SeriesName): number => series.findIndex((entry) => entry.name === name);

/** A series' status on a day (ISO date), as far as it was planned on {@link asOf}. */
export const statusOn = (release: Series, day: string): SeriesStatus => {
  if (day < release.released && release.status !== 'future') return 'development';
  return release.next !== undefined && release.next.from <= day ? release.next.status : release.status;
};

/** What was planned to happen after {@link asOf} and until this day (ISO date), and is not known to have: `2027.1 (Indri) is released`. */
export const plannedUntil = (day: string): string[] =>
  series.flatMap((entry) => [
    ...(asOf < entry.released && entry.released <= day ? [`${title(entry)} is released`] : []),
    ...(entry.next !== undefined && asOf < entry.next.from && entry.next.from <= day
      ? [`${title(entry)} becomes ${entry.next.status}`]
      : []),
  ]);

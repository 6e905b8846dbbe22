import { asOf, type DetectableService, type SeriesRow, type SeriesStatus, table } from './series-table.ts';

export { asOf, type DetectableService, type SeriesStatus };

export type SeriesName = (typeof table)[number]['name'];

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
export const statusOn = (one: Series, day: string): SeriesStatus =>
  one.next !== undefined && one.next.from <= day ? one.next.status : one.status;

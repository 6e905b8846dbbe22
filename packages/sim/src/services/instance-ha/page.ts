import type { Call } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { paginate } from '../../paging.ts';
import type { Collection } from '../../store.ts';
import { number, str } from '../../wire.ts';

/** `osapi_max_limit` */
const MAX_LIMIT = 1000;

/** A page of a list of Masakari: the marker is a row, there is no link to a next page, and the newest come first. */
export function page<T extends { readonly id: string; readonly row: number }>(
  call: Call,
  from: Collection<T>,
  filter: (entity: T) => boolean,
  view: (entity: T) => object,
): T[] {
  const given = call.query.get('limit');
  if (given !== null && !/^\d+$/.test(given))
    throw badRequest('Invalid input received: limit must be an integer');
  const marker = call.query.get('marker');
  const behind =
    marker === null ? undefined : [...from.values()].find((entity) => str(entity.row) === marker);
  if (marker !== null && behind === undefined) throw badRequest(`Marker ${marker} could not be found.`);
  const dirs = call.query.getAll('sort_dir');
  const sort = call.query.getAll('sort_key').map((key, at) => ({
    of: (entity: T): unknown => (view(entity) as Record<string, unknown>)[key],
    descending: (dirs[at] ?? dirs[0] ?? 'desc') === 'desc',
  }));
  return paginate(from, {
    filter,
    sort,
    marker: behind?.id,
    limit: Math.min(number(given) ?? MAX_LIMIT, MAX_LIMIT),
  });
}

/** Tells whether every field of the view that the query names has the value of the query. */
export const matchesQuery =
  <T>(call: Call, names: readonly string[], view: (entity: T) => object) =>
  (entity: T): boolean => {
    const shown = view(entity) as Record<string, unknown>;
    return names.every((name) => {
      const asked = call.query.get(name);
      if (asked === null) return true;
      const value = shown[name];
      // The database compares a flag with a number; `true` is no number, and counts as 0.
      return typeof value === 'boolean' ? value === (asked === '1') : str(value) === asked;
    });
  };

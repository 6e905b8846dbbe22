import type { Call } from './call.ts';
import { badRequest } from './fault.ts';
import type { Collection } from './store.ts';
import { type Json, str } from './wire.ts';

/** `osapi_max_limit` of Nova and Cinder, `pagination_max_limit`'s practical equal elsewhere. */
const MAX_LIMIT = 1000;

export interface PageOptions<T> {
  readonly filter?: (entity: T) => boolean;
  /** The sort keys, with a reader of each. Without one, the newest come first. */
  readonly sort?: readonly { readonly of: (entity: T) => unknown; readonly descending: boolean }[];
  readonly marker?: string | undefined;
  readonly limit: number;
}

/** One page of a collection: the matching entities behind the marker, at most `limit`. */
export function paginate<T extends { readonly id: string }>(
  from: Collection<T>,
  options: PageOptions<T>,
): T[] {
  const { filter = () => true, marker, limit, sort } = options;
  const page: T[] = [];
  if (sort === undefined || sort.length === 0) {
    if (limit === 0) return page;
    for (const entity of from.newestFirst(marker)) {
      if (filter(entity) && page.push(entity) >= limit) break;
    }
    return page;
  }
  // The order is stable: equal entities stay newest first, so that pages neither repeat nor lose one.
  const sorted = [...from.newestFirst()]
    .filter((entity) => filter(entity) || entity.id === marker)
    .toSorted((a, b) => {
      for (const { of, descending } of sort) {
        const order = compare(of(a), of(b));
        if (order !== 0) return descending ? -order : order;
      }
      return 0;
    });
  const start = marker === undefined ? 0 : sorted.findIndex((entity) => entity.id === marker) + 1;
  return sorted.slice(start).filter(filter).slice(0, limit);
}

const compare = (a: unknown, b: unknown): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [str(a ?? ''), str(b ?? '')];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** Reads `limit` as Nova and Cinder do. */
export function limitOf(call: Call): number {
  const given = call.query.get('limit');
  if (given === null || given === '') return MAX_LIMIT;
  if (!/^-?\d+$/.test(given)) throw badRequest('limit param must be an integer');
  if (Number(given) < 0) throw badRequest('limit param must be positive');
  return Math.min(Number(given), MAX_LIMIT);
}

/**
 * Makes the body `{ servers: […], servers_links: […] }`. As in Nova and Cinder a full page has a link, even if nothing
 * follows it
 * (`nova/api/openstack/common.py` `ViewBuilder._get_collection_links`).
 */
export function withNextLink(
  call: Call,
  key: string,
  page: readonly { readonly id: string }[],
  items: unknown[],
  limit: number,
): Json {
  const body: Json = { [key]: items };
  if (limit > 0 && page.length === limit) {
    body[`${key}_links`] = [{ rel: 'next', href: nextHref(call, (page.at(-1) as { id: string }).id) }];
  }
  return body;
}

/** The URL of the request with another marker. */
function nextHref(call: Call, marker: string): string {
  const query = new URLSearchParams(call.query);
  query.delete('marker');
  query.append('marker', marker);
  return `${call.url.origin}${call.url.pathname}?${query.toString()}`;
}

/** Reads the repeated parameters `sort_key` and `sort_dir`. */
export function sortOf<T>(
  call: Call,
  read: (key: string) => ((entity: T) => unknown) | undefined,
  unknownKey: (key: string) => Error,
) {
  const keys = call.query.getAll('sort_key');
  const dirs = call.query.getAll('sort_dir');
  return keys.map((key, index) => {
    const of = read(key);
    if (of === undefined) throw unknownKey(key);
    return { of, descending: (dirs[index] ?? dirs.at(-1) ?? 'desc').toLowerCase() === 'desc' };
  });
}

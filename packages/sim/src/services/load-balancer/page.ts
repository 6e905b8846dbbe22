import { ok, type Answer } from '../../answer.ts';
import type { Call } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { paginate, sortOf } from '../../paging.ts';
import type { Store } from '../../store.ts';
import { flag, type Json, str } from '../../wire.ts';

/** Query parameters that are no filters (`_auxiliary_arguments` of `octavia/api/common/pagination.py`). */
const CONTROL = new Set(['limit', 'marker', 'sort', 'sort_key', 'sort_dir', 'fields', 'page_reverse']);

interface Created {
  readonly id: string;
  readonly created: number;
}

export interface ListOptions<T> {
  /** `loadbalancers`: the envelope. */
  readonly plural: string;
  /** Tells whether the caller is shown it. */
  readonly isShown: (entity: T) => boolean;
  readonly view: (entity: T) => Json;
  /** Filters that no field of the view has. */
  readonly filters?: Readonly<Record<string, (entity: T) => unknown>>;
}

/**
 * A list of Octavia, oldest first. A page has links only where a `limit` makes it one, and these have lost the filters
 * (`PaginationHelper._make_links`).
 */
export function listAnswer<T extends Created>(call: Call, from: Store<T>, options: ListOptions<T>): Answer {
  const { plural, view } = options;
  const limit = limitOf(call);
  const marker = call.query.get('marker') ?? undefined;
  if (marker !== undefined && from.get(marker) === undefined)
    throw badRequest(`Supplied pagination marker '${marker}' is not valid.`);
  const asked = filterOf(call, options);
  const read = (key: string) => (entity: T) => view(entity)[key];
  const oldest = [
    { of: (entity: T): unknown => entity.created, descending: false },
    { of: (entity: T): unknown => entity.id, descending: false },
  ];
  // Without a direction it is ascending here.
  const sort = call.query.has('sort_key')
    ? sortOf<T>(call, read, noKey).map((each, index) => ({
        ...each,
        descending: call.query.getAll('sort_dir')[index] === 'desc',
      }))
    : [];
  const page = paginate(from, {
    filter: (entity) => options.isShown(entity) && asked(entity),
    sort: [...sort, ...oldest],
    marker,
    limit: limit ?? Number.POSITIVE_INFINITY,
  });
  return ok({ [plural]: page.map(view), [`${plural}_links`]: linksOf(call, page, limit, marker) });
}

const noKey = (): Error => badRequest('Supplied sort key is not valid.');

function limitOf(call: Call): number | undefined {
  const given = call.query.get('limit');
  if (given === null || given === 'infinite') return undefined;
  if (!/^-?\d+$/.test(given)) throw badRequest(`Supplied pagination limit '${given}' is not valid.`);
  return Number(given) < 1 ? undefined : Number(given);
}

function filterOf<T>(call: Call, { view, filters = {} }: ListOptions<T>): (entity: T) => boolean {
  const asked = [...call.query].filter(([name]) => !CONTROL.has(name) && name !== 'project_id');
  return (entity) => {
    const shown = view(entity);
    return asked.every(([name, value]) => {
      const own = filters[name]?.(entity) ?? shown[name];
      return typeof own === 'boolean' ? own === flag(value) : str(own) === value;
    });
  };
}

function linksOf(
  call: Call,
  page: readonly { readonly id: string }[],
  limit: number | undefined,
  marker: string | undefined,
): Json[] {
  const [first, last] = [page[0], page.at(-1)];
  if (limit === undefined || first === undefined || last === undefined) return [];
  const kept = ['sort', 'sort_key'].flatMap((name) =>
    call.query.getAll(name).map((value): [string, string] => [name, value]),
  );
  const href = (...more: [string, string][]): string =>
    `${call.url.origin}${call.url.pathname}?${new URLSearchParams([['limit', String(limit)], ...kept, ...more]).toString()}`;
  return [
    ...(marker === undefined
      ? []
      : [{ rel: 'previous', href: href(['marker', first.id], ['page_reverse', 'True']) }]),
    // A full page has a link, even if nothing follows.
    ...(page.length >= limit ? [{ rel: 'next', href: href(['marker', last.id]) }] : []),
  ];
}

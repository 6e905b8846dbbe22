import { maskText } from '@groundcrew/ground';
import { PaginationError } from '../errors/errors.ts';
import type { OperationSpec } from '../record/operation.ts';

/** Finds the next page of a list: its path, query included; `undefined` after the last. */
export class Pager {
  readonly #spec: OperationSpec;
  readonly #operation: string;
  readonly #seen = new Set<string>();
  #path: string;
  #offset = 0;
  /** The first item of the last page, of lists by offset. */
  #first: string | undefined;
  #pages = 0;
  /** Pages without an item, one after the other. */
  #empty = 0;

  constructor(spec: OperationSpec, operation: string, path: string) {
    this.#spec = spec;
    this.#operation = operation;
    this.#path = path;
    this.#seen.add(path);
  }

  /** Reads how a page says that the list continues. */
  next(body: unknown, items: readonly unknown[]): string | undefined {
    const page = (body ?? {}) as Record<string, unknown>;
    this.#pages += 1;
    this.#empty = items.length === 0 ? this.#empty + 1 : 0;
    // Each with a link that is new: nothing else would end such a list.
    if (this.#empty > MOST_EMPTY || this.#pages > MOST_PAGES) throw this.#endless();
    switch (this.#spec.page) {
      case 'links':
        // Nova's instance actions have theirs under plain `links`.
        return this.#follow(relNext(page[`${this.#spec.receive}_links`] ?? page['links']));
      case 'next':
        return this.#follow(page['next']);
      case 'body-links': {
        const next = this.#follow((page['links'] as Record<string, unknown> | undefined)?.['next']);
        if (next === undefined && page['truncated'] === true) throw this.#truncated();
        return next;
      }
      case 'offset':
        return items.length === 0 || !this.#limited ? undefined : this.#advance(items);
      case 'marker':
        // A page that is not full is no end: the service's own limit may be lower than the one asked for.
        return items.length === 0 || !this.#limited ? undefined : this.#behind(items.at(-1));
      case 'name':
        return items.length === 0 || !this.#limited ? undefined : this.#behindName(items.at(-1));
      case 'link-then-marker': {
        const next = relNext(page[`${this.#spec.receive}_links`]);
        return items.length === 0 || isNothing(next) ? undefined : this.#behind(items.at(-1));
      }
      case 'none':
      case undefined:
        return undefined;
    }
  }

  /**
   * Only the query of a link is used, on the path that the list began with. Behind a proxy services put the wrong
   * scheme, host or prefix into their links (Nova's `compute_link_prefix`, oslo.middleware's
   * `http_proxy_to_wsgi`), and a token must never follow a link to another host.
   */
  #follow(link: unknown): string | undefined {
    if (isNothing(link)) return undefined;
    if (typeof link !== 'string') throw this.#foreign(`of the type ${typeof link}`);
    const target = parseLink(link);
    const base = this.#path.split('?', 1)[0] as string;
    if (target === undefined || !target.pathname.endsWith(`/${base}`)) {
      throw this.#foreign(maskText(link));
    }
    return this.#once(base + target.search);
  }

  /** A link to a next page that leads elsewhere or nowhere does not end the list: it is an error. */
  #foreign(where: string): PaginationError {
    const base = this.#path.split('?', 1)[0] as string;
    return new PaginationError(
      `${this.#operation}: the next page is said to be at ${where}, which is no ${base}`,
      {
        reason: 'foreign',
        operation: this.#operation,
        remedy:
          'The list is not complete. The link was not followed, so that the token stays with this cloud.',
      },
    );
  }

  get #limited(): boolean {
    return /[?&]limit=/.test(this.#path);
  }

  #behind(last: unknown): string {
    const id: unknown = typeof last === 'object' && last !== null && 'id' in last ? last.id : undefined;
    if (typeof id !== 'string' && typeof id !== 'number')
      throw this.#foreign('behind an element without an id');
    return this.#after(String(id));
  }

  /** An object has a name, and what several names have in common a `subdir`. */
  #behindName(last: unknown): string {
    const { name, subdir } = (last ?? {}) as { readonly name?: unknown; readonly subdir?: unknown };
    const marker = name ?? subdir;
    if (typeof marker !== 'string') throw this.#foreign('behind an element without a name');
    return this.#after(marker);
  }

  #after(marker: string): string {
    const [base, query] = this.#path.split('?', 2);
    const parameters = new URLSearchParams(query);
    parameters.set('marker', marker);
    return this.#once(`${base}?${parameters.toString()}`);
  }

  #advance(items: readonly unknown[]): string {
    // A service that ignores `offset` answers the first page for ever.
    const first = JSON.stringify(items[0]);
    if (first === this.#first) throw this.#looping();
    this.#first = first;
    this.#offset += items.length;
    const [base, query] = this.#path.split('?', 2);
    const parameters = new URLSearchParams(query);
    parameters.set('offset', String(this.#offset));
    return this.#once(`${base}?${parameters.toString()}`);
  }

  #once(path: string): string {
    if (this.#seen.has(path)) throw this.#looping();
    this.#seen.add(path);
    this.#path = path;
    return path;
  }

  #looping(): PaginationError {
    return new PaginationError(`${this.#operation}: the list leads back to a page already read`, {
      reason: 'loop',
      operation: this.#operation,
      remedy:
        'The list is not complete. Services with this defect answer whole lists when asked for a larger `limit`.',
    });
  }

  #endless(): PaginationError {
    const what = this.#empty > MOST_EMPTY ? `${MOST_EMPTY} pages without an element` : `${MOST_PAGES} pages`;
    return new PaginationError(`${this.#operation}: after ${what} the list still goes on`, {
      reason: 'loop',
      operation: this.#operation,
      remedy: 'The list is not complete. Narrow it with a filter, or ask for larger pages with `limit`.',
    });
  }

  /** Keystone's `list_limit`: the rest cannot be had (`keystone/common/driver_hints.py`). */
  #truncated(): PaginationError {
    return new PaginationError(`${this.#operation}: the service cut the list at its own limit`, {
      reason: 'truncated',
      operation: this.#operation,
      remedy: "Narrow the list with a filter, or raise Keystone's `list_limit`.",
    });
  }
}

const isNothing = (link: unknown): boolean => link === undefined || link === null || link === '';

function relNext(links: unknown): unknown {
  // What is there and is no list is handed on: it says something, and nobody knows what.
  if (!Array.isArray(links)) return links;
  return links.find((link: unknown) => (link as { rel?: unknown } | null)?.rel === 'next')?.href;
}

function parseLink(link: string): URL | undefined {
  try {
    return new URL(link, 'http://relative.invalid');
  } catch {
    return undefined;
  }
}

/** No service answers so many; the pages of a list of ten million servers are fewer. */
const MOST_PAGES = 100_000;
/** A filter that is applied after the page was cut leaves pages empty, but hardly that many in a row. */
const MOST_EMPTY = 100;

import type { ReadOptions } from '@groundcrew/ground';
import { type Cloud, PaginationError } from '@groundcrew/core';
import { z } from 'zod';

interface GnocchiList<T> {
  /** `resources of type volume`. */
  readonly what: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly element: z.ZodType<T>;
  readonly operation: string;
}

/**
 * The elements of a list. Gnocchi pages by the id of the last one (`gnocchi/rest/api.py`), and its own limit may be lower than the
 * one that was asked for: only an empty page is the end.
 *
 * @throws PaginationError if there is no end after a thousand pages
 */
export async function* gnocchiPages<T extends { readonly id: string }>(
  cloud: Cloud,
  { what, path, query = {}, element, operation }: GnocchiList<T>,
  { signal }: ReadOptions,
): AsyncGenerator<T> {
  const seen = new Set<string>();
  for (let marker: string | undefined; ;) {
    const { body } = await cloud.request('metric', {
      path,
      query: { ...query, limit: PAGE, marker },
      schema: z.array(element),
      operation,
      signal,
    });
    yield* body;
    const last = body.at(-1)?.id;
    if (last === undefined || seen.has(last)) return;
    if (seen.size >= MOST_PAGES)
      throw new PaginationError(`${what} in Gnocchi: there is no end after ${MOST_PAGES} pages`, {
        reason: 'truncated',
        operation,
      });
    seen.add(last);
    marker = last;
  }
}

const PAGE = 1000;
const MOST_PAGES = 1_000;

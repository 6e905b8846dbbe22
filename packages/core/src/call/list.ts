import type { CallOptions } from '../options/call-options.ts';
import { decodeElement, unwrapList } from './decode.ts';
import type { OperationSpec } from '../record/operation.ts';
import type { Pager } from './pages.ts';
import { parseJson, type Reply } from './request.ts';

/** The part of an operation that its list iterator uses. */
export interface ListSource {
  readonly spec: OperationSpec;
  readonly version: string;
  readonly pager: Pager;
  /** The path of the first page. */
  readonly first: string;
  readonly read: (path: string, options: CallOptions) => Promise<Reply>;
}

interface Page {
  readonly reply: Reply;
  readonly body: unknown;
  readonly elements: readonly unknown[];
  /** Elements of the pages before. */
  readonly before: number;
}

/**
 * Walks a list page by page, one page in memory at a time.
 *
 * An element that does not decode rejects `next()` with a `DecodeError` that names it, and the walk goes on: the next
 * `next()` gives the element behind it. `for await` ends there, as with any error; `observeList` goes on. Every other
 * error ends the walk, after the elements that were read before it.
 */
export class ListIterator implements AsyncIterator<unknown, undefined> {
  readonly #begin: () => ListSource;
  readonly #options: CallOptions;
  #source: ListSource | undefined;
  #page: Page | undefined;
  #at = 0;
  #isOver = false;
  #loading: Promise<void> | undefined;

  /** @param begin - checks the arguments and places them; the first `next()` calls it, and rejects if they are wrong */
  constructor(begin: () => ListSource, options: CallOptions) {
    this.#begin = begin;
    this.#options = options;
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    while (!this.#isOver) {
      if (this.#source !== undefined && this.#page !== undefined && this.#at < this.#page.elements.length) {
        const { elements, before, reply } = this.#page;
        const { spec, version } = this.#source;
        const index = this.#at;
        this.#at += 1;
        return {
          done: false,
          value: decodeElement(spec, version, elements[index], reply, before + index),
        };
      }
      // Whoever asks twice at once waits for the same page.
      await (this.#loading ??= this.#loadNextPage().finally(() => {
        this.#loading = undefined;
      }));
    }
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<unknown, undefined>> {
    this.#isOver = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  async #loadNextPage(): Promise<void> {
    try {
      const source = (this.#source ??= this.#begin());
      const last = this.#page;
      const path = last === undefined ? source.first : source.pager.next(last.body, last.elements);
      if (path === undefined) {
        this.#isOver = true;
        return;
      }
      const reply = await source.read(path, this.#options);
      const body = parseJson(reply);
      const before = last === undefined ? 0 : last.before + last.elements.length;
      this.#page = { reply, body, elements: unwrapList(source.spec, body, reply), before };
      this.#at = 0;
    } catch (error) {
      // What is behind a page that cannot be had is not known.
      this.#isOver = true;
      throw error;
    }
  }
}

import { GroundcrewError } from '@groundcrew/ground';
import { checkFilter, matches, type RequestFilter } from './request-filter.ts';

/** One request that the cloud saw. */
export interface RequestRecord {
  /** The moment by the cloud's clock. */
  readonly at: number;
  /** `compute`, `identity`, …; `none` if the path belongs to no service. */
  readonly service: string;
  /** `servers.list`; of a route that is in no record, its method and path. */
  readonly operation: string;
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  readonly microversion: string | undefined;
  /** 0 if the connection was reset. */
  readonly status: number;
  readonly requestId: string;
  /** Id of the user, if the token was valid. */
  readonly user: string | undefined;
}

/** Requests were received that a test expects not to be. Its message names the first ten. */
export class UnexpectedRequestError extends GroundcrewError {
  readonly code = 'unexpected-request';
  /** The requests that the filter matches, in the order in which they came. */
  readonly requests: readonly RequestRecord[];

  constructor(message: string, requests: readonly RequestRecord[]) {
    super(message);
    this.requests = requests;
  }
}

/** The requests that the cloud received. Tests look here for what a program does, and for what it does not do. */
export class RequestLog {
  readonly all: RequestRecord[] = [];
  /** Requests for which no service has a route: the caller's mistake, or a gap of the simulation. */
  readonly unknown: RequestRecord[] = [];
  readonly #limit: number;

  constructor(limit = 100_000) {
    this.#limit = limit;
  }

  add(entry: RequestRecord, known: boolean): void {
    if (this.all.length >= this.#limit) this.all.shift();
    this.all.push(entry);
    if (!known) this.unknown.push(entry);
  }

  /** @throws InputError on a filter that is misspelt */
  filter(filter: RequestFilter): RequestRecord[] {
    return this.#matching('requests.filter', filter);
  }

  /** @throws InputError on a filter that is misspelt */
  count(filter: RequestFilter = {}): number {
    return this.#matching('requests.count', filter).length;
  }

  /** @throws UnexpectedRequestError if the filter matches any request; InputError on a filter that is misspelt */
  expectNone(filter: RequestFilter): void {
    const found = this.#matching('requests.expectNone', filter);
    if (found.length === 0) return;
    const lines = found.slice(0, 10).map((entry) => `  ${entry.method} ${entry.path} -> ${entry.status}`);
    throw new UnexpectedRequestError(
      `expected no request like ${JSON.stringify(filter, printable)}, saw ${found.length}:\n${lines.join('\n')}`,
      found,
    );
  }

  #matching(operation: string, filter: RequestFilter): RequestRecord[] {
    checkFilter(operation, filter);
    return this.all.filter((entry) => matches(entry, filter));
  }

  clear(): void {
    this.all.length = 0;
    this.unknown.length = 0;
  }
}

const printable = (_key: string, value: unknown): unknown =>
  value instanceof RegExp ? String(value) : value;

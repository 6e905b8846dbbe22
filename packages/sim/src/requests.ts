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

export interface RequestFilter {
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
  readonly method?: string | undefined;
  readonly path?: string | RegExp | undefined;
  readonly status?: number | undefined;
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

  filter(filter: RequestFilter): RequestRecord[] {
    return this.all.filter((entry) => matches(entry, filter));
  }

  count(filter: RequestFilter = {}): number {
    return this.filter(filter).length;
  }

  /** Throws an error that names the requests which the filter matches, if there are any. */
  expectNone(filter: RequestFilter): void {
    const found = this.filter(filter);
    if (found.length === 0) return;
    const lines = found.slice(0, 10).map((entry) => `  ${entry.method} ${entry.path} -> ${entry.status}`);
    throw new Error(
      `expected no request like ${JSON.stringify(filter, printable)}, saw ${found.length}:\n${lines.join('\n')}`,
    );
  }

  clear(): void {
    this.all.length = 0;
    this.unknown.length = 0;
  }
}

const printable = (_key: string, value: unknown): unknown =>
  value instanceof RegExp ? String(value) : value;

/**
 * Tells whether the filter matches a request. A path given as text matches the end of the request's path, without its
 * query.
 */
export function matches(
  entry: Pick<RequestRecord, 'service' | 'operation' | 'method' | 'path'> & { readonly status?: number },
  filter: RequestFilter,
): boolean {
  if (filter.service !== undefined && filter.service !== entry.service) return false;
  if (filter.operation !== undefined && filter.operation !== entry.operation) return false;
  if (filter.method !== undefined && filter.method.toUpperCase() !== entry.method) return false;
  if (filter.status !== undefined && filter.status !== entry.status) return false;
  if (filter.path instanceof RegExp) return filter.path.test(entry.path);
  return filter.path === undefined || (entry.path.split('?', 1)[0] as string).endsWith(filter.path);
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A series as it was scraped: times in milliseconds, each with its value; `stale` is the marker that it has ended. */
export interface Scraped {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [at: number, value: number | 'stale'])[];
}

const LOOKBACK = 300_000;

/**
 * Answers ranges of plain selectors as Prometheus does: at each moment the newest sample of the five minutes before it, unless the
 * series was marked stale; and `timestamp()` of one.
 */
export class RangeServer implements AsyncDisposable {
  series: readonly Scraped[];
  /** What it says besides, as Thanos does where a store was not reached. */
  warnings: readonly string[] = [];
  /** Answers with this status instead. */
  broken: number | undefined;
  readonly #server;

  private constructor(series: readonly Scraped[]) {
    this.series = series;
    this.#server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://server');
      response.setHeader('content-type', 'application/json');
      if (this.broken !== undefined) response.statusCode = this.broken;
      response.end(JSON.stringify(this.#answer(searchParams)));
    });
  }

  static async open(series: readonly Scraped[]): Promise<RangeServer> {
    const server = new RangeServer(series);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(asked: URLSearchParams): object {
    const query = asked.get('query') ?? '';
    const [start, end, step] = ['start', 'end', 'step'].map((name) =>
      Math.round(Number(asked.get(name)) * 1000),
    ) as [number, number, number];
    const values = [...this.#named(query.split(' or ').at(-1) ?? '')];
    const added = /^label_replace\(timestamp\((.*)\), "(\w+)", "(\w+)", "", ""\) or \1$/.exec(query);
    const result = values.map((series) => matrix(series, { start, end, step }, (_, value) => value));
    if (added !== null)
      for (const { labels, samples } of values) {
        const { __name__, ...more } = labels;
        const timed = { labels: { ...more, [added[2] ?? '']: added[3] ?? '' }, samples };
        result.push(matrix(timed, { start, end, step }, (at) => at / 1000));
      }
    return {
      status: 'success',
      data: { resultType: 'matrix', result: result.filter((each) => each.values.length > 0) },
      ...(this.warnings.length === 0 ? {} : { warnings: this.warnings }),
    };
  }

  /** By the metric's name, and by matchers of equality. */
  *#named(selector: string): Generator<Scraped> {
    const matchers = [...selector.matchAll(/(\w+)="([^"]*)"/g)];
    for (const series of this.series) {
      const isNamed = series.labels['__name__'] === selector.split('{')[0];
      if (isNamed && matchers.every(([, name = '', value]) => series.labels[name] === value)) yield series;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function matrix(
  { labels, samples }: Scraped,
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
  shown: (at: number, value: number) => number,
): { readonly metric: object; readonly values: readonly (readonly [number, string])[] } {
  const values: [number, string][] = [];
  for (let moment = start; moment <= end; moment += step) {
    const [at = 0, value] = samples.findLast(([each]) => each <= moment && each > moment - LOOKBACK) ?? [];
    if (value !== undefined && value !== 'stale') values.push([moment / 1000, String(shown(at, value))]);
  }
  return { metric: labels, values };
}

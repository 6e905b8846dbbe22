import {
  aPositiveDuration,
  aSignal,
  type Duration,
  InputError,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { type Cloud, connect, gapOf, isHttpError, type Observed, Secret } from '@groundcrew/core';
import { z } from 'zod';
import { type Answered, instants, matrix, Reply, type PrometheusSeries } from './answer.ts';
import { mergedSeries, type RangeStep, rangeSteps } from './range.ts';

export interface PrometheusOptions {
  /** Sent with each request, such as `authorization` or Mimir's `x-scope-orgid`; they are not shown in errors. */
  readonly headers?: Readonly<Record<string, string | Secret>> | undefined;
  /** For one attempt. @default '1m', in which Prometheus itself gives a question up after two */
  readonly timeout?: Duration | undefined;
  /** For one question with all its attempts. @default '5m' */
  readonly deadline?: Duration | undefined;
  /** The file with the certificates that may have signed the server's. @default the system's */
  readonly cacert?: string | undefined;
}

export interface InstantQueryOptions {
  /** Milliseconds since 1970. @default the server's now */
  readonly at?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RangeQueryOptions {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly step: Duration;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A Prometheus, or what speaks its query API (Thanos, Mimir, VictoriaMetrics).
 *
 * What it answers is an `Observed`: an answer that comes with warnings is `partial`, since Thanos and Mimir answer so when a
 * store was not reached, and no answer is a gap. Of a question that the server does not understand, nothing is known about
 * the cloud: it is an `InputError`.
 */
export interface Prometheus extends AsyncDisposable {
  /** Its address, without userinfo. */
  readonly name: string;
  /** The series of an expression, each with its value at one time. */
  query(expression: string, options?: InstantQueryOptions): Promise<Observed<readonly PrometheusSeries[]>>;
  /** The series of an expression over a time, in as many questions as Prometheus' limit of 11,000 points makes of it. */
  queryRange(expression: string, options: RangeQueryOptions): Promise<Observed<readonly PrometheusSeries[]>>;
  /** Ends idle connections. */
  close(): Promise<void>;
}

const aHeader = z.union([z.string(), z.instanceof(Secret)]);
const prometheusOptions = optionsSchema<PrometheusOptions>({
  headers: z.record(z.string(), aHeader).optional(),
  timeout: aPositiveDuration.optional(),
  deadline: aPositiveDuration.optional(),
  cacert: z.string().min(1).optional(),
});
const aTime = z.number().min(0).max(8.64e15);
const instantOptions = optionsSchema<InstantQueryOptions>({
  at: aTime.optional(),
  signal: aSignal.optional(),
});
const rangeOptions = optionsSchema<RangeQueryOptions>({
  from: aTime,
  to: aTime,
  step: aPositiveDuration,
  signal: aSignal.optional(),
});

/**
 * A reader of Prometheus' query API, with the retries, limits and masking of core's client.
 *
 * @param url - of the server, with the path below which `/api/v1` is: `http://prom:9090`
 * @throws InputError for what is no URL of HTTP, of which it shows nothing, and on an option that there is not
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 * @example
 * const prom = prometheus('http://prom:9090');
 * const up = await prom.query('up == 0');
 * if (up.completeness === 'complete') console.log(up.value.map(({ labels }) => labels['instance']));
 */
export function prometheus(url: string | URL, options: PrometheusOptions = {}): Prometheus {
  parseArguments('prometheus', prometheusOptions, options);
  const address = addressOf(url);
  const { timeout, deadline, cacert } = options;
  const cloud = connect({
    auth_type: 'none',
    auth: { endpoint: `${address}/api/v1` },
    timeout,
    deadline,
    ...(cacert === undefined ? {} : { cacert }),
  });
  return new PrometheusReader(cloud, `prometheus ${address}`, options.headers ?? {});
}

class PrometheusReader implements Prometheus {
  readonly name: string;
  readonly #cloud: Cloud;
  readonly #headers: Readonly<Record<string, string | Secret>>;

  constructor(cloud: Cloud, name: string, headers: Readonly<Record<string, string | Secret>>) {
    this.#cloud = cloud;
    this.name = name;
    this.#headers = headers;
  }

  async query(
    expression: string,
    options: InstantQueryOptions = {},
  ): Promise<Observed<readonly PrometheusSeries[]>> {
    parseArguments('prometheus.query', instantOptions, options);
    const { at, signal } = options;
    const time = at === undefined ? {} : { time: String(at / 1000) };
    return this.#observed(expression, () =>
      this.#ask('query', { query: textOf('query', expression), ...time }, signal).then(instants),
    );
  }

  async queryRange(
    expression: string,
    options: RangeQueryOptions,
  ): Promise<Observed<readonly PrometheusSeries[]>> {
    parseArguments('prometheus.queryRange', rangeOptions, options);
    const { from, to, step, signal } = options;
    if (to < from)
      throw new InputError('prometheus.queryRange: to: is before from', {
        field: 'to',
        operation: 'prometheus.queryRange',
      });
    const query = textOf('queryRange', expression);
    const every = milliseconds(step);
    const [first, ...more] = rangeSteps(from, to, every);
    const parts: [Observed<readonly PrometheusSeries[]>, ...Observed<readonly PrometheusSeries[]>[]] = [
      await this.#range(query, first, every, signal),
    ];
    for (const part of more) parts.push(await this.#range(query, part, every, signal));
    return mergedSeries(parts);
  }

  #range(
    query: string,
    { start, end }: RangeStep,
    step: number,
    signal: AbortSignal | undefined,
  ): Promise<Observed<readonly PrometheusSeries[]>> {
    const range = { start: String(start / 1000), end: String(end / 1000), step: String(step / 1000) };
    return this.#observed(query, () => this.#ask('query_range', { query, ...range }, signal).then(matrix));
  }

  close(): Promise<void> {
    return this.#cloud.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<z.output<typeof Reply>> {
    const headers = Object.entries(this.#headers).map(([name, value]) => [name, Secret.of(value).reveal()]);
    const { body } = await this.#cloud.request('prometheus', {
      path,
      query,
      schema: Reply,
      headers: Object.fromEntries(headers) as Record<string, string>,
      operation: path,
      signal,
    });
    return body;
  }

  async #observed(
    expression: string,
    ask: () => Promise<Answered>,
  ): Promise<Observed<readonly PrometheusSeries[]>> {
    const at = new Date(this.#cloud.clock.now()).toISOString();
    const source = this.name;
    try {
      const { series, odd } = await ask();
      const gaps = odd.map((why) => ({
        what: `${source}: ${expression}`,
        kind: 'cut' as const,
        why,
        remedy: undefined,
        requestIds: [],
      }));
      return { value: series, at, source, completeness: gaps.length === 0 ? 'complete' : 'partial', gaps };
    } catch (error) {
      if (isHttpError(error) && error.status === 400)
        throw new InputError(`${source} does not understand the expression: ${saidIn(error.fault.message)}`, {
          field: 'expression',
          operation: 'prometheus.query',
          cause: error,
        });
      const gap = gapOf(`${source}: ${expression}`, error);
      // A 404 is a wrong address, and no word about what is measured.
      const kind = gap.kind === 'unsupported' ? 'failed' : gap.kind;
      const completeness = kind === 'denied' ? 'denied' : 'failed';
      return { value: [], at, source, completeness, gaps: [{ ...gap, kind }] };
    }
  }
}

function textOf(operation: string, expression: string): string {
  if (typeof expression === 'string' && expression.trim() !== '') return expression;
  throw new InputError(`prometheus.${operation}: expression: must be a text that is not empty`, {
    field: 'expression',
    operation: `prometheus.${operation}`,
  });
}

/** What the server says of an error, without the envelope: `parse error: …`. */
function saidIn(message: string | undefined): string {
  const said = /"error"\s{0,8}:\s{0,8}"((?:[^"\\]|\\.){1,2000})"/.exec(message ?? '')?.[1];
  return said === undefined ? 'it does not say why' : said.replaceAll(/\\(["\\])/g, '$1');
}

const wrongUrl = (why: string): InputError =>
  new InputError(`prometheus: url: ${why}`, { field: 'url', operation: 'prometheus' });

/** The errors of `URL` would quote the URL, and with it a password. */
function addressOf(url: string | URL): string {
  const target = URL.parse(String(url));
  if (target === null) throw wrongUrl('is no URL');
  if (target.protocol !== 'http:' && target.protocol !== 'https:') throw wrongUrl('is no http or https');
  if (target.username !== '' || target.password !== '')
    throw wrongUrl('has userinfo: give it as a Secret in headers.authorization');
  if (target.search !== '' || target.hash !== '') throw wrongUrl('has a query or a fragment');
  return `${target.origin}${target.pathname.replace(/\/+$/, '')}`;
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Prometheus, prometheus } from '../../src/prometheus.ts';

/** A series with the age of its newest sample in seconds; an info has no age that matters. */
export type Row = readonly [name: string, labels: Readonly<Record<string, string>>, ageS?: number];

export interface PrometheusServer {
  readonly prom: Prometheus;
  readonly url: string;
  readonly asked: string[];
}

/** Its clock, which is not this machine's. */
const PROMETHEUS_NOW_S = 1_764_400_000;

/**
 * A server that answers the two kinds of questions that coverage asks as Prometheus does: the newest sample of the series named, if it
 * is within 5 minutes or within the window, with the labels asked for; and series themselves, with all of theirs.
 */
export async function prometheusWith(
  rows: readonly Row[],
  failing?: (expression: string) => number | undefined,
): Promise<PrometheusServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const expression = new URL(request.url ?? '', 'http://server').searchParams.get('query') ?? '';
    asked.push(expression);
    response.setHeader('content-type', 'application/json');
    const status = failing?.(expression);
    if (status !== undefined) {
      response
        .writeHead(status)
        .end('{"status":"error","errorType":"execution","error":"expanding series: failed"}');
      return;
    }
    const result = expression.includes('timestamp(') ? newest(rows, expression) : infos(rows, expression);
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const prom = prometheus(url);
  onTestFinished(async () => {
    await prom.close();
    server.closeAllConnections();
    server.close();
  });
  return { prom, url, asked };
}

function newest(rows: readonly Row[], expression: string): object[] {
  const names = [...expression.matchAll(/timestamp\((\w+)\)/g)].map(([, name]) => name);
  const by = /max by \(([^)]*)\)/.exec(expression)?.[1]?.split(', ') ?? [];
  const window = Number(/\[(\d+)s:/.exec(expression)?.[1]);
  return rows
    .filter(([name, , ageS = 0]) => names.includes(name) && ageS <= window + 300)
    .map(([, labels, ageS = 0]) => ({
      metric: Object.fromEntries(Object.entries(labels).filter(([name]) => by.includes(name))),
      value: [PROMETHEUS_NOW_S, String(PROMETHEUS_NOW_S - ageS)],
    }));
}

const infos = (rows: readonly Row[], expression: string): object[] =>
  rows
    .filter(([name]) => expression === `${name} == 0` || expression.includes(`last_over_time(${name}[`))
    .map(([name, labels]) => ({ metric: { __name__: name, ...labels }, value: [PROMETHEUS_NOW_S, '1'] }));

import type { IncomingMessage } from 'node:http';
import { gnocchiFor } from '../../src/gnocchi.ts';
import { type Answer, cloudWith, NOW } from '../gnocchi-cloud.ts';
import { metric, root } from './answers.ts';

export const METRIC = metric.id;
export const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', '+00:00');
/** Points of whole minutes, so many minutes ago. */
export const minutesAgo = (...minutes: number[]): unknown[] =>
  minutes.map((minute) => [iso(NOW - minute * 60_000), 60, minute]);

export type Route = (request: IncomingMessage, body: string) => Answer | undefined;
export interface Fake {
  readonly build?: string;
  readonly measures?: Answer;
  readonly more?: Route;
}

/** A Gnocchi of a release, with one metric. */
export async function gnocchiWith({
  build = '4.4.2',
  measures = { body: [] },
  more = () => undefined,
}: Fake = {}) {
  const asked: string[] = [];
  const cloud = await cloudWith((request, body) => {
    const { url = '' } = request;
    if (/^\/metric\/?$/.test(url)) return { body: root(build) };
    asked.push(url);
    const other = more(request, body);
    if (other !== undefined) return other;
    if (url.endsWith('/capabilities'))
      return { body: { aggregation_methods: ['mean', 'median', 'rate:mean', 'max'] } };
    if (url === `/metric/v1/metric/${METRIC}`) return { body: metric };
    if (url.startsWith(`/metric/v1/metric/${METRIC}/measures`)) return measures;
    return undefined;
  });
  const gnocchi = await gnocchiFor(cloud);
  asked.length = 0;
  return { gnocchi, asked };
}

export const refusalOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'was answered',
    (error: unknown) => error,
  );

import {
  aPositiveDuration,
  type Duration,
  InputError,
  milliseconds,
  type ReadOptions,
  readOptions,
} from '@groundcrew/ground';
import { type Cloud, type Gap, gapOf, isEndpointError, type Observed, toUtc } from '@groundcrew/core';
import { z } from 'zod';

/** The time of a question to Gnocchi, and how its answer's freshness is judged. */
export interface GnocchiTimeOptions extends ReadOptions {
  /** ISO 8601; without a zone it is UTC. @default an hour before `to` */
  readonly from?: string | undefined;
  /** @default now */
  readonly to?: string | undefined;
  /**
   * How often a value comes when all is well. @default as the points lie apart, and at least their granularity
   */
  readonly interval?: Duration | undefined;
}

const aTime = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(toUtc(text))), 'must be a time, in ISO 8601');

/** Parts of schemas. */
export const timeOptions = {
  ...readOptions,
  from: aTime.optional(),
  to: aTime.optional(),
  interval: aPositiveDuration.optional(),
};

export interface AskedTime {
  readonly from: number;
  readonly to: number;
  readonly intervalMs: number | undefined;
  /** As Gnocchi is told. */
  readonly query: { readonly start: string; readonly stop: string };
}

/** @throws InputError if the time ends before it begins */
export function askedTime(cloud: Cloud, options: GnocchiTimeOptions, operation: string): AskedTime {
  const to = options.to === undefined ? cloud.clock.now() : Date.parse(toUtc(options.to));
  const from = options.from === undefined ? to - 3_600_000 : Date.parse(toUtc(options.from));
  if (from >= to) throw new InputError(`${operation}: from: is not before to`, { field: 'from', operation });
  return {
    from,
    to,
    intervalMs: options.interval === undefined ? undefined : milliseconds(options.interval),
    query: { start: new Date(from).toISOString(), stop: new Date(to).toISOString() },
  };
}

/** Gaps for what an answer held, and what was not taken. */
export const cutGaps = (what: string, odd: readonly string[]): Gap[] =>
  odd.map((why) => ({ what, kind: 'cut', why, remedy: undefined, requestIds: [] }));

/**
 * An answer that could not be had. A 404 of Gnocchi is of a metric, a resource or a type that there is not, or that this user is not
 * shown (`gnocchi/rest/api.py` since 2025): no word about the cloud, and no empty list.
 */
export function notHad<T>(what: string, error: unknown, empty: T, at: string): Observed<T> {
  const gap = gapOf(what, error);
  const kind = gap.kind === 'unsupported' && !isEndpointError(error) ? 'failed' : gap.kind;
  const completeness = kind === 'denied' || kind === 'unsupported' ? kind : 'failed';
  return { value: empty, at, source: 'Gnocchi', completeness, gaps: [{ ...gap, kind }] };
}

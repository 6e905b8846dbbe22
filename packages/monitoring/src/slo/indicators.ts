import {
  aPositiveDuration,
  type Duration,
  InputError,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import type { Sample } from '../downtime/sample.ts';
import { counterErrors, counterQueries } from './counter-errors.ts';
import { gaugeErrors, gaugeQueries } from './gauge-errors.ts';
import type { RangeEdges } from './prometheus-arithmetic.ts';
import { aSelector } from '../prometheus/selector.ts';
import { inSeries, pointsWithin, type Point, type SampledPoint } from './series.ts';
import type { Sli, SliQueries, SliReading, SliWindow } from './sli.ts';

export interface ProbeSliOptions {
  /** The time from one operation to the next, `interval` of the meter. 1 s to 15 min. */
  readonly interval: Duration;
  /**
   * Prometheus' series of the same samples: 1 where the user was served, 0 where not, as `probe_success` of the blackbox
   * exporter. @default none, and no rules can be made
   */
  readonly selector?: string | undefined;
}

export interface CounterSliOptions {
  /** Selector of the counters of events that went well. */
  readonly good: string;
  /** Selector of the counters of all events. */
  readonly total: string;
  /** The time from one scrape to the next. 1 s to 15 min. */
  readonly interval: Duration;
}

export interface GaugeSliOptions {
  /** The selector of gauges that are the part that went well, from 0 to 1. @default none, and no rules can be made */
  readonly selector?: string | undefined;
  /** The time from one scrape to the next. 1 s to 15 min. */
  readonly interval: Duration;
}

/** Two counters as they stood at one time. */
export interface CounterSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly good: number;
  readonly total: number;
  /** The process that counted, where several do: each is reset on its own. @default '' */
  readonly series?: string | undefined;
}

/** A gauge at one time. */
export interface GaugeSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The part that went well, from 0 to 1. */
  readonly value: number;
  /** What was measured, where several things are. @default '' */
  readonly series?: string | undefined;
}

/**
 * A quarter of an hour at most: the shortest of the windows that page is an hour, and one that is judged by fewer than
 * four samples pages for a single one.
 */
const anInterval = aPositiveDuration.pipe(z.number().min(1000).max(milliseconds('15m')));

const probeSchema = optionsSchema<ProbeSliOptions>({ interval: anInterval, selector: aSelector.optional() });
const counterSchema = optionsSchema<CounterSliOptions>({
  interval: anInterval,
  good: aSelector,
  total: aSelector,
});

/**
 * A probe's samples as an indicator: each operation that failed is a failed event. The samples are those of `startMeter`.
 *
 * @throws InputError
 * @example probeSli({ interval: '1m', selector: 'probe_success{job="boot"}' })
 */
export function probeSli(options: ProbeSliOptions): Sli<Sample> {
  parseArguments('probeSli', probeSchema, options);
  return gaugeLike('probeSli', options, ({ at, ok }) => ({ series: '', at, values: [ok ? 1 : 0] }));
}

/**
 * A gauge as an indicator: the mean of its values is the part that went well. Each value counts alike, however many events
 * stand behind it; where events are counted, `counterSli` is the truer one.
 *
 * @throws InputError
 * @example gaugeSli({ interval: '1m', selector: 'cloud_availability_ratio' })
 */
export function gaugeSli(options: GaugeSliOptions): Sli<GaugeSample> {
  parseArguments('gaugeSli', probeSchema, options);
  return gaugeLike('gaugeSli', options, ({ at, value, series = '' }) => ({ series, at, values: [value] }));
}

/**
 * Two counters as an indicator: events that went well, of all events.
 *
 * @throws InputError
 * @example
 * counterSli({
 *   interval: '30s',
 *   good: 'http_requests_total{job="nova",code!~"5.."}',
 *   total: 'http_requests_total{job="nova"}',
 * })
 */
export function counterSli(options: CounterSliOptions): Sli<CounterSample> {
  parseArguments('counterSli', counterSchema, options);
  const { good, total } = options;
  return {
    intervalMs: milliseconds(options.interval),
    read: (samples) =>
      reading(
        samples,
        (sample) => ({ series: sample.series ?? '', at: sample.at, values: [sample.good, sample.total] }),
        counterErrors,
      ),
    queries: (range) => counterQueries({ good, total, range }),
  };
}

function gaugeLike<S>(
  operation: string,
  { interval, selector }: GaugeSliOptions,
  pointOf: (sample: S) => SampledPoint,
): Sli<S> {
  return {
    intervalMs: milliseconds(interval),
    read: (samples) => reading(samples, pointOf, gaugeErrors),
    queries(range): SliQueries {
      if (selector !== undefined) return gaugeQueries({ selector, range });
      throw new InputError(
        `${operation}: selector: Prometheus' series must be named before rules can be made`,
        {
          field: 'selector',
          operation,
        },
      );
    },
  };
}

function reading<S>(
  samples: readonly S[],
  pointOf: (sample: S) => SampledPoint,
  errorsOf: (series: readonly (readonly Point[])[], edges: RangeEdges) => Omit<SliWindow, 'samples'>,
): SliReading {
  const set = inSeries(samples.map((sample) => pointOf(sample)));
  return {
    ignored: set.ignored,
    window(after, until) {
      const series = pointsWithin(set, after, until);
      if (series.length === 0) return { errorRatio: undefined, samples: 0 };
      const all = series.reduce((sum, points) => sum + points.length, 0);
      // The rules' ranges are a millisecond shorter than their windows, and closed at both ends.
      return { ...errorsOf(series, { start: after + 1, end: until }), samples: all / series.length };
    },
  };
}

import { z } from 'zod';

/** A value at a time; `NaN` and the infinities are values, too. */
export interface PrometheusPoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** One series of an answer. */
export interface PrometheusSeries {
  /** The metric's name, if the expression kept it, is under `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  /** In the order of time: one of an instant question. */
  readonly points: readonly PrometheusPoint[];
}

const Point = z.tuple([z.number(), z.string()]);
const Labels = z.record(z.string(), z.string());

/** An answer of `query` and of `query_range` (web/api/v1/api.go of Prometheus, `queryData`). */
export const Reply = z.looseObject({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.looseObject({
      resultType: z.literal('vector'),
      result: z.array(z.looseObject({ metric: Labels, value: Point.optional() })),
    }),
    z.looseObject({
      resultType: z.literal('matrix'),
      result: z.array(z.looseObject({ metric: Labels, values: z.array(Point).optional() })),
    }),
    z.looseObject({ resultType: z.literal('scalar'), result: Point }),
    z.looseObject({ resultType: z.literal('string'), result: Point }),
  ]),
  warnings: z.array(z.string()).optional(),
});

/** What an answer holds, and what in it could not be taken or was warned of. */
export interface Answered {
  readonly series: readonly PrometheusSeries[];
  readonly odd: readonly string[];
}

export function instants({ data, warnings = [] }: z.output<typeof Reply>): Answered {
  const odd = [...warnings];
  switch (data.resultType) {
    case 'vector': {
      const series = data.result.flatMap(({ metric, value }) =>
        value === undefined ? [] : [{ labels: metric, points: [pointOf(value)] }],
      );
      if (series.length < data.result.length) odd.push(histograms(data.result.length - series.length));
      return { series, odd };
    }
    case 'scalar':
      return { series: [{ labels: {}, points: [pointOf(data.result)] }], odd };
    case 'matrix':
    case 'string':
      return { series: [], odd: [...odd, `the answer is a ${data.resultType}, and no values at one time`] };
  }
}

export function matrix({ data, warnings = [] }: z.output<typeof Reply>): Answered {
  const odd = [...warnings];
  if (data.resultType !== 'matrix')
    return { series: [], odd: [...odd, `the answer is a ${data.resultType}, and no series`] };
  const series = data.result.flatMap(({ metric, values }) =>
    values === undefined ? [] : [{ labels: metric, points: values.map(pointOf) }],
  );
  if (series.length < data.result.length) odd.push(histograms(data.result.length - series.length));
  return { series, odd };
}

const histograms = (count: number): string => `${count} series are native histograms, which are not read`;

/** Prometheus writes `NaN`, `+Inf` and `-Inf` as text, like every value. */
const pointOf = ([at, value]: readonly [number, string]): PrometheusPoint => ({
  at: Math.round(at * 1000),
  value: SPECIAL.get(value) ?? Number(value),
});

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['+Inf', Infinity],
  ['Inf', Infinity],
  ['-Inf', -Infinity],
]);

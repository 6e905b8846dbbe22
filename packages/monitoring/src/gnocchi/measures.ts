import {
  aPositiveDuration,
  type Duration,
  InputError,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { AmbiguousError, type Cloud, NotFoundError, type Observed } from '@groundcrew/core';
import { z } from 'zod';
import { type AggregateSeries, MOST_POINTS, readSeries } from './aggregate-series.ts';
import { type ArchivePolicy, ArchivePolicySchema, requireMethod, resolutionOf } from './archive-policy.ts';
import { askedTime, cutGaps, type GnocchiTimeOptions, notHad, timeOptions } from './gnocchi-answer.ts';
import { ValuePoint } from './gnocchi-series.ts';
import { type GnocchiServer, requireServerMethod } from './gnocchi-server.ts';

export interface GnocchiMeasuresOptions extends GnocchiTimeOptions {
  /** The id of a metric; with `resource` its name. */
  readonly metric: string;
  /** The id of the resource: a server's or a volume's own, or the text that it was made of, such as `SERVER-vda`. */
  readonly resource?: string | undefined;
  /** The type of the resource. @default 'generic', which all are */
  readonly type?: string | undefined;
  /** One of the metric's archive policy: `mean`, `max`, `95pct`, `rate:mean`. @default 'mean' */
  readonly method?: string | undefined;
  /** One of the metric's archive policy. @default the finest that reaches back as far as `from` */
  readonly granularity?: Duration | undefined;
  /**
   * Whether Gnocchi shall first work off what it was sent of this metric. Otherwise what came lately may not be in the answer.
   * @default false
   */
  readonly refresh?: boolean | undefined;
}

/** The measures of one metric. */
export interface GnocchiMeasures extends AggregateSeries {
  readonly metric: {
    readonly id: string;
    readonly name: string | undefined;
    readonly unit: string | undefined;
  };
  readonly method: string;
  readonly archivePolicy: ArchivePolicy;
}

const measuresOptions = optionsSchema<GnocchiMeasuresOptions>({
  ...timeOptions,
  metric: z.string().min(1),
  resource: z.string().min(1).optional(),
  type: z.string().min(1).optional(),
  method: z.string().min(1).optional(),
  granularity: aPositiveDuration.optional(),
  refresh: z.boolean().optional(),
});

const Metric = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  unit: z.string().nullish(),
  archive_policy: ArchivePolicySchema,
});
type Metric = z.output<typeof Metric>;

const CALLER = 'gnocchi.measures';

/**
 * One metric's series. Its archive policy is read first: what it does not keep is an `UnsupportedAggregationError`, before
 * measures are asked for.
 */
export async function readMeasures(
  cloud: Cloud,
  server: GnocchiServer,
  options: GnocchiMeasuresOptions,
): Promise<Observed<GnocchiMeasures | undefined>> {
  parseArguments(CALLER, measuresOptions, options);
  const { metric: name, resource, method = 'mean', granularity, refresh, signal } = options;
  const time = askedTime(cloud, options, CALLER);
  requireServerMethod(server, method);
  const at = new Date(cloud.clock.now()).toISOString();
  const what = `${method} of ${name}${resource === undefined ? '' : ` of ${resource}`} in Gnocchi`;
  let metric: Metric;
  try {
    metric = await readMetric(cloud, options);
  } catch (error) {
    return notHad(what, error, undefined, at);
  }
  const policy = metric.archive_policy;
  requireMethod(policy, method);
  const { granularityMs } = resolutionOf(policy, granularity, cloud.clock.now() - time.from);
  if ((time.to - time.from) / granularityMs > MOST_POINTS)
    throw new InputError(
      `${CALLER}: from: there are more than ${MOST_POINTS} points of ${granularityMs / 1000} s since then`,
      {
        field: 'from',
        operation: CALLER,
        remedy: 'Ask for a coarser granularity, or for less time at once.',
      },
    );
  try {
    const { body } = await cloud.request('metric', {
      path: `metric/${encodeURIComponent(metric.id)}/measures`,
      query: {
        aggregation: method,
        granularity: granularityMs / 1000,
        ...time.query,
        ...(refresh === true ? { refresh } : {}),
      },
      schema: z.array(ValuePoint),
      operation: 'metric.measures',
      signal,
    });
    const read = readSeries(body, { ...time, granularityMs })[0];
    if (read === undefined)
      return { value: undefined, at, source: 'Gnocchi', completeness: 'failed', gaps: [] };
    const gaps = cutGaps(what, read.odd);
    return {
      value: {
        metric: { id: metric.id, name: metric.name ?? undefined, unit: metric.unit ?? undefined },
        method,
        archivePolicy: policy,
        ...read.series,
      },
      at,
      source: 'Gnocchi',
      completeness: gaps.length > 0 ? 'partial' : read.series.isStale ? 'stale' : 'complete',
      gaps,
    };
  } catch (error) {
    return notHad(what, error, undefined, at);
  }
}

/** A metric with its archive policy. */
async function readMetric(cloud: Cloud, options: GnocchiMeasuresOptions): Promise<Metric> {
  const { metric, resource, type = 'generic', signal } = options;
  const path =
    resource === undefined
      ? ['metric', metric]
      : ['resource', type, await resourceId(cloud, resource, type, signal), 'metric', metric];
  const { body } = await cloud.request('metric', {
    path: path.map(encodeURIComponent).join('/'),
    schema: Metric,
    operation: 'metric.get',
    signal,
  });
  return body;
}

/**
 * Gnocchi makes an id of what is no UUID together with who created it (`gnocchi/utils.py`, `ResourceUUID`), so that nobody else finds
 * the resource by its text, but by a search.
 */
async function resourceId(
  cloud: Cloud,
  resource: string,
  type: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (UUID.test(resource)) return resource;
  const { body } = await cloud.request('metric', {
    method: 'POST',
    path: `search/resource/${encodeURIComponent(type)}`,
    body: { '=': { original_resource_id: resource } },
    schema: z.array(z.looseObject({ id: z.string() })),
    operation: 'search.resource',
    idempotent: true,
    signal,
  });
  const [found] = body;
  if (found !== undefined && body.length === 1) return found.id;
  if (found === undefined)
    throw new NotFoundError(`Gnocchi has no resource ${resource} that this user is shown`);
  throw new AmbiguousError(`Gnocchi has ${body.length} resources ${resource}`, {
    ids: body.slice(0, 20).map(({ id }) => id),
    remedy: 'Give the id of one of them.',
  });
}

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

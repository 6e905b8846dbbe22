import {
  anObjectWith,
  optionsSchema,
  parseArguments,
  type ReadOptions,
  readOptions,
} from '@groundcrew/ground';
import { type Cloud, observeList, type Observed } from '@groundcrew/core';
import { z } from 'zod';
import { type GnocchiAggregatesOptions, readAggregates } from './aggregates.ts';
import type { GnocchiAggregateSeries } from './aggregates-answer.ts';
import { type ArchivePolicy, ArchivePolicySchema } from './archive-policy.ts';
import { notHad } from './gnocchi-answer.ts';
import { gnocchiResources, originalId, type GnocchiResource } from './gnocchi-series.ts';
import { type GnocchiServer, readGnocchiServer } from './gnocchi-server.ts';
import { type GnocchiMeasures, type GnocchiMeasuresOptions, readMeasures } from './measures.ts';

export interface GnocchiResourcesOptions extends ReadOptions {
  /** `instance`, `volume`, `instance_disk`, … @default 'generic', which all are */
  readonly type?: string | undefined;
}

/** A thing that Gnocchi has metrics of. */
export interface MeasuredResource {
  /** As Gnocchi has it: the thing's own, if that is a UUID. */
  readonly id: string;
  /** The thing's own id, or a text that was made of it: `SERVER-vda`. */
  readonly originalId: string;
  readonly type: string;
  readonly projectId: string | undefined;
  /** When the thing ended; `undefined`: it has not, as far as Gnocchi was told. ISO 8601, UTC. */
  readonly endedAt: string | undefined;
  /** The ids of its metrics, by their names. */
  readonly metrics: ReadonlyMap<string, string>;
  /** All its attributes, as they came. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * A Gnocchi. What it answers is an `Observed`: a cloud without it is `unsupported`, and what is denied, failed or cut is no empty
 * list. Of what the server or an archive policy does not have an `UnsupportedAggregationError` tells before the question.
 */
export interface Gnocchi {
  /** Its release and capabilities, as they were when it was first asked. */
  readonly server: Observed<GnocchiServer>;
  /**
   * The aggregates of one metric. A series that has stopped is `stale`, and has no `latest`.
   *
   * @throws UnsupportedAggregationError for a method or granularity that the metric's archive policy does not keep
   */
  measures(options: GnocchiMeasuresOptions): Promise<Observed<GnocchiMeasures | undefined>>;
  /**
   * What is computed of metrics by Gnocchi. Resources without the metric are not in the answer. `stale`: a series has stopped.
   *
   * @throws UnsupportedAggregationError for an operator, a method or a granularity that is known not to be there
   */
  aggregates(options: GnocchiAggregatesOptions): Promise<Observed<readonly GnocchiAggregateSeries[]>>;
  /** The resources that this user is shown, with their metrics; those that have ended, too. */
  resources(options?: GnocchiResourcesOptions): Promise<Observed<readonly MeasuredResource[]>>;
  /** What can be kept of metrics. */
  archivePolicies(options?: ReadOptions): Promise<Observed<readonly ArchivePolicy[]>>;
}

const readSchema = optionsSchema<ReadOptions>(readOptions);
const resourcesOptions = optionsSchema<GnocchiResourcesOptions>({
  ...readOptions,
  type: z.string().min(1).optional(),
});
const aCloud = z.strictObject({
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'request', 'versions'),
});

/**
 * A reader of a cloud's Gnocchi, which knows its release. Two requests.
 *
 * @throws InputError on an option that there is not
 * @example
 * const gnocchi = await gnocchiFor(cloud);
 * const { completeness, value } = await gnocchi.measures({ metric: 'cpu', resource: server.id, method: 'rate:mean' });
 * if (completeness === 'complete') console.log(value?.latest);
 */
export async function gnocchiFor(cloud: Cloud, options: ReadOptions = {}): Promise<Gnocchi> {
  parseArguments('gnocchiFor', readSchema, options);
  parseArguments('gnocchiFor', aCloud, { cloud });
  const server = await readGnocchiServer(cloud, options);
  const clock = { now: () => cloud.clock.now() };
  return {
    server,
    measures: (asked) => readMeasures(cloud, server.value, asked),
    aggregates: (asked) => readAggregates(cloud, server.value, asked),
    async resources(asked = {}) {
      parseArguments('gnocchi.resources', resourcesOptions, asked);
      const { type = 'generic', signal } = asked;
      const found = await observeList(
        `${type} resources in Gnocchi`,
        gnocchiResources(cloud, type, { signal }),
        clock,
      );
      return { ...found, value: found.value.map((resource) => resourceOf(resource)) };
    },
    async archivePolicies(asked = {}) {
      parseArguments('gnocchi.archivePolicies', readSchema, asked);
      const at = new Date(cloud.clock.now()).toISOString();
      const source = 'Gnocchi';
      try {
        const { body } = await cloud.request('metric', {
          path: 'archive_policy',
          schema: z.array(ArchivePolicySchema),
          operation: 'archive_policy.list',
          signal: asked.signal,
        });
        return { value: body, at, source, completeness: 'complete', gaps: [] };
      } catch (error) {
        return notHad('archive policies of Gnocchi', error, [], at);
      }
    },
  };
}

function resourceOf(resource: GnocchiResource): MeasuredResource {
  const { id, metrics, type, project_id, ended_at } = resource;
  const ended = typeof ended_at === 'string' ? Date.parse(ended_at) : Number.NaN;
  return {
    id,
    originalId: originalId(resource),
    type: typeof type === 'string' ? type : 'generic',
    projectId: typeof project_id === 'string' ? project_id : undefined,
    endedAt: Number.isNaN(ended) ? undefined : new Date(ended).toISOString(),
    metrics: new Map(
      Object.entries(metrics).flatMap(([name, metric]) =>
        typeof metric === 'string' ? [[name, metric]] : [],
      ),
    ),
    attributes: resource,
  };
}

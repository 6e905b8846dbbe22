import { type Cloud, type Gap, gapOf, type Observed } from '@groundcrew/core';
import type { ReadOptions } from '@groundcrew/ground';
import { z } from 'zod';
import { OPERATOR_SINCE, type ReadOperation } from './gnocchi-operations.ts';
import { UnsupportedAggregationError } from './unsupported-aggregation.ts';

/** A Gnocchi, as it tells of itself; `undefined` is what it did not tell: then nothing is refused for its sake. */
export interface GnocchiServer {
  /** Its release, as it calls it: `4.4.2`. A proxy may hide it. */
  readonly version: string | undefined;
  /** The methods that archive policies may have. */
  readonly aggregationMethods: readonly string[] | undefined;
}

const Capabilities = z.looseObject({ aggregation_methods: z.array(z.string()).max(10_000) });

/** Asks a Gnocchi for its release, which is in its version document, and for its capabilities. */
export async function readGnocchiServer(cloud: Cloud, read: ReadOptions): Promise<Observed<GnocchiServer>> {
  const at = new Date(cloud.clock.now()).toISOString();
  const source = 'Gnocchi';
  const gaps: Gap[] = [];
  const tried = async <T>(what: string, asked: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await asked();
    } catch (error) {
      gaps.push(gapOf(`${what} of ${source}`, error));
      return undefined;
    }
  };
  const versions = await tried('release', () => cloud.versions('metric', read));
  const capabilities = await tried('capabilities', () =>
    cloud.request('metric', {
      path: 'capabilities',
      schema: Capabilities,
      operation: 'capabilities.get',
      signal: read.signal,
    }),
  );
  const version = versions?.find(({ build }) => build !== undefined)?.build;
  const aggregationMethods = capabilities?.body.aggregation_methods.toSorted();
  const [first] = gaps;
  const isNothing = version === undefined && aggregationMethods === undefined;
  return {
    value: { version, aggregationMethods },
    at,
    source,
    completeness:
      first === undefined
        ? 'complete'
        : !isNothing
          ? 'partial'
          : gaps.every(({ kind }) => kind === first.kind) &&
              (first.kind === 'denied' || first.kind === 'unsupported')
            ? first.kind
            : 'failed',
    gaps,
  };
}

/** @throws UnsupportedAggregationError if the server is known not to have the method at all */
export function requireServerMethod({ aggregationMethods, version }: GnocchiServer, method: string): void {
  if (aggregationMethods === undefined || aggregationMethods.includes(method)) return;
  throw new UnsupportedAggregationError(
    { what: 'method', asked: method, by: nameOf(version), available: aggregationMethods },
    'Ask for one of these.',
  );
}

/** @throws UnsupportedAggregationError if the server is known to be older than an operator */
export function requireOperators({ version }: GnocchiServer, { operators }: ReadOperation): void {
  const [, major, minor] = /^(\d{1,4})\.(\d{1,4})/.exec(version ?? '') ?? [];
  if (major === undefined) return;
  for (const [operator, since] of OPERATOR_SINCE) {
    if (!operators.has(operator)) continue;
    if (Number(major) > since[0] || (Number(major) === since[0] && Number(minor) >= since[1])) continue;
    throw new UnsupportedAggregationError(
      {
        what: 'operator',
        asked: operator,
        by: nameOf(version),
        available: operator === 'rateofchangesec' ? ['rateofchange'] : ['clip_min', 'clip_max'],
      },
      `${operator} came with Gnocchi ${since.join('.')}. ${
        operator === 'rateofchangesec'
          ? 'Ask for the points themselves, and give them to perSecond.'
          : 'Use clip_min, which is the same where one operand is a number.'
      }`,
    );
  }
}

const nameOf = (version: string | undefined): string =>
  version === undefined ? 'this Gnocchi' : `Gnocchi ${version}`;

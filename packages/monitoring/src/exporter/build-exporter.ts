import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@groundcrew/ground';
import type { Registry } from 'prom-client';
import type { Metric } from '../metrics/metric.ts';
import type { MetricsRound } from '../metrics/round.ts';
import type { Answering } from './answer.ts';
import { exposeFamilies } from './exposed-families.ts';
import { LatestRound } from './latest-round.ts';
import { OWN_METRICS, ownFamilies } from './own-metrics.ts';
import { ExporterRegistry, type ShownFamilies } from './registry.ts';
import { fetchAnswer, nodeAnswer } from './serve.ts';

/**
 * Metrics of a cloud for Prometheus: a function of the fetch standard, and a handler for `node:http`. Whatever the path, it
 * answers `GET` and `HEAD`, in Prometheus' text format or in OpenMetrics as `Accept` asks.
 */
export interface Exporter extends AsyncDisposable {
  (request: Request): Promise<Response>;
  /** For `createServer`, or a route of a framework that hands on what `node:http` gives it. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /**
   * What is shown, as a registry of prom-client: to be merged into another. What is registered in it besides, and default
   * labels, the exporter answers with as well, and then always in the text format.
   *
   * @example Registry.merge([register, metrics.registry]).metrics()
   */
  readonly registry: Registry;
  /** Ends a reading that is under way; the exporter answers with what it has, and reads no more. */
  close(): Promise<void>;
}

/** What an exporter is made of, whatever its figures are read from. */
export interface ExporterParts {
  readonly read: (signal: AbortSignal) => Promise<MetricsRound>;
  /** Metrics that a round may have, for a registry that is merged before the first round is there. */
  readonly metrics: readonly Metric[];
  /** The cloud's time, by which ages are told. */
  readonly now: () => number;
  /** By which it is waited. */
  readonly clock: Clock;
  readonly maxAgeMs: number;
  readonly waitMs: number;
  /** The most series of a metric. */
  readonly cap: number;
  readonly signal?: AbortSignal | undefined;
  readonly onRound?: ((round: MetricsRound) => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Puts an exporter together. */
export function buildExporter(parts: ExporterParts): Exporter {
  const { read, metrics, now, clock, maxAgeMs, waitMs, cap, signal, onRound, onError } = parts;
  const latest = new LatestRound({
    read,
    clock,
    maxAgeMs,
    cap,
    onError,
    onRound: (round) => {
      registry.declare(round.families.map((family) => family.metric));
      onRound?.(round);
    },
  });
  const shownFamilies: ShownFamilies = async () => {
    const { shown, counts } = await latest.within(waitMs);
    const own = exposeFamilies(ownFamilies(shown, counts, now()), cap).families;
    return new Map([...own, ...(shown?.families ?? [])]);
  };
  const registry = new ExporterRegistry([...OWN_METRICS, ...metrics], shownFamilies);
  const by: Answering = { latest, registry, waitMs, cap, now, onError };
  const stop = (): void => void close();
  const close = async (): Promise<void> => {
    signal?.removeEventListener('abort', stop);
    await latest.close();
  };
  if (signal?.aborted === true) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  return Object.assign((request: Request) => fetchAnswer(request, by), {
    handler: (request: IncomingMessage, response: ServerResponse): void => {
      void nodeAnswer(request, response, by);
    },
    registry,
    close,
    [Symbol.asyncDispose]: close,
  });
}

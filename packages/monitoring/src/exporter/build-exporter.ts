import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Answering } from './answer.ts';
import { LatestRound, ownExposed } from './latest-round.ts';
import { OWN_METRICS } from './own-metrics.ts';
import type { ReadingParts } from './reading.ts';
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
export interface ExporterParts extends ReadingParts {
  readonly waitMs: number;
}

/** Puts an exporter together. */
export function buildExporter(parts: ExporterParts): Exporter {
  const { metrics, now, waitMs, cap, onRound, onError } = parts;
  const latest = new LatestRound({
    ...parts,
    onRound: (round) => {
      registry.declare(round.families.map((family) => family.metric));
      onRound?.(round);
    },
  });
  const shownFamilies: ShownFamilies = async () => {
    const known = await latest.within(waitMs);
    return new Map([...ownExposed(known, now(), cap), ...(known.shown?.families ?? [])]);
  };
  const registry = new ExporterRegistry([...OWN_METRICS, ...metrics], shownFamilies);
  const by: Answering = { latest, registry, waitMs, cap, now, onError };
  const close = (): Promise<void> => latest.close();
  return Object.assign((request: Request) => fetchAnswer(request, by), {
    handler: (request: IncomingMessage, response: ServerResponse): void => {
      void nodeAnswer(request, response, by);
    },
    registry,
    close,
    [Symbol.asyncDispose]: close,
  });
}

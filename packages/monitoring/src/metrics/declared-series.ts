import { InputError } from '@groundcrew/ground';
import { type Matcher, selector } from '../prometheus/promql.ts';
import type { Collector } from './collector.ts';
import type { Metric } from './metric.ts';

/**
 * Selectors of series that are declared, for rules and dashboards: one of a metric or a label that has another name by now
 * is refused, rather than be silent for ever.
 */
export class DeclaredSeries {
  readonly #everywhere: readonly Matcher[];
  readonly #metrics = new Set<string>();

  /** @param everywhere - conditions that each selector has besides, on labels that Prometheus adds */
  constructor(everywhere: readonly Matcher[] = []) {
    this.#everywhere = everywhere;
  }

  /** The names of the metrics that were asked for. */
  get metrics(): readonly string[] {
    return [...this.#metrics];
  }

  /** @throws InputError if the metric does not have such a label */
  of(metric: Metric, ...matchers: readonly Matcher[]): string {
    for (const [label] of matchers)
      if (!metric.labels.includes(label)) refuse(metric.name, `it has no label ${label}`);
    this.#metrics.add(metric.name);
    return selector(metric.name, [...matchers, ...this.#everywhere]);
  }

  /** @throws InputError if the collector does not have such a metric, or the metric no such label */
  in(collector: Collector, name: string, ...matchers: readonly Matcher[]): string {
    return this.of(declaredMetric(collector, name), ...matchers);
  }
}

/** @throws InputError if the collector does not have such a metric */
export const declaredMetric = (collector: Collector, name: string): Metric =>
  collector.metrics.find(({ metric }) => metric.name === name)?.metric ??
  refuse(name, `the collector ${collector.name} does not declare it`);

function refuse(name: string, why: string): never {
  throw new InputError(`metric ${name}: ${why}`, { field: name, operation: 'metric' });
}

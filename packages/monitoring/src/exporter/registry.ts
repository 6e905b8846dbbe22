import { type Gauge, Registry } from 'prom-client';
import type { Metric } from '../metrics/metric.ts';
import type { ExposedFamily } from './exposed-families.ts';
import { labelValue } from './label-text.ts';

/** Gives the families that are shown now, by the names of their metrics; reads anew if they are old. */
export type ShownFamilies = () => Promise<ReadonlyMap<string, ExposedFamily>>;

/**
 * A metric as a registry of prom-client holds it. The registry asks it for an object for each series; the exporter itself
 * does not, since those cost more than Prometheus needs to take the series in (docs/decisions/0016).
 */
class RoundMetric {
  /** A registry that speaks OpenMetrics takes `_total` away here, and puts it behind the name of each series. */
  name: string;
  readonly help: string;
  readonly type: Metric['kind'];
  /** The processes of a cluster all read the same cloud: their figures are not added. */
  readonly aggregator = 'first';
  readonly #metric: Metric;
  readonly #shown: ShownFamilies;

  constructor(metric: Metric, shown: ShownFamilies) {
    this.name = metric.name;
    this.help = metric.help;
    this.type = metric.kind;
    this.#metric = metric;
    this.#shown = shown;
  }

  /** A registry calls it to set figures back: these are read, not counted. */
  reset(): void {}

  async get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    const family = (await this.#shown()).get(this.#metric.name);
    return { name, help, type, aggregator, values: family === undefined ? [] : valuesOf(family) };
  }
}

const valuesOf = ({ metric, labels, values }: ExposedFamily): object[] =>
  values.map((value, index) => {
    const own = labels[index] ?? [];
    return {
      value,
      labels: Object.fromEntries(metric.labels.map((label, at) => [label, labelValue(own[at] ?? '')])),
    };
  });

/** A registry with what an exporter shows. Others' metrics may be registered in it as well. */
export class ExporterRegistry extends Registry {
  readonly #shown: ShownFamilies;
  #defaultLabels = false;

  constructor(metrics: readonly Metric[], shown: ShownFamilies) {
    super();
    this.#shown = shown;
    this.declare(metrics);
  }

  /** Registers metrics that are not registered yet. */
  declare(metrics: readonly Metric[]): void {
    for (const metric of metrics) {
      if (this.getSingleMetric(metric.name) !== undefined) continue;
      // By its type only a metric of prom-client's own can be registered; what the registry asks for is what this one has.
      this.registerMetric(new RoundMetric(metric, this.#shown) as unknown as Gauge);
    }
  }

  /** Whether it holds more than the exporter's own: others' metrics, or labels for all. */
  get hasForeign(): boolean {
    return this.#defaultLabels || this.getMetricsAsArray().some((each) => !(each instanceof RoundMetric));
  }

  override setDefaultLabels(labels: object): void {
    super.setDefaultLabels(labels);
    this.#defaultLabels = Object.keys(labels).length > 0;
  }
}

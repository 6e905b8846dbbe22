import { aDuration, type Duration, milliseconds, optionsSchema, parseArguments } from '@groundcrew/ground';
import { buildExporter, type Exporter } from './build-exporter.ts';
import { type RoundReadingOptions, readingParts, readingShape } from './reading.ts';

export interface ExporterOptions extends RoundReadingOptions {
  /** The time after which a reading gives what it has; what is missing leaves a gap. @default '8s' */
  readonly deadline?: Duration | undefined;
  /**
   * The time that a scrape waits for a reading; then it is answered with the older one. What the scraper itself grants
   * (`X-Prometheus-Scrape-Timeout-Seconds`) is kept where it is less. 0: never, once there is one. @default '9s'
   */
  readonly wait?: Duration | undefined;
  /** Its abort closes the exporter. */
  readonly signal?: AbortSignal | undefined;
}

const schema = optionsSchema<ExporterOptions>({ ...readingShape, wait: aDuration.optional() });

/**
 * Shows the figures of a cloud to Prometheus. The cloud is read when somebody scrapes, one reading at a time.
 *
 * Of every collector it says how much was seen: a list that failed is absent, never 0. While a reading fails, what is known is
 * shown with its age; before anything is known the answer is 503 with the reason. No text that it answers with holds a secret.
 *
 * It stands on prom-client, an optional peer, which has to be installed beside this package.
 *
 * @throws InputError that names the option
 * @example
 * const metrics = exporter({ cloud, collect: ['servers', 'volumes', 'services'] });
 * createServer(metrics.handler).listen(9180);
 */
export function exporter(options: ExporterOptions): Exporter {
  parseArguments('exporter', schema, options);
  const parts = readingParts('exporter', options, '8s');
  return buildExporter({ ...parts, waitMs: milliseconds(options.wait ?? '9s') });
}

import { GroundcrewError } from '@groundcrew/ground';

/**
 * The server, or the archive policy of the metric, does not have what a question needs. It is known before the question is sent;
 * Gnocchi itself answers a 404 to it, or a 400, which look like a metric that there is not.
 */
export class UnsupportedAggregationError extends GroundcrewError {
  readonly code = 'unsupported-aggregation';
  readonly what: 'method' | 'granularity' | 'operator';
  /** As it was asked for: `rate:mean`, `60s`, `rateofchangesec`. */
  readonly asked: string;
  /** Who lacks it: `Gnocchi 4.4.2`, `archive policy low`. */
  readonly by: string;
  /** What there is instead. */
  readonly available: readonly string[];

  constructor(
    facts: Pick<UnsupportedAggregationError, 'what' | 'asked' | 'by' | 'available'>,
    remedy: string,
  ) {
    const { what, asked, by, available } = facts;
    super(`${by} has no ${what} ${asked}; it has ${someOf(available)}`, { remedy });
    this.what = what;
    this.asked = asked;
    this.by = by;
    this.available = available;
  }
}

/** A server has two hundred methods, most of them percentiles. */
function someOf(available: readonly string[]): string {
  if (available.length === 0) return 'none';
  const more = available.length - MOST_NAMED;
  return `${available.slice(0, MOST_NAMED).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

const MOST_NAMED = 25;

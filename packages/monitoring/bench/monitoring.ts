import type { Measurement } from '../../core/bench/measure.ts';
import { exposition } from './exposition.ts';

/** What an exporter of 100,000 series costs, beside what Prometheus needs to take them in. */
export async function bench(): Promise<Measurement[]> {
  return exposition();
}

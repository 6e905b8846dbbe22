import type { Measurement } from '../../core/bench/measure.ts';
import { exposition } from './exposition.ts';
import { huge } from './huge.ts';
import { providers } from './providers.ts';
import { site } from './site.ts';
import { bench as uptime } from './uptime.ts';

/**
 * A site's round beside openstacksdk's; 10,000 resource providers; 100,000 servers beside 10,000, in memory, and beside the plan,
 * in calls; what an exporter of 100,000 series costs, beside what Prometheus needs to take them in; and the uptime ledger. The
 * simulated cloud is in this process, what reads it in one of its own, which runs what `pnpm build` made.
 */
export async function bench(): Promise<Measurement[]> {
  return [
    ...(await site()),
    ...(await providers()),
    ...(await huge()),
    ...(await exposition()),
    ...(await uptime()),
  ];
}

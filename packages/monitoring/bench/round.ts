/**
 * One round of metrics in a process of its own, so that its peak memory is the round's: `node round.ts ENTRY COLLECT`, both in
 * JSON; it prints `{ "ms", "calls", "planned", "peakMiB" }`.
 */
import { connect, type ConnectOptions } from '@groundcrew/core';
import { collectMetrics, type CollectorName, planCalls } from '../src/metrics.ts';

const [entry = '{}', collected = '[]'] = process.argv.slice(2);
const cloud = connect(JSON.parse(entry) as ConnectOptions);
const collect = JSON.parse(collected) as CollectorName[];
// Signs in, and finds the services.
await collectMetrics(cloud, { collect: ['compute-services', 'network-agents', 'volume-services', 'images'] });
const start = performance.now();
const round = await collectMetrics(cloud, { collect, deadline: '10m' });
const ms = performance.now() - start;
for (const { collector, completeness, gaps } of round.collectors)
  if (completeness !== 'complete') throw new Error(`${collector} is ${completeness}: ${gaps[0]?.why}`);
const { calls: planned } = planCalls({ collect, last: round });
const peakMiB = process.resourceUsage().maxRSS / 1024;
await cloud.close();
process.stdout.write(JSON.stringify({ ms, calls: round.calls, planned, peakMiB }));

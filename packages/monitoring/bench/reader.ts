/**
 * Reads a cloud when it is told to, as an exporter does: for each line on the standard input it does a round, and prints it as
 * JSON, as `sdk-reader.py` beside it does. It is run as a user's program is, from what `pnpm build` made; its argument is a
 * `ReaderTask` in JSON.
 */
import { createInterface } from 'node:readline';
import { connect } from '@groundcrew/core';
import { collectMetrics, planCalls } from '@groundcrew/monitoring/metrics';
import type { ReaderTask } from './worker.ts';

const { entry, collect } = JSON.parse(process.argv[1] ?? '{}') as ReaderTask;
const cloud = connect(entry);
for await (const _ of createInterface(process.stdin)) {
  const start = performance.now();
  const round = await collectMetrics(cloud, { collect, deadline: '10m' });
  const ms = performance.now() - start;
  for (const { collector, completeness, gaps } of round.collectors)
    if (completeness !== 'complete') throw new Error(`${collector} is ${completeness}: ${gaps[0]?.why}`);
  const { calls: planned } = planCalls({ collect, last: round });
  const figures = Object.fromEntries(
    round.families.map(({ metric, samples }) => [
      metric.name,
      samples.map(({ labels, value }) => [labels, value]),
    ]),
  );
  process.stdout.write(`${JSON.stringify({ ms, planned, figures })}\n`);
}
await cloud.close();

/** As `reader.ts`, of what a cloud has room for. */
import { createInterface } from 'node:readline';
import { connect } from '@groundcrew/core';
import { freeSlots, observeCapacity } from '@groundcrew/monitoring/capacity';
import type { ReaderTask } from './worker.ts';

const { entry } = JSON.parse(process.argv[1] ?? '{}') as ReaderTask;
const cloud = connect(entry);
for await (const _ of createInterface(process.stdin)) {
  const start = performance.now();
  const room = await observeCapacity(cloud);
  const rows = freeSlots(room);
  const ms = performance.now() - start;
  for (const { source, completeness, gaps } of [room.hosts, room.flavors, ...Object.values(room.answers)])
    if (completeness !== 'complete') throw new Error(`${source} is ${completeness}: ${gaps[0]?.why}`);
  const slots = rows.map(({ flavor, slots: { lower, upper } }) => [[flavor, String(upper)], lower]);
  // Flavors, compute services, aggregates, the free amounts; 1,000 hypervisors a page; and the questions.
  const planned = 4 + (Math.floor(room.hosts.value.length / 1_000) + 1) + Object.keys(room.answers).length;
  process.stdout.write(`${JSON.stringify({ ms, planned, figures: { slots } })}\n`);
}
await cloud.close();

// What would happen if a rack died? Nothing is touched.
import { connect } from '@groundcrew/core';
import { haPolicy, readCloudView, withCapacity } from '@groundcrew/ha/instances';
import { simulate, simulateAll } from '@groundcrew/ha/simulation';
import { simulateCloud } from '@groundcrew/sim';

await using simulated = simulateCloud({ scenario: 'site' });
const { connectOptions } = await simulated.listen();
await using cloud = connect({ ...connectOptions, clock: simulated.clock });

const view = await withCapacity(cloud, await readCloudView(cloud));
const inventory = {
  view,
  // No API knows racks, nor where the stack runs: that is for you to say.
  racks: Object.fromEntries((view.hosts ?? []).map(({ host }) => [host, host.split('-', 2).join('-')])),
  components: [
    {
      name: 'mariadb',
      mode: 'quorum' as const,
      hosts: ['rack-a-compute-1', 'rack-a-compute-2', 'rack-b-compute-1'],
    },
  ],
};
const policy = haPolicy({ maxHostsAtOnce: 10 });
const rack = simulate(inventory, { racks: ['rack-a'] }, { policy });
console.log(
  `rack-a: ${rack.stops} servers stop, ${rack.restarts.length} restart within ${(rack.durationMs ?? 0) / 1000} s: ${rack.verdict}`,
);
for (const { name, effect, left, of } of rack.components)
  console.log(`${name}: ${effect}, ${left} of ${of} left`);

const { simulated: count, stackStops } = simulateAll(inventory, { double: 'all', policy });
console.log(`${count.hosts} hosts, ${count.racks} racks, ${count.pairs} pairs simulated`);
console.log(
  `single points of failure of the stack: ${stackStops.map(({ loss }) => JSON.stringify(loss)).join(' ')}`,
);

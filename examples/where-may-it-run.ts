// Can this workload run here? If not, where could it, and what does the move cost?
// Which zone a server was asked for is told from 2024.1 (Caracal) on; before, another zone is unknown, not legal.
import {
  assessPlacement,
  legalLocations,
  observePlacement,
  residency,
  schedulerRules,
} from '@groundcrew/audit/placement';
import { connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { z } from 'zod';

await using simulated = simulateCloud({ scenario: 'site', release: 'caracal' });
const { connectOptions } = await simulated.listen();
await using cloud = connect({ ...connectOptions, clock: simulated.clock });

// Data of the EU stays on the hosts of rack a.
const aggregate = await cloud.compute.aggregates.create({ name: 'eu' });
await cloud.compute.aggregates.setMetadata({ id: aggregate.id, metadata: { residency: 'eu' } });
for await (const { host, state, status } of cloud.compute.services.list({ binary: 'nova-compute' }))
  if (host.startsWith('rack-a') && state === 'up' && status === 'enabled')
    await cloud.compute.aggregates.addHost({ id: aggregate.id, host });
// And the data of one server are of the EU, which nobody told the scheduler.
const servers = await Array.fromAsync(cloud.compute.servers.list({ all_tenants: true }));
const stray = servers.find((server) => server['OS-EXT-SRV-ATTR:host'] === 'rack-b-compute-1');
if (stray === undefined) throw new Error('there is no server on rack-b-compute-1');
await cloud.compute.serverMetadata.merge({ server_id: stray.id, metadata: { residency: 'eu' } });

const rules = [...schedulerRules, residency({ values: z.enum(['eu', 'us']) })];
const snapshot = await observePlacement(cloud);
for (const { verdict, title, remedy } of assessPlacement(snapshot, rules))
  if (verdict === 'fail') console.log(`${title}. ${remedy}`);

const workload = snapshot.workloads.find(({ id }) => id === stray.id);
if (workload !== undefined) {
  const { legal, illegal, unknown } = legalLocations(workload, snapshot, rules);
  console.log(`${legal.length} legal places, ${illegal.length} illegal, ${unknown.length} unknown`);
  for (const { location, cost } of legal.slice(0, 3))
    console.log(
      `  ${location.host}: ${cost.method}, ${Math.round(cost.bytes / 2 ** 20)} MiB, downtime ${cost.downtime}`,
    );
}

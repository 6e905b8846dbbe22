import { type Cloud, connect } from '@groundcrew/core';
import { readInventory } from '@groundcrew/monitoring';
import { type SimulatedCloud, simulateCloud, virtualClock } from '@groundcrew/sim';
import { measured, type Measurement, median, timed } from '../../core/bench/measure.ts';
import { planBackup, protect } from '../src/backup.ts';
import { imageReader } from '../src/volume-bytes.ts';

const SERVERS = 2_000;
const VOLUMES = 5_000;
const ROUNDS = 3;

/** The backup of a project with so many servers and volumes is planned: requests and time, beside those of an inventory of the same. */
export async function planning(): Promise<Measurement[]> {
  await using simulated = await projectOf();
  const { connectOptions } = await simulated.listen();
  await using cloud = connect({ ...connectOptions, clock: simulated.clock });
  const what = `plan the backup of ${SERVERS.toLocaleString('en')} servers and ${VOLUMES.toLocaleString('en')} volumes`;
  const plan = await costOf(simulated, async () => {
    const planned = await planBackup(protect({ project: 'demo', rpo: '4h' }), {
      cloud,
      reader: imageReader(cloud),
    });
    if (!planned.ok) throw new Error(planned.refusals[0].reason);
  });
  const inventory = await costOf(simulated, () => readInventory(cloud));
  return [
    measured({ name: `${what}, beside its inventory`, unit: 'ms', value: plan.ms, baseline: inventory.ms }),
    measured({
      name: `${what}: requests`,
      unit: 'requests',
      value: plan.calls,
      baseline: inventory.calls,
    }),
  ];
}

/** The middle one of some rounds, after one that does not count. */
async function costOf(
  simulated: SimulatedCloud,
  work: () => Promise<unknown>,
): Promise<{ readonly ms: number; readonly calls: number }> {
  await work();
  const passed: number[] = [];
  let calls = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    simulated.requests.clear();
    passed.push(await timed(work));
    calls = simulated.requests.count();
  }
  return { ms: median(passed), calls };
}

/** A cloud in which the project `demo` has all of it. */
async function projectOf(): Promise<SimulatedCloud> {
  const simulated = simulateCloud({ scenario: 'huge', clock: virtualClock(Date.now()) });
  const { connectOptions } = await simulated.listen();
  await using cloud: Cloud = connect({ ...connectOptions, clock: simulated.clock });
  const { id } = await cloud.blockStorage.volumes.create({ name: 'data-0', size: 1 });
  const { compute, blockStorage } = simulated.state;
  const [template] = compute.servers.newestFirst();
  const volume = blockStorage.volumes.get(id);
  if (template === undefined || volume === undefined) throw new Error('the scenario has no servers');
  const idOf = (kind: string, index: number): string =>
    `${kind}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
  compute.servers.imagine({
    count: SERVERS,
    make: (index) => ({
      ...template,
      id: idOf('5eed0000', index),
      serial: index + 1,
      name: `vm-${index}`,
    }),
    indexOf: (of) => {
      const index = Number.parseInt(of.slice(-12), 16);
      return of.startsWith('5eed0000-') && index < SERVERS ? index : undefined;
    },
  });
  for (let index = 1; index < VOLUMES; index += 1)
    blockStorage.volumes.add({
      ...volume,
      id: idOf('70100000', index),
      name: `data-${index}`,
      attachments: [],
    });
  return simulated;
}

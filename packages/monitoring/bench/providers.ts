import { simulateCloud, virtualClock } from '@groundcrew/sim';
import { measured, type Measurement, timed } from '../../core/bench/measure.ts';
import { addHost } from '../../sim/src/services/compute/hosts.ts';
import { fetchAll } from './fetch-all.ts';
import { ours, type ReadRound } from './worker.ts';

const PROVIDERS = 10_000;

interface Reading {
  readonly ms: number;
  readonly calls: number;
  readonly planned: number;
  readonly peak: number;
  readonly fetchedMs: number;
}

/** 10,000 resource providers: their inventories and usages, and what there is room for on them, each beside 1,000. */
export async function providers(): Promise<Measurement[]> {
  const few = [await read('reader.ts', PROVIDERS / 10), await read('capacity-reader.ts', PROVIDERS / 10)];
  const many = [await read('reader.ts', PROVIDERS), await read('capacity-reader.ts', PROVIDERS)];
  const count = PROVIDERS.toLocaleString('en');
  const names = [
    `inventories and usages of ${count} resource providers`,
    `free slots of each flavor on ${count} resource providers`,
  ];
  return names.flatMap((name, at) => {
    const [small, large] = [few[at], many[at]];
    if (small === undefined || large === undefined) return [];
    return [
      measured({
        name: `${name}, beside fetch + JSON.parse of the same answers`,
        unit: 'ms',
        value: large.ms,
        baseline: large.fetchedMs,
      }),
      measured({
        name: "its requests, beside the plan's",
        unit: 'requests',
        value: large.calls,
        baseline: large.planned,
        aim: 1,
      }),
      measured({
        name: 'its time, beside ten times that for a tenth of them',
        unit: 'ms',
        value: large.ms,
        baseline: 10 * small.ms,
      }),
      measured({
        name: 'its peak memory, beside that for a tenth of them',
        unit: 'MiB',
        value: large.peak,
        baseline: small.peak,
      }),
    ];
  });
}

async function read(script: string, hosts: number): Promise<Reading> {
  await using simulated = simulateCloud({ clock: virtualClock(Date.now()) });
  for (let index = simulated.state.placement.providers.size; index < hosts; index += 1)
    addHost(simulated.state, `compute-${String(index).padStart(5, '0')}`);
  const { url, connectOptions } = await simulated.listen();
  await using reader = ours(script, { entry: connectOptions, collect: ['placement'] });
  const { ms, planned } = await reader.next<ReadRound>();
  const asked = simulated.requests.all.filter(
    ({ method, operation }) => method === 'GET' && !operation.startsWith('versions'),
  );
  const token = [...simulated.state.identity.tokens.values()].at(-1)?.id ?? '';
  const fetchedMs = await timed(() => fetchAll(url, token, asked));
  return { ms, calls: asked.length, planned, peak: reader.peak(), fetchedMs };
}

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { connect } from '@groundcrew/core';
import { type SimulatedCloud, simulateCloud, virtualClock } from '@groundcrew/sim';
import { measured, type Measurement } from '../../core/bench/measure.ts';

/** Bytes of each object: small ones, of which a request is nearly all of the cost. */
const SIZE = 4096;
const MANY = 100_000;
const FEW = 10_000;

/** What reading a container took, in a process of its own. */
interface Reading {
  readonly ms: number;
  /** MiB. */
  readonly peak: number;
  readonly objects: number;
}

/** A container of 100,000 objects as an archive, beside `fetch` of the same objects, and its memory beside that for a tenth. */
export async function objects(): Promise<Measurement[]> {
  const few = await readings(FEW);
  const many = await readings(MANY);
  const what = (count: number): string => `${count.toLocaleString('en')} objects of 4 KiB as one archive`;
  return [
    measured({
      name: `${what(MANY)}, beside fetch of the same, as many at a time`,
      unit: 'ms',
      value: many.ours.ms,
      baseline: many.plain.ms,
      aim: 1.5,
    }),
    measured({
      name: `${what(MANY)}: peak memory, beside ${FEW.toLocaleString('en')}`,
      unit: 'MiB',
      value: many.ours.peak,
      baseline: few.ours.peak,
      aim: 1.3,
    }),
  ];
}

async function readings(count: number): Promise<{ readonly ours: Reading; readonly plain: Reading }> {
  await using simulated = await storeOf(count);
  const { connectOptions } = await simulated.listen();
  const of = async (how: 'archive' | 'fetch'): Promise<Reading> => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--conditions=@groundcrew/source',
      path.join(import.meta.dirname, 'read-objects.ts'),
      how,
      JSON.stringify(connectOptions),
    ]);
    const reading = JSON.parse(stdout) as Reading;
    if (reading.objects !== count) throw new Error(`${how}: ${reading.objects} objects, not ${count}`);
    return reading;
  };
  return { plain: await of('fetch'), ours: await of('archive') };
}

/** A cloud with one container, whose objects share their bytes. */
async function storeOf(count: number): Promise<SimulatedCloud> {
  const simulated = simulateCloud({ objectStore: true, clock: virtualClock(Date.now()) });
  const { connectOptions } = await simulated.listen();
  await using cloud = connect({ ...connectOptions, clock: simulated.clock });
  const project = (await cloud.token())?.project?.id ?? '';
  await cloud.objectStore.containers.create({ container: 'bench' });
  await cloud.objectStore.data.upload({ container: 'bench', object: 'first' }, new Uint8Array(SIZE).fill(7));
  const container = simulated.state.objectStore.accounts.get(project)?.containers.get('bench');
  const first = container?.get('first');
  if (container === undefined || first === undefined) throw new Error('the simulation has no such object');
  for (let at = 1; at < count; at += 1) {
    first.bytes.retain();
    container.put({ ...first, name: `object-${at}` });
  }
  return simulated;
}

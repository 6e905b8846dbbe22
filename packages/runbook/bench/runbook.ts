import type { Measurement } from '../../core/bench/measure.ts';
import { z } from 'zod';
import { action, definePlan, implement, memoryJournal, type Plan, run } from '../src/index.ts';

const nothing = action({
  name: 'bench.nothing',
  title: () => 'Nothing',
  input: z.strictObject({}),
  output: z.object({}),
  rollback: 'free',
});
const hands = [implement(nothing, { perform: async () => ({}) })];
const MANY = 100_000;
const TENTH = MANY / 10;

/** Steps that wait for nobody, or each for the one before. */
const planOf = (count: number, isChain: boolean): Plan =>
  definePlan({
    id: 'many',
    title: `${count} steps`,
    inputs: {},
    steps: Array.from({ length: count }, (_, at) =>
      nothing.step({ id: `s${at}`, input: {}, needs: isChain && at > 0 ? [`s${at - 1}`] : [] }),
    ),
    concurrency: { total: 16 },
  });

async function seconds(count: number, isChain: boolean): Promise<number> {
  const begin = performance.now();
  const plan = planOf(count, isChain);
  const { status } = await run(plan, {
    approved: plan.digest,
    implementations: hands,
    journal: memoryJournal(),
  }).outcome;
  if (status !== 'succeeded') throw new Error(`it ${status}`);
  return (performance.now() - begin) / 1_000;
}

/** Plans as long as a cloud has servers: ten times the steps are to take ten times as long, and not a hundred. */
export async function bench(): Promise<Measurement[]> {
  const results: Measurement[] = [];
  for (const isChain of [false, true]) {
    await seconds(TENTH, isChain);
    const baseline = (await seconds(TENTH, isChain)) * 10;
    const value = await seconds(MANY, isChain);
    results.push({
      name: `define and run ${MANY.toLocaleString('en')} steps ${isChain ? 'one after the other' : '16 at a time'}, against ten times a tenth of them`,
      value,
      unit: 's',
      baseline,
      ratio: value / baseline,
      aim: 2,
    });
  }
  return results;
}

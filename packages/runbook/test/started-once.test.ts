import { expect, test } from 'vitest';
import { memoryJournal, run } from '../src/index.ts';
import { noted, noting, planOf } from './fixtures/note.ts';

test('a step whose precondition takes its time is not started again when others end meanwhile', async () => {
  const log: string[] = [];
  const implementations = noting({
    async precondition({ name }) {
      log.push(`may ${name}?`);
      // As long as the other two take: each of their ends is a moment to look for what may start.
      const turns = name === 'slow' ? 50 : 0;
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      return undefined;
    },
  });
  const plan = planOf([noted('slow'), noted('first'), noted('second', { needs: ['first'] })]);
  const options = { approved: plan.digest, implementations, journal: memoryJournal() };
  expect(await run(plan, options).outcome).toMatchObject({ status: 'succeeded' });
  expect(log.toSorted()).toEqual(['may first?', 'may second?', 'may slow?']);
});

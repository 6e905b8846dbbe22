import { expect, test } from 'vitest';
import { z } from 'zod';
import { action, definePlan, implement, memoryJournal, run } from '../src/index.ts';

const write = action({
  name: 'test.write',
  title: ({ text }) => `Write ${text}`,
  input: z.strictObject({ text: z.string() }),
  output: z.object({ length: z.int() }),
  rollback: 'free',
});

test('a plan is executed in its order', async () => {
  const written: string[] = [];
  const writing = implement(write, {
    async perform({ text }) {
      written.push(text);
      return { length: text.length };
    },
  });
  const plan = definePlan({
    id: 'write',
    title: 'Write two words',
    steps: [
      write.step({ id: 'second', input: { text: 'world' }, needs: ['first'] }),
      write.step({ id: 'first', input: { text: 'hello' } }),
    ],
  });
  const journal = memoryJournal();
  const outcome = await run(plan, { approved: plan.digest, implementations: [writing], journal }).outcome;
  expect(outcome).toMatchObject({ status: 'succeeded', counts: { succeeded: 2 } });
  expect(written).toEqual(['hello', 'world']);
  const types = (await journal.read()).map(({ event }) => event.type);
  const step = ['step-started', 'step-acted', 'step-succeeded'];
  expect(types).toEqual(['run-started', ...step, ...step, 'run-ended']);
});

// A change as a plan: explained, refused without approval, run, and resumed where it was cut off.
import { action, definePlan, explain, implement, memoryJournal, rehearse, run } from '@groundcrew/runbook';
import { z } from 'zod';

const drain = action({
  name: 'example.drain',
  title: ({ proxy }) => `Take ${proxy} out of the pool`,
  input: z.strictObject({ proxy: z.string() }),
  output: z.object({ sessions: z.int() }),
  rollback: 'free',
});
const plan = definePlan({
  id: 'drain-proxies',
  title: 'Drain both proxies, one after the other',
  steps: [
    drain.step({ id: 'first', input: { proxy: 'lb-1' }, estimate: { duration: '5s' } }),
    drain.step({ id: 'second', input: { proxy: 'lb-2' }, needs: ['first'], estimate: { duration: '5s' } }),
  ],
  gates: [{ id: 'serving', question: 'Does lb-1 serve again?', before: ['second'] }],
});
console.log(explain(plan));

// The state, and the implementation that changes it. `done` looks whether the effect is there already.
const drained = new Set<string>();
const implementations = [
  implement(drain, {
    precondition: async ({ proxy }) =>
      proxy === 'lb-9' ? { code: 'unknown-proxy', reason: `no ${proxy}`, remedy: undefined } : undefined,
    done: async ({ proxy }) => (drained.has(proxy) ? { sessions: 0 } : undefined),
    perform: async ({ proxy }) => {
      drained.add(proxy);
      return { sessions: 0 };
    },
    compensate: async ({ proxy }) => void drained.delete(proxy),
  }),
];
const rehearsal = await rehearse(plan, { approved: plan.digest, implementations });
console.log(`rehearsal: ${rehearsal.steps.map(({ step, verdict }) => `${step} ${verdict}`).join(', ')}`);

const journal = memoryJournal();
const wrong = await run(plan, { approved: 'sha256:0', implementations, journal }).outcome;
console.log(wrong.status, wrong.status === 'refused' ? wrong.refusals[0]?.code : '');

// Nobody opens the gate: it pauses there. Later somebody does, and the same call goes on.
const options = { approved: plan.digest, implementations, journal, by: 'ann' };
const paused = await run(plan, options).outcome;
console.log(paused.status, paused.counts.succeeded);
const ended = await run(plan, { ...options, gate: async () => 'open' }).outcome;
console.log(ended.status, [...drained].join(' and '));

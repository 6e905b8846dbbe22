import type { Cloud } from '@groundcrew/core';
import {
  finding,
  type Implementation,
  type Journal,
  memoryJournal,
  type Outcome,
  type Plan,
  run,
  type RunOptions,
} from '@groundcrew/runbook';
import {
  channel,
  decideResponses,
  memoryNotices,
  planResponses,
  planUndo,
  type Response,
  responseImplementations,
  responsePolicy,
} from '../../src/response.ts';

export const failed = (kind: string, id: string) =>
  finding({
    id: 'audit.test',
    verdict: 'fail',
    severity: 'high',
    title: 'a test',
    subject: { kind, id },
    because: [{ statement: 'so', source: 'test' }],
    remedy: undefined,
  });

export const implementations = (
  cloud: Cloud,
  send: (text: string) => Promise<void> = async () => undefined,
): Implementation[] =>
  responseImplementations({
    cloud,
    channels: [channel('owner', ({ text }) => send(text))],
    notices: memoryNotices(),
  });

export function planOf(kind: string, id: string, response: Response): Plan {
  const policy = responsePolicy({ mode: 'enforce', rules: [{ finding: '*', do: [response] }] });
  const planned = planResponses(decideResponses([failed(kind, id)], policy, [], 0), policy, {
    revisionOf: () => undefined,
  });
  if (!planned.ok) throw new Error(planned.refusals[0].reason);
  return planned.plan;
}

export async function carryOut(
  cloud: Cloud,
  plan: Plan,
  more: Partial<RunOptions> = {},
): Promise<{ readonly journal: Journal; readonly outcome: Outcome }> {
  const journal = more.journal ?? memoryJournal();
  const outcome = await run(plan, {
    approved: plan.digest,
    implementations: implementations(cloud),
    journal,
    ...more,
  }).outcome;
  return { journal, outcome };
}

/** Carries out a response and its undo, and tells the states: before, in between, after. */
export async function thereAndBack<T>(
  cloud: Cloud,
  plan: Plan,
  look: () => Promise<T>,
): Promise<readonly [T, T, T]> {
  const before = await look();
  const { journal, outcome } = await carryOut(cloud, plan);
  if (outcome.status !== 'succeeded') throw new Error(JSON.stringify(outcome));
  const between = await look();
  const undo = planUndo(await journal.read());
  if (!undo.ok) throw new Error(undo.refusals[0].reason);
  const back = (await carryOut(cloud, undo.plan)).outcome;
  if (back.status !== 'succeeded') throw new Error(JSON.stringify(back));
  return [before, between, await look()];
}

import fc from 'fast-check';
import type { Finding, Plan } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import { after, channel, lock, memoryNotices, notify, responsePolicy } from '../../src/response.ts';
import { aServer, lockedOf, type Stage, stage, wrong } from './stage.ts';

// Whatever is found, answered, broken and restarted, in whatever order: nothing is touched but what was told of long
// enough, is still so, and was approved as it is; and in the end what is wrong is dealt with.
const HOURS = 10;
const hour = 3_600_000;
const policy = responsePolicy({
  mode: 'enforce',
  rules: [{ finding: '*', do: [notify('owner'), after(`${HOURS}h`, lock())] }],
  maxTargets: 2,
});

const verdict = fc.constantFrom<Finding['verdict']>('fail', 'fail', 'fail', 'fail', 'pass', 'unknown');
const look = fc.record({
  verdicts: fc.tuple(verdict, verdict, verdict),
  happens: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'restart', 'blind'),
  stays: fc.integer({ min: 1, max: 8 }),
});
const answer = fc.constantFrom('yes', 'yes', 'no', 'never', 'error', 'late');
const history = fc.record({
  looks: fc.array(look, { minLength: 1, maxLength: 12 }),
  answers: fc.array(answer, { maxLength: 8 }),
  pagerFails: fc.array(fc.boolean(), { maxLength: 6 }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

const locksOf = (plan: Plan): readonly { readonly server: string }[] =>
  plan.steps
    .filter(({ action }) => action === 'audit.server-state')
    .map(({ input }) => input as { readonly server: string });

interface Account {
  readonly wrongs: readonly string[];
  readonly touched: number;
}

async function tell(
  site: Stage,
  servers: readonly string[],
  { looks, answers, pagerFails }: History,
): Promise<Account> {
  const wrongs: string[] = [];
  const clock = site.simulated.clock;
  const script = looks.flatMap((entry) => Array.from({ length: entry.stays }, () => entry));
  const replies = [...answers];
  const pager = [...pagerFails];
  const approved = new Set<string>();
  const toldAt = new Map<string, number>();
  // In the end these are wrong, for long enough, after all were good once.
  const inTheEnd = servers.slice(0, 2);
  let seen: readonly Finding[] = [];
  let at = 0;
  let touched = 0;
  let isOver = false;

  const approve = async (plan: Plan, { signal }: { readonly signal: AbortSignal }) => {
    const reply = isOver ? 'yes' : (replies.shift() ?? 'yes');
    if (reply === 'error') throw new Error('no answer');
    if (reply === 'no') return undefined;
    if (reply === 'never') await new Promise((_, reject) => signal.addEventListener('abort', reject));
    if (reply === 'late') await clock.sleep(7 * hour, signal);
    approved.add(plan.digest);
    return { by: 'the officer' };
  };
  const channels = [
    channel('owner', async ({ findings }) => {
      if (pager.shift() === true) throw new Error('no route');
      for (const { subject } of findings) toldAt.set(subject.id, toldAt.get(subject.id) ?? clock.now());
    }),
  ];
  const started = (plan: Plan): void => {
    const locks = locksOf(plan);
    if (locks.length === 0) return;
    touched += locks.length;
    if (!approved.has(plan.digest)) wrongs.push(`nobody approved ${plan.title}`);
    if (locks.length > 2) wrongs.push(`${locks.length} at once`);
    for (const { server } of locks) {
      if (seen.find(({ subject }) => subject.id === server)?.verdict !== 'fail')
        wrongs.push('it was not wrong');
      if ((toldAt.get(server) ?? Number.POSITIVE_INFINITY) > clock.now() - HOURS * hour)
        wrongs.push('nobody was told in time');
    }
  };

  const restart = async (): Promise<void> => {
    const { controller, until } = site.controller(policy, {
      approve,
      channels,
      notices,
      interval: '1h',
      retry: '2h',
      look: async () => {
        const now = script[at];
        at += 1;
        if (now?.happens === 'blind') throw new Error('503');
        seen = servers.map((id, index) =>
          wrong(
            'server',
            id,
            now?.verdicts[index] ?? (at <= script.length + 1 || !inTheEnd.includes(id) ? 'pass' : 'fail'),
          ),
        );
        for (const { verdict: is, subject } of seen) if (is === 'pass') toldAt.delete(subject.id);
        isOver = now === undefined;
        return { findings: seen, context: site.context };
      },
    });
    controller.events.on('started', ({ plan }) => started(plan));
    // Each by itself: a plan from before the end may end in it, and lock what is right by then.
    const locked = new Set<string>();
    controller.events.on('ended', ({ plan, outcome }) => {
      if (!isOver || outcome.status !== 'succeeded') return;
      for (const { server } of locksOf(plan)) locked.add(server);
    });
    await until(
      (_, rounds) =>
        (rounds > 0 && script[at - 1]?.happens === 'restart') ||
        (isOver && inTheEnd.every((id) => locked.has(id))),
      150,
    );
  };
  const notices = memoryNotices();
  for (let starts = 0; starts < 100 && (starts === 0 || at <= script.length); starts += 1) await restart();
  for (const id of inTheEnd)
    if (!(await lockedOf(site, id))) wrongs.push('what was wrong in the end is as it was');
  return { wrongs, touched };
}

test('nothing is touched that is not to be, and what is wrong in the end is dealt with', async () => {
  let touched = 0;
  await fc.assert(
    fc.asyncProperty(history, async (entry) => {
      const site = await stage();
      const servers = [await aServer(site), await aServer(site), await aServer(site)];
      const account = await tell(site, servers, entry);
      touched += account.touched;
      expect(account.wrongs).toEqual([]);
    }),
    { numRuns: Number(process.env['GROUNDCREW_HISTORIES'] ?? 25), endOnFailure: true },
  );
  // A history in which nothing happens proves nothing.
  expect(touched).toBeGreaterThan(25);
});

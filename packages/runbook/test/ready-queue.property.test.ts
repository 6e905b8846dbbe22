import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReadyQueue } from '../src/running/ready-queue.ts';
import { type Gate, type JournalEvent, type Plan, type Step } from '../src/index.ts';
import { type GrowingState, startOf } from '../src/journal/replay.ts';
import { movesOf, blockingFailure } from '../src/running/schedule.ts';
import { noted, planOf } from './fixtures/note.ts';

// Kept up as steps end, it says what looking at all of them says: in any plan, whatever ends when and how.
const GROUPS = ['red', 'blue'];
const shape = fc.record({
  steps: fc.array(
    fc.record({
      needs: fc.array(fc.nat(19), { maxLength: 3 }),
      after: fc.array(fc.nat(19), { maxLength: 2 }),
      group: fc.constantFrom(undefined, ...GROUPS),
      onFailure: fc.constantFrom('continue', 'continue', 'continue', 'stop'),
    }),
    { minLength: 1, maxLength: 20 },
  ),
  gates: fc.array(fc.array(fc.nat(19), { minLength: 1, maxLength: 3 }), { maxLength: 2 }),
  total: fc.integer({ min: 1, max: 5 }),
  red: fc.integer({ min: 1, max: 2 }),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

function planned({ steps, gates, total, red }: Shape): Plan {
  const before = (some: readonly number[], at: number): string[] => [
    ...new Set(some.filter((entry) => entry < at).map((entry) => `s${entry}`)),
  ];
  return planOf(
    steps.map(({ needs, after, group, onFailure }, at) =>
      noted(`s${at}`, { needs: before(needs, at), after: before(after, at), onFailure, group }),
    ),
    {
      gates: gates.flatMap((some, at) => {
        const known = before(some, steps.length);
        return known.length === 0 ? [] : [{ id: `g${at}`, question: 'May it?', before: known }];
      }),
      concurrency: { total, groups: { red } },
    },
  );
}

/** A run, as far as its journal goes. */
class RunHistory {
  readonly state: GrowingState;
  readonly plan: Plan;
  #sequence = 1;

  constructor(plan: Plan) {
    this.plan = plan;
    const event: JournalEvent = { type: 'run-started', run: 'r', plan, by: undefined };
    this.state = startOf({ event, at: '', sequence: 1 } as Parameters<typeof startOf>[0]);
  }

  tell(event: JournalEvent): void {
    this.#sequence += 1;
    this.state.apply({ event, at: '', sequence: this.#sequence } as Parameters<GrowingState['apply']>[0]);
  }

  started(step: string): void {
    this.tell({ type: 'step-started', step, attempt: 1, key: step });
  }

  ended(step: string, how: 'succeeded' | 'failed'): void {
    const failure = {
      step,
      phase: 'action',
      code: 'x',
      message: 'x',
      remedy: undefined,
      requestIds: [],
    } as const;
    this.tell(
      how === 'succeeded' ? { type: 'step-succeeded', step } : { type: 'step-failed', step, failure },
    );
  }
}

const names = (some: readonly { readonly id: string }[]): string[] => some.map(({ id }) => id);
const skips = (some: readonly { readonly step: Step; readonly because: string }[]): string[] =>
  some.map(({ step, because }) => `${step.id}: ${because}`);

/** Everything that was started, skipped or stood at. */
function compare(plan: Plan, touched: readonly string[], choose: () => number): number {
  const history = new RunHistory(plan);
  // As a crash, or another try, may have left it: in any order, since what failed is pending again.
  for (const id of touched) {
    history.started(id);
    const how = choose() % 4;
    if (how > 1) history.ended(id, how === 2 ? 'failed' : 'succeeded');
  }
  const queue = new ReadyQueue(history.state);
  const running = new Set<string>();
  let looks = 0;
  for (; looks < 400; looks += 1) {
    const begin = blockingFailure(history.state) === undefined;
    expect(queue.isStopped).toBe(!begin);
    const expected = movesOf(history.state, running, { begin });
    const found = queue.moves({ begin });
    expect(skips(found.skip)).toEqual(skips(expected.skip));
    if (found.skip.length > 0) {
      for (const { step, because } of found.skip)
        history.tell({ type: 'step-skipped', step: step.id, because });
      queue.skipped(names(found.skip.map(({ step }) => step)));
      continue;
    }
    expect(names(found.start)).toEqual(names(expected.start));
    expect(new Set(names(found.at))).toEqual(new Set(names(expected.at)));
    for (const { id } of found.start) {
      running.add(id);
      // Some are still asked whether they may, and are not in the journal.
      if (choose() % 3 > 0) history.started(id);
    }
    const ids = [...running];
    const closed: readonly Gate[] = found.at;
    if (ids.length === 0 && closed.length === 0) break;
    const pick = choose() % (ids.length + closed.length);
    const gate = closed[pick - ids.length];
    if (gate !== undefined) {
      history.tell({ type: 'gate-opened', gate: gate.id, by: undefined });
      queue.opened(gate);
      continue;
    }
    const id = ids[pick] ?? '';
    running.delete(id);
    // Now and then it dies with its worker, and is as it was.
    const how = choose() % 8;
    if (how > 0) history.ended(id, how === 1 ? 'failed' : 'succeeded');
    queue.ended(id);
  }
  return looks;
}

test('it says what looking at all steps says', () => {
  let looks = 0;
  fc.assert(
    fc.property(
      shape,
      fc.array(fc.nat(19), { maxLength: 4 }),
      fc.infiniteStream(fc.nat(1_000)),
      (parts, dead, stream) => {
        const plan = planned(parts);
        const touched = [...new Set(dead.filter((entry) => entry < parts.steps.length))].map(
          (entry) => `s${entry}`,
        );
        looks += compare(plan, touched, () => stream.next().value);
      },
    ),
    { numRuns: 4_000, endOnFailure: true },
  );
  expect(looks).toBeGreaterThan(20_000);
});

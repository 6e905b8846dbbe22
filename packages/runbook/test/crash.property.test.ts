import fc from 'fast-check';
import { expect, test } from 'vitest';
import { definePlan, type Outcome, type Plan, replay, run } from '../src/index.ts';
import { type Crash, CrashSimulation, type Nature } from './fixtures/crash-simulation.ts';
import { noted } from './fixtures/note.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const groups = { x: 1, y: 2 };

interface Case {
  readonly plan: Plan;
  readonly natures: ReadonlyMap<string, Nature>;
  readonly crashes: readonly Crash[];
}

interface Bounds {
  readonly failing: number;
  readonly onFailure: readonly ('stop' | 'continue')[];
}

const nature = (failing: number): fc.Arbitrary<Nature> =>
  fc.record({
    repeats: fc.constantFrom('done', 'key'),
    fails: fc.record({
      attempts: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(failing) }),
      when: fc.constantFrom('before', 'after'),
    }),
    turns: fc.tuple(fc.nat(60), fc.nat(60), fc.nat(60)),
  });

const cases = ({ failing, onFailure }: Bounds): fc.Arbitrary<Case> =>
  fc
    .record({
      waits: fc.tuple(
        ...names.map((_, at) =>
          fc.record({
            needs: fc.subarray(names.slice(0, at), { maxLength: Math.min(2, at) }),
            after: fc.subarray(names.slice(0, at), { maxLength: Math.min(1, at) }),
            group: fc.constantFrom(undefined, 'x', 'y'),
            onFailure: fc.constantFrom(...onFailure),
          }),
        ),
      ),
      natures: fc.tuple(...names.map(() => nature(failing))),
      total: fc.integer({ min: 1, max: 4 }),
      crashes: fc.array(fc.record({ after: fc.nat(12), trace: fc.constantFrom('left', 'lost') }), {
        maxLength: 5,
      }),
    })
    .map(({ waits, natures, total, crashes }) => ({
      plan: definePlan({
        id: 'p',
        title: 'P',
        steps: waits.map((options, at) => noted(names[at] ?? '', options)),
        concurrency: { total, groups },
      }),
      natures: new Map(natures.map((of, at) => [names[at] ?? '', of])),
      crashes,
    }));

/** One process after the other, until one is not killed. */
async function liveOn(
  { plan }: Case,
  simulation: CrashSimulation,
  onFailure: 'stop' | 'roll-back' = 'stop',
): Promise<Outcome> {
  for (let life = 0; life < 20; life += 1) {
    const outcome = await run(plan, {
      approved: plan.digest,
      implementations: simulation.implementations(),
      journal: simulation.revive(),
      onFailure,
    }).outcome;
    expect(simulation.violations).toEqual([]);
    if (outcome.status !== 'interrupted') return outcome;
  }
  throw new Error('it never ends');
}

/** Notes when a step begins that may not. */
function watch({ plan, natures }: Case, simulation: CrashSimulation): void {
  const byId = new Map(plan.steps.map((step) => [step.id, step]));
  simulation.onAct = (id) => {
    const step = byId.get(id);
    const state = replay(simulation.records);
    for (const need of step?.needs ?? [])
      expect(state?.steps.get(need)?.state, `${need} before ${id}`).toBe('succeeded');
    for (const other of step?.after ?? [])
      expect(state?.steps.get(other)?.state, `${other} before ${id}`).toMatch(/succeeded|failed|skipped/);
    expect(simulation.active.size).toBeLessThan(plan.concurrency.total);
    const group = step?.group === 'x' || step?.group === 'y' ? step.group : undefined;
    const inGroup = [...simulation.active].filter((other) => byId.get(other)?.group === group).length;
    expect(group === undefined || inGroup < groups[group], `too many of ${group}`).toBe(true);
    // It may have acted before, then it looks first; in the eyes of the target it never acts twice.
    expect(natures.get(id)?.repeats === 'done' && simulation.has(id), `${id} acts twice`).toBe(false);
  };
}

const statesOf = (simulation: CrashSimulation): Record<string, string> =>
  Object.fromEntries([...(replay(simulation.records)?.steps ?? [])].map(([id, { state }]) => [id, state]));

const each = { numRuns: 150 };
/** On a machine that is busy with something else. */
const patience = 60_000;

test(
  'whatever dies when: every step of a plan happens, in its order, exactly once',
  async () => {
    await fc.assert(
      fc.asyncProperty(cases({ failing: 0, onFailure: ['stop', 'continue'] }), async (given) => {
        const simulation = new CrashSimulation(given.natures, given.crashes);
        watch(given, simulation);
        expect((await liveOn(given, simulation)).status).toBe('succeeded');
        expect(simulation.effects.map(({ step }) => step).toSorted()).toEqual(names);
      }),
      each,
    );
  },
  patience,
);

test(
  'a crash changes nothing about what failed and what was skipped for it',
  async () => {
    await fc.assert(
      fc.asyncProperty(cases({ failing: 99, onFailure: ['continue'] }), async (given) => {
        // A step that fails always does, so that a second attempt after a crash fails as the first would have.
        const natures = new Map(
          [...given.natures].map(([id, of]) => [
            id,
            { ...of, fails: { when: 'before' as const, attempts: of.fails.attempts > 0 ? 1e9 : 0 } },
          ]),
        );
        const calm = new CrashSimulation(natures, []);
        const calmly = await liveOn({ ...given, natures }, calm);
        const simulation = new CrashSimulation(natures, given.crashes);
        watch({ ...given, natures }, simulation);
        const outcome = await liveOn({ ...given, natures }, simulation);
        expect(statesOf(simulation)).toEqual(statesOf(calm));
        expect(outcome.status).toBe(calmly.status);
        expect(outcome.counts).toEqual(calmly.counts);
        for (const [id, state] of Object.entries(statesOf(simulation)))
          expect(simulation.has(id)).toBe(state === 'succeeded');
      }),
      each,
    );
  },
  patience,
);

test(
  'run again until it succeeds: what failed is tried again, what succeeded is not',
  async () => {
    await fc.assert(
      fc.asyncProperty(cases({ failing: 3, onFailure: ['stop'] }), async (given) => {
        const simulation = new CrashSimulation(given.natures, given.crashes);
        watch(given, simulation);
        let outcome = await liveOn(given, simulation);
        for (let turn = 0; outcome.status === 'failed' && turn < 40; turn += 1)
          outcome = await liveOn(given, simulation);
        expect(outcome.status).toBe('succeeded');
        expect(simulation.effects.map(({ step }) => step).toSorted()).toEqual(names);
      }),
      each,
    );
  },
  patience,
);

test(
  'a rollback leaves nothing behind, whatever dies when, and goes backwards',
  async () => {
    await fc.assert(
      fc.asyncProperty(cases({ failing: 99, onFailure: ['stop'] }), async (given) => {
        const simulation = new CrashSimulation(given.natures, given.crashes);
        watch(given, simulation);
        const outcome = await liveOn(given, simulation, 'roll-back');
        const total = Object.values(outcome.counts).reduce((sum, count) => sum + count, 0);
        expect(total).toBe(names.length);
        if (outcome.status === 'succeeded') return;
        expect(outcome.status).toBe('rolled-back');
        expect(simulation.effects).toEqual([]);
        expect(outcome.counts.succeeded + outcome.counts.pending + outcome.counts.running).toBe(0);
        for (const { id, needs } of given.plan.steps)
          for (const need of needs) {
            const both = simulation.undone.includes(id) && simulation.undone.includes(need);
            expect(
              both && simulation.undone.indexOf(id) > simulation.undone.indexOf(need),
              `${need} before ${id}`,
            ).toBe(false);
          }
      }),
      each,
    );
  },
  patience,
);

test(
  'replaying a journal is the same in one go and in pieces, and its counts are those of the outcome',
  async () => {
    await fc.assert(
      fc.asyncProperty(cases({ failing: 2, onFailure: ['stop', 'continue'] }), async (given) => {
        const simulation = new CrashSimulation(given.natures, given.crashes);
        const outcome = await liveOn(given, simulation);
        const whole = replay(simulation.records);
        const counts: Record<string, number> = {};
        for (const { state } of whole?.steps.values() ?? []) counts[state] = (counts[state] ?? 0) + 1;
        expect(outcome.counts).toMatchObject(counts);
        expect(whole?.outcome).toEqual(JSON.parse(JSON.stringify(outcome)));
        expect(
          JSON.parse(JSON.stringify(replay(JSON.parse(JSON.stringify(simulation.records)) as never))),
        ).toEqual(JSON.parse(JSON.stringify(whole)));
      }),
      { numRuns: 100 },
    );
  },
  patience,
);

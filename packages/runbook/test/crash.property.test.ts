import fc from 'fast-check';
import { expect, test } from 'vitest';
import { definePlan, type Outcome, type Plan, replay, run } from '../src/index.ts';
import { type Crash, CrashingWorld, type Nature } from './fixtures/crashing-world.ts';
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
  world: CrashingWorld,
  onFailure: 'stop' | 'roll-back' = 'stop',
): Promise<Outcome> {
  for (let life = 0; life < 20; life += 1) {
    const outcome = await run(plan, {
      approved: plan.digest,
      implementations: world.implementations(),
      journal: world.revive(),
      onFailure,
    }).outcome;
    expect(world.violations).toEqual([]);
    if (outcome.status !== 'interrupted') return outcome;
  }
  throw new Error('it never ends');
}

/** Notes when a step begins that may not. */
function watch({ plan, natures }: Case, world: CrashingWorld): void {
  const byId = new Map(plan.steps.map((step) => [step.id, step]));
  world.onAct = (id) => {
    const step = byId.get(id);
    const state = replay(world.records);
    for (const need of step?.needs ?? [])
      expect(state?.steps.get(need)?.state, `${need} before ${id}`).toBe('succeeded');
    for (const other of step?.after ?? [])
      expect(state?.steps.get(other)?.state, `${other} before ${id}`).toMatch(/succeeded|failed|skipped/);
    expect(world.active.size).toBeLessThan(plan.concurrency.total);
    const group = step?.group === 'x' || step?.group === 'y' ? step.group : undefined;
    const inGroup = [...world.active].filter((other) => byId.get(other)?.group === group).length;
    expect(group === undefined || inGroup < groups[group], `too many of ${group}`).toBe(true);
    // It may have acted before, then it looks first; in the eyes of the target it never acts twice.
    expect(natures.get(id)?.repeats === 'done' && world.has(id), `${id} acts twice`).toBe(false);
  };
}

const statesOf = (world: CrashingWorld): Record<string, string> =>
  Object.fromEntries([...(replay(world.records)?.steps ?? [])].map(([id, { state }]) => [id, state]));

const each = { numRuns: 150 };
/** On a machine that is busy with something else. */
const patience = 60_000;

test(
  'whatever dies when: every step of a plan happens, in its order, exactly once',
  async () => {
    await fc.assert(
      fc.asyncProperty(cases({ failing: 0, onFailure: ['stop', 'continue'] }), async (given) => {
        const world = new CrashingWorld(given.natures, given.crashes);
        watch(given, world);
        expect((await liveOn(given, world)).status).toBe('succeeded');
        expect(world.effects.map(({ step }) => step).toSorted()).toEqual(names);
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
        const calm = new CrashingWorld(natures, []);
        const calmly = await liveOn({ ...given, natures }, calm);
        const world = new CrashingWorld(natures, given.crashes);
        watch({ ...given, natures }, world);
        const outcome = await liveOn({ ...given, natures }, world);
        expect(statesOf(world)).toEqual(statesOf(calm));
        expect(outcome.status).toBe(calmly.status);
        expect(outcome.counts).toEqual(calmly.counts);
        for (const [id, state] of Object.entries(statesOf(world)))
          expect(world.has(id)).toBe(state === 'succeeded');
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
        const world = new CrashingWorld(given.natures, given.crashes);
        watch(given, world);
        let outcome = await liveOn(given, world);
        for (let turn = 0; outcome.status === 'failed' && turn < 40; turn += 1)
          outcome = await liveOn(given, world);
        expect(outcome.status).toBe('succeeded');
        expect(world.effects.map(({ step }) => step).toSorted()).toEqual(names);
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
        const world = new CrashingWorld(given.natures, given.crashes);
        watch(given, world);
        const outcome = await liveOn(given, world, 'roll-back');
        const total = Object.values(outcome.counts).reduce((sum, count) => sum + count, 0);
        expect(total).toBe(names.length);
        if (outcome.status === 'succeeded') return;
        expect(outcome.status).toBe('rolled-back');
        expect(world.effects).toEqual([]);
        expect(outcome.counts.succeeded + outcome.counts.pending + outcome.counts.running).toBe(0);
        for (const { id, needs } of given.plan.steps)
          for (const need of needs) {
            const both = world.undone.includes(id) && world.undone.includes(need);
            expect(
              both && world.undone.indexOf(id) > world.undone.indexOf(need),
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
        const world = new CrashingWorld(given.natures, given.crashes);
        const outcome = await liveOn(given, world);
        const whole = replay(world.records);
        const counts: Record<string, number> = {};
        for (const { state } of whole?.steps.values() ?? []) counts[state] = (counts[state] ?? 0) + 1;
        expect(outcome.counts).toMatchObject(counts);
        expect(whole?.outcome).toEqual(JSON.parse(JSON.stringify(outcome)));
        expect(
          JSON.parse(JSON.stringify(replay(JSON.parse(JSON.stringify(world.records)) as never))),
        ).toEqual(JSON.parse(JSON.stringify(whole)));
      }),
      { numRuns: 100 },
    );
  },
  patience,
);

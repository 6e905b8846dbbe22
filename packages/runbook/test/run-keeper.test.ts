import { expect, test, vi } from 'vitest';
import {
  type Implementation,
  type Journal,
  type KeptRun,
  type LeadershipTerm,
  memoryJournal,
  memoryState,
  type MemoryOfRuns,
  RunKeeper,
  type State,
} from '../src/index.ts';
import { failing } from './fixtures/go.ts';
import { noted, noting, planOf } from './fixtures/note.ts';

interface Kept {
  readonly running: readonly KeptRun<string>[];
  readonly ended: readonly string[];
}

const without = (memory: Kept, journal: string): Kept => ({
  ...memory,
  running: memory.running.filter((kept) => kept.journal !== journal),
});

const memory: MemoryOfRuns<Kept, string> = {
  read: (kept) => (kept ?? { running: [], ended: [] }) as Kept,
  running: ({ running }) => running,
  withBegun: (before, kept) => ({ ...before, running: [...before.running, kept] }),
  withEnded: (before, { journal, about }, { status }) => {
    const rest = without(before, journal);
    return { ...rest, ended: [...rest.ended, `${about} ${status}`] };
  },
  withoutBegun: (before, { journal }) => without(before, journal),
};

const plan = planOf([noted('a')]);
const kept = { journal: 'j1', by: 'ops', about: 'host-1' };

/** A leader's term, whose lease a test takes away. */
function termOf(token = 1) {
  const [end, lost] = [new AbortController(), new AbortController()];
  const term: LeadershipTerm = { token, signal: end.signal, lost: lost.signal };
  return { term, end, lost };
}

/** A keeper in a new process, over what is kept. */
async function keeperOf(
  given: {
    readonly state?: State;
    readonly journals?: Map<string, Journal>;
    readonly account?: (kept: KeptRun<string>, journal: Journal) => Promise<void>;
    readonly implementations?: readonly Implementation[];
  } = {},
) {
  const { state = memoryState(), journals = new Map<string, Journal>(), account } = given;
  const { log, implementations } = failing();
  const told: string[] = [];
  const journal = (name: string): Journal => {
    const there = journals.get(name) ?? memoryJournal();
    journals.set(name, there);
    return there;
  };
  const keeper = new RunKeeper({
    memory,
    state,
    journal,
    account,
    how: () => ({ implementations: given.implementations ?? implementations }),
    listener: {
      started: ({ about, by }) => told.push(`started ${about} by ${by}`),
      record: () => undefined,
      ended: ({ about }, _, { status }) => told.push(`ended ${about} ${status}`),
      trouble: (error) => told.push(`trouble ${(error as Error).message}`),
    },
  });
  const { term, end, lost } = termOf();
  await keeper.load(term);
  return { keeper, state, journals, told, log, signal: end.signal, end, lost };
}

test('a run is remembered before it begins, and accounted for before it is forgotten', async () => {
  const seen: unknown[] = [];
  const { keeper, state, told, signal } = await keeperOf({
    account: async ({ about }, journal) => {
      seen.push([about, (await journal.read()).at(-1)?.event.type, memory.running(keeper.memory).length]);
    },
  });
  await keeper.begin(plan, kept, signal);
  expect(keeper.running).toEqual([{ ...kept, plan }]);
  expect(await state.load()).toEqual({ running: [kept], ended: [] });
  await vi.waitFor(() => expect(keeper.running).toEqual([]));
  expect(seen).toEqual([['host-1', 'run-ended', 1]]);
  expect(await state.load()).toEqual({ running: [], ended: ['host-1 succeeded'] });
  expect([told, keeper.running]).toEqual([['started host-1 by ops', 'ended host-1 succeeded'], []]);
});

test('what could not be saved is not remembered, and nothing begins', async () => {
  const full: State = {
    load: async () => undefined,
    save: () => Promise.reject(new Error('no space left on device')),
  };
  const { keeper, journals, log, signal } = await keeperOf({ state: full });
  await expect(keeper.begin(plan, kept, signal)).rejects.toThrow('no space left');
  expect([keeper.memory.running, keeper.running, journals.size, log]).toEqual([[], [], 0, []]);
});

test('a successor resumes what was under way, in the name of who approved it', async () => {
  const first = await keeperOf({
    account: () => Promise.reject(new Error('the trail is away')),
  });
  await first.keeper.begin(plan, kept, first.signal);
  await vi.waitFor(() => expect(first.keeper.running).toEqual([]));
  expect(first.told.slice(1)).toEqual(['trouble the trail is away', 'ended host-1 succeeded']);
  expect(await first.state.load()).toEqual({ running: [kept], ended: [] });

  const second = await keeperOf({ state: first.state, journals: first.journals });
  await second.keeper.resume(second.signal);
  await vi.waitFor(() => expect(second.keeper.running).toEqual([]));
  expect(second.told).toEqual(['started host-1 by ops', 'ended host-1 succeeded']);
  // The plan was done by the first one: it is read, not done again.
  expect([first.log, second.log]).toEqual([['a'], []]);
  expect(await first.state.load()).toEqual({ running: [], ended: ['host-1 succeeded'] });
});

test('a run whose journal never began is given up, and one whose journal cannot be read stops no other', async () => {
  const other = { journal: 'j2', by: 'ops', about: 'host-2' };
  const state = memoryState();
  await state.save({ running: [kept, other], ended: [] });
  const torn: Journal = {
    open: () => Promise.reject(new Error('torn')),
    read: () => Promise.reject(new Error('torn')),
  };
  const { keeper, told, signal } = await keeperOf({ state, journals: new Map([['j1', torn]]) });
  await keeper.resume(signal);
  expect(told).toEqual(['trouble torn']);
  expect(keeper.memory.running).toEqual([kept]);
});

test('when another one may be leading nothing is saved, and nothing begins', async () => {
  const { keeper, state, told, lost, signal } = await keeperOf();
  lost.abort();
  await keeper.begin(plan, kept, signal);
  expect([await state.load(), keeper.memory.running, told]).toEqual([undefined, [], []]);
});

test('a term that ends while the beginning is saved begins nothing; its successor gives it up', async () => {
  const inner = memoryState();
  let ending: AbortController | undefined;
  const slow: State = {
    load: () => inner.load(),
    save: async (value, token) => {
      await inner.save(value, token);
      ending?.abort();
    },
  };
  const first = await keeperOf({ state: slow });
  ending = first.end;
  await first.keeper.begin(plan, kept, first.signal);
  expect([first.told, first.log]).toEqual([[], []]);
  ending = undefined;
  const second = await keeperOf({ state: slow, journals: first.journals });
  await second.keeper.resume(second.signal);
  expect([await inner.load(), second.told]).toEqual([{ running: [], ended: [] }, []]);
});

test('told to stop it waits for a step that runs, or cuts it off: then a successor goes on with it', async () => {
  const begun = Promise.withResolvers<void>();
  const implementations = noting({
    perform: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        begun.resolve();
      }),
  });
  const first = await keeperOf({ implementations });
  await first.keeper.begin(plan, kept, first.signal);
  await begun.promise;
  let isOver = false;
  const patient = first.keeper.stop().then(() => void (isOver = true));
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  await Promise.all([first.keeper.stop({ cancel: true }), patient]);
  expect(first.told).toEqual(['started host-1 by ops', 'ended host-1 cancelled']);
  expect(await first.state.load()).toEqual({ running: [kept], ended: [] });
  const second = await keeperOf({ state: first.state, journals: first.journals });
  await second.keeper.resume(second.signal);
  await vi.waitFor(() => expect(second.keeper.running).toEqual([]));
  expect([second.told.at(-1), second.log]).toEqual(['ended host-1 succeeded', ['a']]);
});

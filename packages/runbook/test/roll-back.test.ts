import { expect, test } from 'vitest';
import { implement, memoryJournal } from '../src/index.ts';
import { go, failing } from './fixtures/go.ts';
import { carve, note, noted, noting, overwrite, planOf } from './fixtures/note.ts';

test('a rollback undoes what acted, the last first', async () => {
  const { log, implementations } = failing('bad');
  const plan = planOf([
    noted('a'),
    noted('b', { needs: ['a'] }),
    noted('bad', { needs: ['b'] }),
    noted('never', { needs: ['bad'] }),
  ]);
  const outcome = await go(plan, { implementations, onFailure: 'roll-back' });
  expect(outcome).toMatchObject({
    status: 'rolled-back',
    counts: { compensated: 3, skipped: 1 },
    failures: [{ step: 'bad', phase: 'action' }],
  });
  // It failed while acting, so it may have acted: it is undone as well, and what it would have left is not known.
  expect(log).toEqual(['a', 'b', 'undo bad undefined', 'undo b b', 'undo a a']);
});

test.each([
  ['a point of no return', carve, /no way back from it/],
  ['a step that only a backup undoes', overwrite, /only a restore/],
])('a rollback ends at %s', async (_, final, message) => {
  const log: string[] = [];
  const handlers = {
    perform: async ({ name }: { name: string }) => {
      if (name === 'bad') throw new Error('no');
      return { noted: name };
    },
  };
  const implementations = [
    implement(note, { ...handlers, compensate: async ({ name }) => void log.push(name) }),
    implement(final, handlers),
  ];
  const plan = planOf([
    noted('a'),
    final.step({ id: 'final', input: { name: 'final' }, needs: ['a'] }),
    noted('c', { needs: ['final'] }),
    noted('bad', { needs: ['c'] }),
  ]);
  const journal = memoryJournal();
  const failed = {
    status: 'failed',
    counts: { succeeded: 1, compensated: 2, 'compensation-failed': 1 },
    failures: [
      {
        step: 'final',
        phase: 'compensation',
        code: 'no-way-back',
        message: expect.stringMatching(message) as string,
      },
      { step: 'bad', phase: 'action' },
    ],
  };
  expect(await go(plan, { implementations, journal, onFailure: 'roll-back' })).toMatchObject(failed);
  expect(log).toEqual(['bad', 'c']);
  // There is no turning again.
  expect(await go(plan, { implementations, journal })).toMatchObject(failed);
  expect(log).toEqual(['bad', 'c']);
});

test('what acted last is undone first, whatever began first', async () => {
  const undone: string[] = [];
  const other = Promise.withResolvers<void>();
  const implementations = noting({
    async perform({ name }) {
      if (name === 'bad') throw new Error('no');
      if (name === 'long') await other.promise;
      return { noted: name };
    },
    async verify({ name }) {
      if (name === 'short') other.resolve();
      return undefined;
    },
    compensate: async ({ name }) => void undone.push(name),
  });
  const plan = planOf([noted('long'), noted('short'), noted('bad', { needs: ['long', 'short'] })]);
  expect(await go(plan, { implementations, onFailure: 'roll-back' })).toMatchObject({
    status: 'rolled-back',
  });
  expect(undone).toEqual(['bad', 'long', 'short']);
});

test('a compensation that fails ends the rollback; another run tries it again', async () => {
  let broken = true;
  const undone: string[] = [];
  const implementations = noting({
    async perform({ name }) {
      if (name === 'bad') throw new Error('no');
      return { noted: name };
    },
    async compensate({ name }) {
      if (name === 'b' && broken) throw new Error('stuck');
      undone.push(name);
    },
  });
  const plan = planOf([
    noted('a'),
    noted('b', { needs: ['a'] }),
    noted('bad', { needs: ['b'] }),
    noted('never', { needs: ['bad'] }),
  ]);
  const journal = memoryJournal();
  const options = { implementations, journal, onFailure: 'roll-back' } as const;
  expect(await go(plan, options)).toMatchObject({
    status: 'failed',
    counts: { succeeded: 1, compensated: 1, 'compensation-failed': 1 },
    failures: [{ step: 'b', phase: 'compensation', message: 'stuck' }, { step: 'bad' }],
  });
  broken = false;
  expect(await go(plan, options)).toMatchObject({
    status: 'rolled-back',
    counts: { compensated: 3, skipped: 1 },
  });
  expect(undone).toEqual(['bad', 'b', 'a']);
});

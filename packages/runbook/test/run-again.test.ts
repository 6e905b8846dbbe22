import { expect, test } from 'vitest';
import { memoryJournal } from '../src/index.ts';
import { go, failing } from './fixtures/go.ts';
import { noted, noting, planOf } from './fixtures/note.ts';

test('a failed run tries its failed steps again, and asks first whether they acted', async () => {
  const log: string[] = [];
  let broken = true;
  const implementations = noting({
    async done({ name }) {
      log.push(`done? ${name}`);
      return undefined;
    },
    async perform({ name }, { attempt }) {
      log.push(`${name} ${attempt}`);
      if (name === 'b' && broken) throw new Error('no');
      return { noted: name };
    },
  });
  const journal = memoryJournal();
  const plan = planOf([noted('a'), noted('b', { needs: ['a'] }), noted('c', { needs: ['b'] })]);
  expect(await go(plan, { implementations, journal })).toMatchObject({
    status: 'failed',
    counts: { skipped: 1 },
  });
  broken = false;
  expect(await go(plan, { implementations, journal })).toMatchObject({
    status: 'succeeded',
    counts: { succeeded: 3 },
  });
  expect(log).toEqual(['a 1', 'b 1', 'done? b', 'b 2', 'c 1']);
});

test.each(['succeeded', 'partially-succeeded', 'rolled-back'])(
  'a run that has %s is over: the same again, and no act',
  async (status) => {
    const onFailure = status === 'rolled-back' ? 'roll-back' : 'stop';
    const bad = noted('bad', { onFailure: status === 'partially-succeeded' ? 'continue' : 'stop' });
    const plan = planOf([noted('a'), ...(status === 'succeeded' ? [] : [bad])]);
    const { log, implementations } = failing('bad');
    const journal = memoryJournal();
    const first = await go(plan, { implementations, journal, onFailure });
    expect(first.status).toBe(status);
    const before = [...log];
    const records = await journal.read();
    expect(await go(plan, { implementations, journal, onFailure })).toEqual(
      JSON.parse(JSON.stringify(first)),
    );
    expect(log).toEqual(before);
    expect(await journal.read()).toEqual(records);
  },
);

test('a verification that failed is asked again before anything is done again', async () => {
  const log: string[] = [];
  let ready = false;
  const implementations = noting({
    async perform({ name }) {
      log.push('perform');
      return { noted: name };
    },
    async verify() {
      log.push('verify');
      return ready ? undefined : { code: 'slow', reason: 'Not yet.', remedy: undefined };
    },
  });
  const journal = memoryJournal();
  const plan = planOf([noted('a')]);
  expect(await go(plan, { implementations, journal })).toMatchObject({ status: 'failed' });
  ready = true;
  expect(await go(plan, { implementations, journal })).toMatchObject({ status: 'succeeded' });
  expect(log).toEqual(['perform', 'verify', 'verify']);
});

test('targets are not asked again once something was touched: it was the run that moved them', async () => {
  const journal = memoryJournal();
  const plan = planOf([noted('a'), noted('b')], {
    targets: [{ kind: 'host', id: 'c1', revision: '7' }],
    gates: [{ id: 'g', question: '?', before: ['b'] }],
  });
  expect(await go(plan, { journal, revisionOf: async () => '7' })).toMatchObject({ status: 'paused' });
  const outcome = await go(plan, { journal, revisionOf: async () => '8', gate: async () => 'open' });
  expect(outcome).toMatchObject({ status: 'succeeded' });
});

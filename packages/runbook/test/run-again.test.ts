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

test('a crash, and a pause, make nothing that had failed pending again', async () => {
  const { log, implementations } = failing();
  const trying = noting({
    async perform({ name }, context) {
      log.push(`${name} ${context.attempt}`);
      if (name === 'bad') throw new Error('no');
      return { noted: name };
    },
  });
  const plan = planOf([noted('bad', { onFailure: 'continue' }), noted('a'), noted('b')], {
    gates: [{ id: 'g', question: '?', before: ['b'] }],
  });
  const journal = memoryJournal();
  expect(await go(plan, { implementations: trying, journal })).toMatchObject({ status: 'paused' });
  const crashed = memoryJournal((await journal.read()).slice(0, -1));
  for (const resumed of [journal, crashed])
    expect(await go(plan, { implementations, journal: resumed, gate: async () => 'open' })).toMatchObject({
      status: 'partially-succeeded',
      counts: { failed: 1, succeeded: 2 },
    });
  expect(log).toEqual(['bad 1', 'a 1', 'b', 'b']);
});

test('a second attempt that dies is not taken for the first, which had acted', async () => {
  const absent = { code: 'absent', reason: 'It is not there.', remedy: undefined };
  const plan = planOf([noted('a')]);
  const journal = memoryJournal();
  const refusing = noting({ verify: async () => absent });
  await go(plan, { implementations: refusing, journal });
  await go(plan, { implementations: refusing, journal });
  // The second run dies while it acts again.
  const records = await journal.read();
  const last = records.findLastIndex(({ event }) => event.type === 'step-started');
  const log: string[] = [];
  const implementations = noting({
    async done() {
      log.push('done?');
      return undefined;
    },
    async perform({ name }, { attempt }) {
      log.push(`perform ${attempt}`);
      return { noted: name };
    },
    async verify() {
      log.push('verify');
      return undefined;
    },
  });
  await go(plan, { implementations, journal: memoryJournal(records.slice(0, last + 1)) });
  expect(log).toEqual(['done?', 'perform 3', 'verify']);
});

test('a step that died while another one failed is brought to its end, and nothing new begins', async () => {
  const plan = planOf([noted('bad'), noted('a'), noted('next', { needs: ['a'] })]);
  const journal = memoryJournal();
  await go(plan, { implementations: failing('bad').implementations, journal });
  const records = await journal.read();
  const started = records.findIndex(({ event }) => event.type === 'step-started' && event.step === 'a');
  const failed = records.findIndex(({ event }) => event.type === 'step-failed');
  expect(failed).toBeGreaterThan(started);
  const kept = records
    .slice(0, failed + 1)
    .filter(({ event }) => !('step' in event && event.step === 'a') || event.type === 'step-started');
  const crashed = memoryJournal(kept.map((record, at) => ({ ...record, sequence: at + 1 })));
  const { log, implementations } = failing();
  expect(await go(plan, { implementations, journal: crashed })).toMatchObject({
    status: 'failed',
    counts: { failed: 1, succeeded: 1, skipped: 1 },
    failures: [{ step: 'bad' }],
  });
  expect(log).toEqual(['a']);
});

test('a step that acted and died before its verification is verified; its "no" is the step\'s', async () => {
  const plan = planOf([noted('a')]);
  const journal = memoryJournal();
  await go(plan, { journal });
  const records = await journal.read();
  const acted = records.findIndex(({ event }) => event.type === 'step-acted');
  const log: string[] = [];
  const implementations = noting({
    async perform({ name }) {
      log.push('perform');
      return { noted: name };
    },
    async verify(_, output) {
      log.push(`verify ${output.noted}`);
      return { code: 'absent', reason: 'It is not there.', remedy: undefined };
    },
  });
  const crashed = memoryJournal(records.slice(0, acted + 1));
  expect(await go(plan, { implementations, journal: crashed })).toMatchObject({
    status: 'failed',
    failures: [{ phase: 'verification', code: 'absent' }],
  });
  expect(log).toEqual(['verify a']);
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

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Journal, memoryJournal, type Outcome, type Plan, run } from '@groundcrew/runbook';
import { expect, onTestFinished, test } from 'vitest';
import {
  planRetention,
  type PlanRetentionOptions,
  retentionImplementations,
  type RetentionPolicy,
} from '../../src/backup.ts';
import type { ProofEntry, ProofRecords } from '../../src/prove.ts';
import { type BackupRepository, openRepository } from '../../src/repository.ts';
import { crashesAt, Life, Records } from '../life.ts';
import { bytesOf } from '../repository/bytes.ts';
import { FolderEngine } from '../repository/folder-engine.ts';

const HOUR = 3_600_000;
const complete = { completeness: 'complete' } as const;

/** A repository with a ledger, and retention of it, planned and run. */
async function scene() {
  const folder = await mkdtemp(path.join(tmpdir(), 'retention-'));
  const engine = new FolderEngine(path.join(folder, 'r'));
  const repository = await openRepository({ engine, create: true });
  onTestFinished(async () => {
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const entries: ProofEntry[] = [];
  const ledger = { read: async (): Promise<ProofRecords> => ({ entries, unreadable: [] }) };
  return {
    engine,
    repository,
    ledger,
    entries,
    store: (id: string, hoursAgo: number, labels: Readonly<Record<string, string>> = {}) =>
      repository.write({ id, at: Date.now() - hoursAgo * HOUR, labels }, async (writer) => {
        await writer.put('a', bytesOf(hoursAgo, 100));
        return complete;
      }),
    /** Leaves a stream of a point that was never finished. */
    leave: (id: string) =>
      repository
        .write({ id }, async (writer) => {
          await writer.put('a', bytesOf(1, 10));
          throw new Error('killed');
        })
        .catch(() => undefined),
    plan: async (policy: RetentionPolicy, more: Partial<PlanRetentionOptions> = {}): Promise<Plan> => {
      const points = await repository.points();
      const planned = planRetention(policy, {
        points,
        proofs: await ledger.read(),
        now: Date.now(),
        ...more,
      });
      if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
      return planned.plan;
    },
    execute: (plan: Plan, journal: Journal = memoryJournal(), on: BackupRepository = repository) =>
      run(plan, {
        approved: plan.digest,
        implementations: retentionImplementations({ repository: on, ledger }),
        journal,
      }).outcome,
    ids: async () => (await repository.points()).points.map(({ id }) => id),
    streams: async () => (await engine.list()).streams.length,
  };
}

/** What the last step left, from the journal. */
const sweptIn = async (journal: Journal): Promise<unknown> =>
  (await journal.read()).flatMap(({ event }) =>
    event.type === 'step-acted' && event.step === 'sweep' ? [event.output] : [],
  )[0];

test('manifests go before streams, what others need stays, and a second run removes nothing more', async () => {
  const { engine, store, plan, execute, ids, streams } = await scene();
  await store('p1', 30);
  await store('p2', 2);
  await store('p3', 1);
  const made = await plan({ keep: { last: 2 } });
  const acts: string[] = [];
  const forget = engine.forget.bind(engine);
  engine.forget = async (gone) => {
    const { streams: all } = await engine.list();
    acts.push(...gone.map((id) => all.find((stream) => stream.id === id)?.name ?? 'gone'));
    await forget(gone);
  };
  expect(await execute(made)).toMatchObject({ status: 'succeeded' });
  expect(acts).toEqual(['manifest/p1', 'a']);
  expect(await ids()).toEqual(['p3', 'p2']);
  expect(await streams()).toBe(4);
  expect(await execute(made)).toMatchObject({ status: 'succeeded' });
  expect(await streams()).toBe(4);
});

test('nothing is removed but by the digest that was approved', async () => {
  const { repository, ledger, store, plan, ids } = await scene();
  await store('p1', 30);
  await store('p2', 2);
  const { outcome } = run(await plan({ keep: { last: 1 } }), {
    approved: `sha256:${'0'.repeat(64)}`,
    implementations: retentionImplementations({ repository, ledger }),
    journal: memoryJournal(),
  });
  expect(await outcome).toMatchObject({ status: 'refused' });
  expect(await ids()).toEqual(['p2', 'p1']);
});

test('a stream that a point has begun to need since stays', async () => {
  const { engine, store, plan, execute, ids } = await scene();
  const first = await store('p1', 30);
  await store('p2', 2);
  const made = await plan({ keep: { last: 1 } });
  const document = {
    kind: 'groundcrew-recovery-point',
    version: 2,
    point: 'p3',
    at: first.at,
    written: first.at,
    labels: {},
    completeness: 'complete',
    gaps: [],
    streams: first.streams,
  };
  async function* json(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(JSON.stringify(document));
  }
  // Another release may let points share streams.
  await engine.put('manifest/p3', json(), { tags: { kind: 'manifest', point: 'p3' } });
  const journal = memoryJournal();
  expect(await execute(made, journal)).toMatchObject({ status: 'succeeded' });
  expect(await sweptIn(journal)).toEqual({ removed: 0, needed: 1, busy: [] });
  expect(await ids()).toEqual(['p2', 'p3']);
});

test('a point that has become the newest whole one, or the newest proven one, stays; the others go', async () => {
  const { engine, repository, entries, store, plan, execute, ids } = await scene();
  for (const [id, age] of [
    ['p1', 40],
    ['p2', 30],
    ['p3', 20],
    ['p4', 2],
  ] as const)
    await store(id, age);
  const made = await plan({ keep: { last: 1 } });
  // Of the one that was to stay something is lost, and one that was to go is proven.
  const [newest] = (await repository.points()).points;
  await engine.forget([newest?.streams[0]?.id ?? '']);
  const at = new Date().toISOString();
  entries.push({ at, project: 'shop', point: 'p1', kind: 'read-back', ok: true });
  expect(await execute(made)).toMatchObject({ status: 'partially-succeeded' });
  expect(await ids()).toEqual(['p3', 'p1']);
});

test('old strays go, but not those of a point that is being written', async () => {
  const { repository, leave, plan, execute } = await scene();
  await leave('left');
  await leave('at-work');
  const made = await plan({}, { strayAfter: '1h', now: Date.now() + 2 * HOUR });
  const journal = memoryJournal();
  await repository.write({ id: 'at-work' }, async () => {
    expect(await execute(made, journal)).toMatchObject({ status: 'succeeded' });
    return complete;
  });
  expect(await sweptIn(journal)).toEqual({ removed: 1, needed: 0, busy: ['at-work'] });
  expect((await repository.points()).strays.map(({ point }) => point)).toEqual(['at-work']);
});

test('strays whose writer has finished since the plan was made are not strays any more', async () => {
  const { repository, plan, execute, ids } = await scene();
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const writing = repository.write({ id: 'slow' }, async (writer) => {
    await writer.put('a', bytesOf(1, 10));
    await gate;
    return complete;
  });
  while ((await repository.points()).strays.length === 0) await new Promise(setImmediate);
  const made = await plan({}, { strayAfter: '1h', now: Date.now() + 2 * HOUR });
  open();
  await writing;
  const journal = memoryJournal();
  expect(await execute(made, journal)).toMatchObject({ status: 'succeeded' });
  expect(await sweptIn(journal)).toEqual({ removed: 0, needed: 1, busy: [] });
  expect(await ids()).toEqual(['slow']);
});

test('what cannot be seen wholly, or was opened to be read, is left as it is', async () => {
  const { engine, store, plan, execute, ids, streams } = await scene();
  await store('p1', 30);
  await store('p2', 2);
  const made = await plan({ keep: { last: 1 } });
  const reader = await openRepository({ engine, readOnly: true });
  expect(await execute(made, memoryJournal(), reader)).toMatchObject({ status: 'failed' });
  async function* damaged(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{');
  }
  await engine.put('manifest/x', damaged(), { tags: { kind: 'manifest', point: 'x' } });
  expect(await execute(made)).toMatchObject({ status: 'failed' });
  expect(await ids()).toEqual(['p2', 'p1']);
  expect(await streams()).toBe(5);
});

test('killed at every record and every act: what is left is whole, and the next call ends it', async () => {
  const { engine, repository, ledger, store, leave, plan, ids, streams } = await scene();
  const forget = engine.forget.bind(engine);
  const prune = engine.prune.bind(engine);

  async function live(made: Plan, life: Life, records: Records): Promise<Outcome> {
    engine.forget = (gone) => life.leave(() => forget(gone));
    engine.prune = () => life.leave(prune);
    const outcome = await run(made, {
      approved: made.digest,
      implementations: retentionImplementations({ repository, ledger }),
      journal: records.journal(life),
    }).outcome;
    engine.forget = forget;
    engine.prune = prune;
    return outcome;
  }

  async function planned(name: string): Promise<Plan> {
    await store(`a-${name}`, 30);
    await store(`b-${name}`, 20);
    await store(`c-${name}`, 1);
    await leave(`left-${name}`);
    return plan({ keep: { last: 1 } }, { strayAfter: 0, now: Date.now() + 1 });
  }

  // Each one also forgets the point that the one before has kept.
  await store('c-before', 1);
  const calm = new Life();
  expect(await live(await planned('calm'), calm, new Records())).toMatchObject({ status: 'succeeded' });
  // Begin and end; each step is begun, acted, ended; and what is done to the engine.
  expect(calm.traces).toBeGreaterThan(12);
  for (const crash of crashesAt(calm.traces)) {
    const name = `${crash.after}-${crash.trace}`;
    const made = await planned(name);
    const records = new Records();
    const killed = await live(made, new Life(crash), records);
    const { broken } = await repository.points();
    expect(broken).toEqual([]);
    const ended = killed.status === 'succeeded' ? killed : await live(made, new Life(), records);
    expect(ended).toMatchObject({ status: 'succeeded' });
    expect(await ids()).toEqual([`c-${name}`]);
    // Its manifest and its stream, and nothing of any other point.
    expect(await streams()).toBe(2);
  }
});

test('a point that is restored from stays, with its streams, and goes afterwards', async () => {
  const { repository, store, plan, execute, ids, streams } = await scene();
  await store('p1', 30);
  await store('p2', 2);
  const made = await plan({ keep: { last: 1 } });
  const held = await repository.claim('p1');
  expect(await execute(made)).toMatchObject({ status: 'partially-succeeded' });
  expect(await ids()).toEqual(['p2', 'p1']);
  expect(await streams()).toBe(4);
  await held?.release();
  expect(await execute(made)).toMatchObject({ status: 'succeeded' });
  expect(await ids()).toEqual(['p2']);
  expect(await streams()).toBe(2);
});

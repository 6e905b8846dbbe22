import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { freePorts, type Postgres, startPostgres } from '@groundcrew/lab';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { dbosEngine, type DbosEngine, type DbosEngineOptions } from '../src/dbos.ts';
import { definePlan, type Plan } from '../src/index.ts';
import { postgresJournal } from '../src/postgres.ts';
import { Child } from './fixtures/child.ts';
import { pathTo } from './fixtures/path-to.ts';
import { diamond, doomed, lineWriters, linesIn, wrongs } from './fixtures/diamond.ts';

/** Seconds. */
const TTL = 2;

let server: Postgres;
let folder: string;
let pool: pg.Pool;
const engines: DbosEngine[] = [];

/** An engine in this process: one at a time. */
const engineOf = async (name: string, options: Partial<DbosEngineOptions> = {}): Promise<DbosEngine> => {
  const engine = dbosEngine({
    databaseUrl: server.url,
    name,
    implementations: lineWriters(async () => undefined),
    ttl: `${TTL}s`,
    pollEvery: 100,
    ...options,
  });
  engines.push(engine);
  await engine.launch();
  return engine;
};

/** One that starts runs and takes none. */
const clientOf = (name: string): Promise<DbosEngine> => engineOf(name, { works: false });

const workerOf = (name: string, concurrency = 4): Child =>
  new Child('dbos-worker.ts', [server.url, name, String(TTL), folder, String(concurrency)]);

const planIn = (run: string): Plan => diamond(join(folder, run));
const wrongsOf = (run: string): string[] => wrongs(linesIn(join(folder, run)), run);

beforeAll(async () => {
  server = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'groundcrew-dbos-'));
  pool = new pg.Pool({ connectionString: server.url });
  pool.on('error', () => undefined);
}, 600_000);

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.shutdown();
});

afterAll(async () => {
  await pool?.end();
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('started twice is run once; another plan under its id is refused', async () => {
  const engine = await engineOf('once');
  const plan = planIn('once');
  const options = { approved: plan.digest, by: 'ada', run: 'once' };
  const started = await Promise.all([engine.start(plan, options), engine.start(plan, options)]);
  const [first, second] = await Promise.all(started.map(({ outcome }) => outcome));
  expect(first).toMatchObject({ status: 'succeeded', run: 'once', digest: plan.digest });
  expect(second).toEqual(first);
  expect(await (await engine.start(plan, { ...options, again: true })).outcome).toEqual(first);
  expect(wrongsOf('once')).toEqual([]);
  const records = await postgresJournal({ pool, run: 'once' }).read();
  expect(records[0]?.event).toMatchObject({ type: 'run-started', by: 'ada' });
  const other = planIn('other');
  await expect(engine.start(other, { ...options, approved: other.digest })).rejects.toMatchObject({
    code: 'run-taken',
  });
}, 30_000);

test('a run that failed is tried again only by whoever asks for it', async () => {
  const engine = await engineOf('fails');
  const plan = doomed(join(folder, 'fails'));
  const options = { approved: plan.digest, run: 'fails' };
  const failed = await (await engine.start(plan, options)).outcome;
  expect(failed).toMatchObject({ status: 'failed', failures: [{ step: 'x', message: 'it always fails' }] });
  expect(await (await engine.start(plan, options)).outcome).toEqual(failed);
  expect(linesIn(join(folder, 'fails'))).toEqual(['x fails/x 1']);
  const again = await Promise.all([1, 2].map(() => engine.start(plan, { ...options, again: true })));
  for (const { outcome } of again) expect(await outcome).toMatchObject({ status: 'failed' });
  expect(linesIn(join(folder, 'fails'))).toEqual(['x fails/x 1', 'x fails/x 2']);
}, 30_000);

test('a worker that dies after a run has failed, before DBOS knows: it has failed, and is not tried again', async () => {
  const client = await clientOf('failed');
  await using worker = workerOf('failed');
  await worker.hears(/^worker launched$/);
  // run-started, step-started, fails, step-failed, run-ended: there it dies.
  const plan = doomed(join(folder, 'kill-5'));
  const { outcome } = await client.start(plan, { approved: plan.digest, run: 'kill-5' });
  expect(await worker.ended).toBeUndefined();
  expect(worker.said.at(-1)).toBe('kill-5 recorded run-ended');
  await using survivor = workerOf('failed');
  expect(await outcome).toMatchObject({ status: 'failed' });
  expect(linesIn(join(folder, 'kill-5'))).toEqual(['x kill-5/x 1']);
  expect(survivor.said.filter((line) => line.startsWith('kill-5'))).toEqual([]);
}, 30_000);

test('a gate that nobody opens pauses the run; it goes on when asked to', async () => {
  let open = false;
  const engine = await engineOf('gate', { gate: async () => (open ? 'open' : 'wait') });
  const plain = planIn('gate');
  const plan = definePlan({
    id: plain.id,
    title: plain.title,
    steps: plain.steps,
    gates: [{ id: 'half', question: 'Is half of it enough?', before: ['e'] }],
  });
  const options = { approved: plan.digest, run: 'gate' };
  expect(await (await engine.start(plan, options)).outcome).toMatchObject({ status: 'paused', at: ['half'] });
  expect(linesIn(join(folder, 'gate')).length).toBe(4);
  open = true;
  expect(await (await engine.start(plan, options)).outcome).toMatchObject({ status: 'paused' });
  expect(await (await engine.start(plan, { ...options, again: true })).outcome).toMatchObject({
    status: 'succeeded',
  });
  expect(wrongsOf('gate')).toEqual([]);
}, 30_000);

test('what was not approved is refused, and may be started again', async () => {
  const engine = await engineOf('refused');
  const plan = planIn('refused');
  const refused = await engine.start(plan, { approved: 'sha256:0', run: 'refused' });
  expect(await refused.outcome).toMatchObject({ status: 'refused' });
  expect(linesIn(join(folder, 'refused'))).toEqual([]);
  const right = await engine.start(plan, { approved: plan.digest, run: 'refused', again: true });
  expect(await right.outcome).toMatchObject({ status: 'succeeded' });
}, 30_000);

test('a worker that slept through its successor does nothing more with the run, and is of use again', async () => {
  const client = await clientOf('suspended');
  await using suspended = workerOf('suspended');
  await suspended.hears(/^worker launched$/);
  const plan = planIn('wait-z');
  const { outcome } = await client.start(plan, { approved: plan.digest, run: 'wait-z' });
  await suspended.hears(/^wait-z performs a$/);
  suspended.kill('SIGSTOP');
  const since = performance.now();
  await using survivor = workerOf('suspended');
  await survivor.hears(/^wait-z performs a$/);
  console.log(`taken over from a stopped worker after ${((performance.now() - since) / 1000).toFixed(2)} s`);
  const before = suspended.said.length;
  await writeFile(join(folder, 'go'), '');
  // It wakes when the key is known: a target that looks first and writes then cannot tell two at the same moment apart.
  await survivor.hears(/^wait-z performed a$/);
  suspended.kill('SIGCONT');
  expect(await outcome).toMatchObject({ status: 'succeeded' });
  survivor.kill('SIGKILL');
  await survivor.ended;
  const next = planIn('next');
  const last = await client.start(next, { approved: next.digest, run: 'next' });
  expect(await last.outcome).toMatchObject({ status: 'succeeded' });
  expect(wrongsOf('wait-z')).toEqual([]);
  // What it was in the middle of, it may have ended; its action saw that the key was known.
  expect(suspended.said.slice(before).filter((line) => line.startsWith('wait-z'))).toEqual([
    'wait-z performed a',
  ]);
}, 60_000);

test('the database is killed and started again under twenty runs: all succeed, each effect is there once', async () => {
  const client = await clientOf('restart');
  await using one = workerOf('restart');
  await using two = workerOf('restart');
  await Promise.all([one, two].map((worker) => worker.hears(/^worker launched$/)));
  const runs = Array.from({ length: 20 }, (_, at) => `restart-${at}`);
  const started = await Promise.all(
    runs.map((run) => {
      const plan = planIn(run);
      return client.start(plan, { approved: plan.digest, run });
    }),
  );
  // Whichever was quicker: one may have taken all of them.
  await Promise.any([one, two].map((worker) => worker.hears(/^restart-\d+ performed e$/)));
  await server.kill();
  await server.start();
  const since = performance.now();
  const outcomes = await Promise.all(started.map(({ outcome }) => outcome));
  console.log(
    `20 runs ended ${((performance.now() - since) / 1000).toFixed(2)} s after the restart of PostgreSQL`,
  );
  expect(outcomes.map(({ status }) => status)).toEqual(runs.map(() => 'succeeded'));
  for (const run of runs) expect({ run, wrongs: wrongsOf(run) }).toEqual({ run, wrongs: [] });
  expect([one, two].map(({ process }) => process.exitCode)).toEqual([null, null]);
}, 90_000);

test('a worker that is shut down gives its runs away at once, says nothing, and its process ends by itself', async () => {
  const client = await clientOf('leaves');
  await using one = workerOf('leaves');
  await one.hears(/^worker launched$/);
  await rm(join(folder, 'go'), { force: true });
  const plan = planIn('wait-l');
  const { outcome } = await client.start(plan, { approved: plan.digest, run: 'wait-l' });
  await one.hears(/^wait-l performs a$/);
  await using two = workerOf('leaves');
  await two.hears(/^worker launched$/);
  one.kill('SIGTERM');
  await writeFile(join(folder, 'go'), '');
  expect(await one.ended).toBe(0);
  expect(one.said.at(-1)).toBe('worker ended');
  expect(one.errors).toBe('');
  expect(await outcome).toMatchObject({ status: 'succeeded' });
  expect(wrongsOf('wait-l')).toEqual([]);
  expect(two.said).toContain('wait-l recorded run-resumed');
}, 60_000);

test('a run that a living worker took and does not work on is found, and done', async () => {
  const client = await clientOf('stray');
  await using worker = workerOf('stray', 1);
  await worker.hears(/^worker launched$/);
  await rm(join(folder, 'go'), { force: true });
  const busy = planIn('wait-s');
  const first = await client.start(busy, { approved: busy.digest, run: 'wait-s' });
  await worker.hears(/^wait-s performs a$/);
  const plan = planIn('stray');
  const second = await client.start(plan, { approved: plan.digest, run: 'stray' });
  // What a restart of the database leaves between taking a run and being told of it.
  await pool.query(
    `UPDATE dbos.workflow_status SET status = 'PENDING', executor_id =
       (SELECT executor_id FROM dbos.workflow_status WHERE workflow_uuid = 'wait-s')
     WHERE workflow_uuid = 'stray' AND status = 'ENQUEUED'`,
  );
  await writeFile(join(folder, 'go'), '');
  expect(await first.outcome).toMatchObject({ status: 'succeeded' });
  expect(await second.outcome).toMatchObject({ status: 'succeeded' });
  expect(wrongsOf('stray')).toEqual([]);
}, 60_000);

test('whoever cancels the workflow with the tools of DBOS stops the run before its next step', async () => {
  const client = await clientOf('cancel');
  await using worker = workerOf('cancel');
  await worker.hears(/^worker launched$/);
  await rm(join(folder, 'go'), { force: true });
  const plan = planIn('wait-c');
  const { outcome } = await client.start(plan, { approved: plan.digest, run: 'wait-c' });
  await worker.hears(/^wait-c performs a$/);
  await DBOS.cancelWorkflow('wait-c');
  await expect(outcome).rejects.toMatchObject({ code: 'engine', message: /CANCELLED/ });
  await worker.hears(/^wait-c cancels$/);
  await writeFile(join(folder, 'go'), '');
  await worker.hears(/^wait-c recorded run-ended$/);
  expect(linesIn(join(folder, 'wait-c'))).toEqual(['a wait-c/a']);
  const again = await client.start(plan, { approved: plan.digest, run: 'wait-c', again: true });
  expect(await again.outcome).toMatchObject({ status: 'succeeded' });
  expect(wrongsOf('wait-c')).toEqual([]);
}, 60_000);

test('five workers launched at once on a database that holds nothing: all work', async () => {
  await pool.query('CREATE DATABASE fresh');
  const url = server.url.replace(/postgres$/, 'fresh');
  const workers = [1, 2, 3, 4, 5].map(() => new Child('dbos-worker.ts', [url, 'fresh', String(TTL), folder]));
  try {
    await Promise.all(workers.map((worker) => worker.hears(/^worker launched$/)));
  } finally {
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
  }
  expect(workers.map(({ errors }) => errors)).toEqual(['', '', '', '', '']);
}, 60_000);

test('a database that went away, or answers nothing any more: starting a run says so at once', async () => {
  await using path = await pathTo(server.port);
  const engine = await engineOf('cut-off', {
    databaseUrl: server.url.replace(`:${server.port}`, `:${path.port}`),
    works: false,
  });
  const plan = planIn('cut-off');
  const began = async (): Promise<unknown> => {
    const since = performance.now();
    const error = await engine
      .start(plan, { approved: plan.digest, run: 'cut-off' })
      .catch((caught) => caught);
    // The pool would wait for ten seconds, and DBOS for ten more.
    expect(performance.now() - since).toBeLessThan(5_000);
    return error;
  };
  const unreachable = { code: 'engine', message: /^the database of the engine cannot be reached: / };
  path.silence();
  expect(await began()).toMatchObject(unreachable);
  path.cut();
  expect(await began()).toMatchObject(unreachable);
  path.open();
  // Nothing was started: the run is there once it can be.
  const { outcome } = await engine.start(plan, { approved: plan.digest, run: 'cut-off' });
  await engine.shutdown();
  await expect(outcome).rejects.toMatchObject({ code: 'engine' });
}, 60_000);

test('no database, two engines, no launch: said at once, and nothing is left behind', async () => {
  const [port = 0] = await freePorts(1);
  const away = { databaseUrl: `postgresql://postgres@127.0.0.1:${port}/postgres` };
  await expect(engineOf('away', away)).rejects.toMatchObject({ code: 'journal' });
  await expect(engineOf('away', { ...away, works: false })).rejects.toMatchObject({ code: 'journal' });
  const idle = dbosEngine({ databaseUrl: server.url, implementations: [] });
  await expect(idle.start(planIn('x'), { approved: 'x' })).rejects.toMatchObject({ code: 'engine' });
  const engine = await clientOf('first');
  await expect(engineOf('second')).rejects.toMatchObject({ code: 'engine' });
  await expect(engine.launch()).rejects.toMatchObject({ code: 'engine' });
  const plan = planIn('nobody');
  const { outcome } = await engine.start(plan, { approved: plan.digest, run: 'nobody' });
  const since = performance.now();
  await engine.shutdown();
  await expect(outcome).rejects.toMatchObject({ code: 'engine' });
  // Nothing of DBOS asks on, which it would do for ten seconds.
  expect(performance.now() - since).toBeLessThan(9_800);
  // It is still there: whoever comes takes it.
  const worker = await engineOf('first');
  const found = await worker.start(plan, { approved: plan.digest, run: 'nobody' });
  expect(await found.outcome).toMatchObject({ status: 'succeeded' });
}, 60_000);

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Postgres, startPostgres } from '@groundcrew/lab';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dbosEngine, type DbosEngine } from '../src/dbos.ts';
import { postgresJournal } from '../src/postgres.ts';
import { Child } from './fixtures/child.ts';
import { diamond, linesIn, wrongs } from './fixtures/diamond.ts';

/** Seconds. */
const TTL = 2;
const NAME = 'kills';

let server: Postgres;
let folder: string;
let engine: DbosEngine;
let pool: pg.Pool;

beforeAll(async () => {
  server = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'groundcrew-dbos-'));
  pool = new pg.Pool({ connectionString: server.url });
  engine = dbosEngine({
    databaseUrl: server.url,
    name: NAME,
    implementations: [],
    works: false,
    pollEvery: 200,
  });
  await engine.launch();
}, 600_000);

afterAll(async () => {
  await engine?.shutdown();
  await pool?.end();
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** So many workers, each replaced when it dies, until it is disposed of. */
class Fleet implements AsyncDisposable {
  readonly workers: Child[] = [];
  readonly #size: number;
  readonly #concurrency: number;
  #ending = false;

  constructor(size: number, concurrency: number) {
    this.#size = size;
    this.#concurrency = concurrency;
    for (let at = 0; at < size; at += 1) this.#add();
  }

  get deaths(): number {
    return this.workers.length - this.#size;
  }

  #add(): void {
    const worker = new Child('dbos-worker.ts', [
      server.url,
      NAME,
      String(TTL),
      folder,
      String(this.#concurrency),
    ]);
    this.workers.push(worker);
    void this.#succeed(worker);
  }

  async #succeed(worker: Child): Promise<void> {
    await worker.ended;
    if (!this.#ending) this.#add();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    await Promise.all(this.workers.map((worker) => worker[Symbol.asyncDispose]()));
  }
}

/** Starts them all, and checks what each of them left. Seconds that take-overs took, the shortest first. */
async function lived(runs: readonly string[]): Promise<number[]> {
  const outcomes = await Promise.all(
    runs.map(async (run) => {
      const plan = diamond(join(folder, run));
      const { outcome } = await engine.start(plan, { approved: plan.digest, run });
      return outcome;
    }),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(runs.map(() => 'succeeded'));
  const takeovers: number[] = [];
  for (const run of runs) {
    expect({ run, wrongs: wrongs(linesIn(join(folder, run)), run) }).toEqual({ run, wrongs: [] });
    const records = await postgresJournal({ pool, run }).read();
    const tokens = records.map(({ token }) => token);
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
    expect(records.filter(({ event }) => event.type === 'run-ended')).toHaveLength(1);
    const killed = Number(await readFile(join(folder, `${run}.killed`), 'utf8').catch(() => 'NaN'));
    const next = records.find(({ event, at }) => event.type === 'run-resumed' && Date.parse(at) > killed);
    if (next !== undefined) takeovers.push((Date.parse(next.at) - killed) / 1000);
  }
  return takeovers.toSorted((a, b) => a - b);
}

const tell = (what: string, takeovers: readonly number[], since: number): void => {
  const at = (share: number): string =>
    takeovers[Math.floor((takeovers.length - 1) * share)]?.toFixed(2) ?? '?';
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  console.log(
    `${what}, in ${seconds} s; take-over with a ttl of ${TTL} s: shortest ${at(0)} s, median ${at(0.5)} s, ` +
      `longest ${at(1)} s`,
  );
};

test('a worker killed at each boundary of a run is succeeded: nothing is lost, nothing is done twice', async () => {
  await using fleet = new Fleet(3, 1);
  await Promise.all(fleet.workers.map((worker) => worker.hears(/^worker launched$/)));
  // What one life says of a run that nobody kills.
  await lived(['calm']);
  const boundaries = fleet.workers.flatMap(({ said }) =>
    said.filter((line) => line.startsWith('calm ')),
  ).length;
  expect(boundaries).toBe(52);
  const since = performance.now();
  const takeovers = await lived(Array.from({ length: boundaries }, (_, at) => `kill-${at + 1}`));
  tell(`${boundaries} runs of 10 steps, ${fleet.deaths} workers killed`, takeovers, since);
  // Each at its own boundary; whoever was killed after the last one had nothing left to resume.
  expect(fleet.deaths).toBe(boundaries);
  expect(takeovers).toHaveLength(boundaries - 1);
}, 150_000);

test('workers killed anywhere with several runs under way: the same', async () => {
  await using fleet = new Fleet(2, 5);
  const since = performance.now();
  const runs = Array.from({ length: 30 }, (_, at) => `kill-${at + 5}b`);
  const takeovers = await lived(runs);
  tell(`${runs.length} runs of 10 steps, 5 at a time, ${fleet.deaths} workers killed`, takeovers, since);
  expect(fleet.deaths).toBeGreaterThan(3);
}, 150_000);

import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Secret } from '@groundcrew/core';
import { type GaleraCluster, type GaleraClusterNode, startGaleraCluster, waitUntil } from '@groundcrew/lab';
import { fileJournal, memoryJournal, type Plan, type Planned, run } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GaleraAccess } from '../src/components/galera/galera-access.ts';
import { withSafeToBootstrap } from '../src/components/galera/galera-files.ts';
import { galeraImplementations } from '../src/components/galera/galera-implementations.ts';
import type { GaleraNodeState } from '../src/components/galera/galera-state.ts';
import type { GaleraRecoveryOptions } from '../src/components/galera/galera-steps.ts';
import { planGaleraRecovery } from '../src/components/galera/plan-galera-recovery.ts';
import { readGaleraNode } from '../src/components/galera/read-galera-node.ts';

// Three real nodes; the tests are one story, in order, since each node takes seconds to start.
let cluster: GaleraCluster;
let one: GaleraClusterNode;
let two: GaleraClusterNode;
let three: GaleraClusterNode;
let accesses: GaleraAccess[];
let rows = 0;

beforeAll(async () => {
  const began = performance.now();
  cluster = await startGaleraCluster({ nodes: 3 });
  const [first, second, third] = cluster.nodes;
  if (first === undefined || second === undefined || third === undefined) throw new Error('not three nodes');
  [one, two, three] = [first, second, third];
  accesses = cluster.nodes.map(({ name, dataDirectory, commands, ports }) => ({
    host: localHost({ name }),
    dataDirectory,
    commands,
    sql: { host: '127.0.0.1', port: ports.sql, user: cluster.user, password: new Secret(cluster.password) },
  }));
  await one.query('CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY, at TEXT)');
  told('three nodes up', began);
});
afterAll(() => cluster?.stop());

/** What a client was told is committed, and must be there for ever. */
async function order(on: GaleraClusterNode, count = 5): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await on.query(`INSERT INTO shop.orders VALUES (${rows + 1}, '${on.name}')`);
    rows += 1;
  }
}

const ordersOn = async (node: GaleraClusterNode): Promise<number[]> =>
  (await node.query('SET SESSION wsrep_sync_wait = 1; SELECT id FROM shop.orders ORDER BY id')).map(([id]) =>
    Number(id),
  );

const readNodes = (): Promise<GaleraNodeState[]> =>
  Promise.all(accesses.map((access) => readGaleraNode(access, { timeout: 4_000 })));

async function planNow(options: GaleraRecoveryOptions = {}): Promise<Planned> {
  return planGaleraRecovery(await readNodes(), options);
}

function codes(answer: Planned): string[] {
  return answer.ok
    ? ['ok']
    : [...new Set(answer.refusals.map(({ code }) => code))].toSorted((a, b) => a.localeCompare(b));
}

function planOf(answer: Planned): Plan {
  if (!answer.ok) throw new Error(answer.refusals.map(({ reason }) => reason).join('\n'));
  return answer.plan;
}

async function carryOut(plan: Plan): Promise<void> {
  const began = performance.now();
  const execution = run(plan, {
    approved: plan.digest,
    implementations: galeraImplementations(accesses),
    journal: memoryJournal(),
  });
  const outcome = await execution.outcome;
  expect('failures' in outcome ? outcome.failures : []).toEqual([]);
  expect(outcome.status).toBe('succeeded');
  told(plan.title, began);
}

async function expectWhole(): Promise<void> {
  const all = Array.from({ length: rows }, (_, index) => index + 1);
  for (const node of cluster.nodes) {
    expect(await node.status('local_state_comment'), node.name).toBe('Synced');
    expect(await node.status('cluster_status'), node.name).toBe('Primary');
    expect(await node.status('cluster_size'), node.name).toBe('3');
    expect(await ordersOn(node), node.name).toEqual(all);
  }
}

/** In a file that is read beside the results: a test that prints would fail the house's rules. */
const timings: string[] = [];
function told(what: string, began: number): void {
  timings.push(`${what}: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
}
afterAll(() => process.stdout.write(timings.map((line) => `  galera: ${line}\n`).join('')));

test('of a healthy cluster there is nothing to recover', async () => {
  await order(one);
  expect(codes(await planNow())).toEqual(['galera.healthy']);
});

test('a killed node is started as a joiner, and nothing is begun again', async () => {
  await three.kill();
  await order(one);
  await waitUntil(async () => (await one.status('cluster_size')) === '2', {
    within: 60_000,
    what: 'eviction',
  });
  const plan = planOf(await planNow());
  expect(plan.steps.map(({ id }) => id)).toEqual(['join-db-3']);
  await carryOut(plan);
  await expectWhole();
  expect(codes(await planNow())).toEqual(['galera.healthy']);
});

test('a frozen node is let go on, and joins again', async () => {
  two.freeze();
  await waitUntil(async () => (await one.status('cluster_size')) === '2', {
    within: 60_000,
    what: 'eviction',
  });
  await order(one);
  const nodes = await readNodes();
  expect(nodes.map(({ process }) => process)).toEqual(['running', 'frozen', 'running']);
  const plan = planOf(planGaleraRecovery(nodes));
  expect(plan.steps.map(({ id }) => id)).toEqual(['thaw-db-2']);
  await carryOut(plan);
  await expectWhole();
});

test('all down at different commits: the most advanced one is picked, and whatever contradicts it is refused', async () => {
  await three.shutDown();
  await order(one);
  await two.shutDown();
  await order(one);
  await one.kill();
  const began = performance.now();
  const nodes = await readNodes();
  told('three positions recovered', began);
  const seqnos = nodes.map(({ recovered }) => (typeof recovered === 'object' ? recovered.seqno : undefined));
  const [first = 0, second = 0, third = 0] = seqnos;
  expect(third).toBeGreaterThan(0);
  expect(second).toBeGreaterThan(third);
  expect(first).toBeGreaterThan(second);
  expect(planOf(planGaleraRecovery(nodes)).title).toBe('Begin the Galera cluster again with db-1');

  // Galera marks the last one. Somebody marks a node that left before it: alone, and beside the last one.
  const state = join(three.dataDirectory, 'grastate.dat');
  const saved = await readFile(state, 'utf8');
  const last = join(one.dataDirectory, 'grastate.dat');
  const lastSaved = await readFile(last, 'utf8');
  await writeFile(state, withSafeToBootstrap(saved, true));
  await writeFile(last, withSafeToBootstrap(lastSaved, false));
  expect(codes(await planNow())).toEqual(['galera.misleading-safe-to-bootstrap']);
  await writeFile(last, withSafeToBootstrap(lastSaved, true));
  expect(codes(await planNow())).toEqual(['galera.misleading-safe-to-bootstrap', 'galera.two-bootstraps']);
  await writeFile(last, withSafeToBootstrap(lastSaved, false));
  // The fixture of mariadb-operator #1816: an empty node that says it is safe. Written over what is there, so that
  // InnoDB contradicts it, too.
  await writeFile(state, EMPTY_AND_SAFE);
  expect(codes(await planNow())).toContain('galera.misleading-safe-to-bootstrap');
  // A cut file.
  await writeFile(state, saved.slice(0, 60));
  expect(codes(await planNow())).toEqual(['galera.position-unknown']);
  await writeFile(state, saved);
  // Nobody answers for one of them.
  const unreachable = await Promise.all(
    accesses.map((access) =>
      access.host.name === 'db-1'
        ? readGaleraNode({ ...access, host: gone(access.host.name) })
        : readGaleraNode(access),
    ),
  );
  expect(codes(planGaleraRecovery(unreachable))).toEqual(['galera.unseen']);
  expect(codes(await planNow())).toEqual(['ok']);
});

test('an empty node that says it is safe is never begun with', async () => {
  const empty = { ...three, dataDirectory: join(cluster.directory, 'empty') };
  await accesses[0]?.host.run(['install', '-d', '-o', 'mysql', '-g', 'mysql', empty.dataDirectory]);
  await writeFile(join(empty.dataDirectory, 'grastate.dat'), EMPTY_AND_SAFE);
  const [first, second, third] = accesses;
  if (first === undefined || second === undefined || third === undefined) throw new Error('not three nodes');
  const nodes = await Promise.all([
    readGaleraNode(first),
    readGaleraNode(second),
    readGaleraNode({
      ...third,
      dataDirectory: empty.dataDirectory,
      commands: {
        recover: [...three.commands.recover, `--datadir=${empty.dataDirectory}`] as [string, ...string[]],
      },
    }),
  ]);
  const refused = planGaleraRecovery(nodes);
  expect(codes(refused)).toEqual(['galera.misleading-safe-to-bootstrap', 'galera.null-uuid']);
  // Its loss is accepted: then it is the others' highest, and the empty one gets everything.
  const plan = planOf(planGaleraRecovery(nodes, { acceptLoss: ['db-3'] }));
  expect(plan.title).toBe('Begin the Galera cluster again with db-1');
});

test('the recovery survives its runner: killed right after the bootstrap, resumed, nothing begins twice', async () => {
  const plan = planOf(await planNow());
  const began = performance.now();
  const journalPath = join(cluster.directory, 'run.journal');
  const job = join(cluster.directory, 'job.json');
  await writeFile(
    job,
    JSON.stringify({
      plan,
      journal: journalPath,
      password: cluster.password,
      nodes: cluster.nodes.map(({ name, dataDirectory, ports, commands }) => ({
        name,
        dataDirectory,
        port: ports.sql,
        user: cluster.user,
        commands,
      })),
    }),
  );
  const runner = fileURLToPath(new URL('recovery-galera-runner.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@groundcrew/source', runner, job], {
    stdio: 'inherit',
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const journal = fileJournal(journalPath);
  const events = async () => (await journal.read()).map(({ event }) => event);
  const isBegun = async (): Promise<boolean> =>
    (await events()).some((event) => event.type === 'step-started' && event.step === 'bootstrap-db-1');
  // It is there, and the runner does not know yet.
  await waitUntil(async () => one.pid() !== undefined && isBegun(), {
    within: 60_000,
    what: 'the bootstrap',
  });
  child.kill('SIGKILL');
  await ended;
  const left = await events();
  expect(left.some((event) => event.type === 'step-succeeded' && event.step === 'bootstrap-db-1')).toBe(
    false,
  );

  const { outcome } = run(plan, {
    approved: plan.digest,
    implementations: galeraImplementations(accesses),
    journal,
  });
  const result = await outcome;
  expect('failures' in result ? result.failures : []).toEqual([]);
  expect(result.status).toBe('succeeded');
  told('total outage, runner killed and resumed', began);
  await expectWhole();
  const starts = (await readFile(one.errorLog, 'utf8')).match(/Connecting with bootstrap option: \d/g);
  // At the very first, in this recovery, and without it in the restarts: of this recovery, and of the one before.
  expect(starts?.filter((line) => line.endsWith('1'))).toHaveLength(2);
  expect(starts?.at(-1)).toBe('Connecting with bootstrap option: 0');
});

test('all killed at once: equal nodes are refused until somebody says which', async () => {
  await Promise.all(cluster.nodes.map((node) => node.kill()));
  const nodes = await readNodes();
  expect(codes(planGaleraRecovery(nodes))).toEqual(['galera.tie']);
  const plan = planOf(planGaleraRecovery(nodes, { preferred: ['db-2'] }));
  expect(plan.title).toBe('Begin the Galera cluster again with db-2');
  // Meanwhile somebody begins it by hand: the plan that was approved is not carried out any more.
  await writeFile(
    join(three.dataDirectory, 'grastate.dat'),
    withSafeToBootstrap(await readFile(join(three.dataDirectory, 'grastate.dat'), 'utf8'), true),
  );
  await three.start({ bootstrap: true });
  const { outcome } = run(plan, {
    approved: plan.digest,
    implementations: galeraImplementations(accesses),
    journal: memoryJournal(),
  });
  const result = await outcome;
  expect(result.status).toBe('failed');
  expect('failures' in result && result.failures.map(({ code }) => code)).toContain('galera.changed');
  expect(one.pid() ?? two.pid()).toBeUndefined();
  // From here it is a partial failure.
  expect(planOf(await planNow()).steps.map(({ id }) => id)).toEqual(['join-db-1', 'join-db-2']);
});

const EMPTY_AND_SAFE = [
  '# GALERA saved state',
  'version: 2.1',
  'uuid:    00000000-0000-0000-0000-000000000000',
  'seqno:   -1',
  'safe_to_bootstrap: 1',
  '',
].join('\n');

const gone = (name: string) => ({
  ...localHost({ name }),
  run: () => Promise.reject(new Error(`ssh: connect to host ${name}: No route to host`)),
});

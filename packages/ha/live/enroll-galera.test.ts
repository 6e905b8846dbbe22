import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type Daemon,
  ensurePackages,
  freePorts,
  type GaleraCluster,
  type GaleraClusterNode,
  startDaemon,
  startGaleraCluster,
  waitUntil,
} from '@groundcrew/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { activateConfig } from '../src/enroll/enroll-actions.ts';
import { renderConfig } from '../src/enroll/render-config.ts';
import { planEnrollment } from '../src/enroll.ts';
import { catalogue } from '../src/stack.ts';

// A database of three real nodes behind HAProxy, by the configuration that its enrolment plans: one is written to. The
// tests run in order, each on what the one before left.
const run = promisify(execFile);
let cluster: GaleraCluster;
let haproxy: Daemon;
let directory = '';
let sql = 0;
const checks: Server[] = [];
let one: GaleraClusterNode;
let two: GaleraClusterNode;
let three: GaleraClusterNode;

beforeAll(async () => {
  await ensurePackages(['haproxy']);
  directory = await mkdtemp('/run/groundcrew-writer-');
  cluster = await startGaleraCluster({ nodes: 3 });
  const [first, second, third] = cluster.nodes;
  if (first === undefined || second === undefined || third === undefined) throw new Error('not three nodes');
  [one, two, three] = [first, second, third];
  await one.query(
    'CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY, node TEXT); SET GLOBAL wsrep_sync_wait = 0',
  );
  const [outside = 0, check = 0] = await freePorts(2);
  sql = outside;
  for (const node of cluster.nodes) checks.push(await clusterCheck(node, check));
  const file = join(directory, 'haproxy.cfg');
  await writeFile(file, configuration(check));
  haproxy = await startDaemon(['haproxy', '-db', '-f', file], {
    within: 20_000,
    ready: async () => (await write(0)) !== undefined,
  });
}, 600_000);
afterAll(async () => {
  await haproxy?.stop(0);
  for (const check of checks) check.close();
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** What the plan would write to the first balancer. */
function configuration(check: number): string {
  const { mariadb } = catalogue;
  if (mariadb === undefined) throw new Error('it is in the catalogue');
  const absent = { state: 'absent' } as const;
  const hosts = ['lb-1', 'lb-2'];
  const answer = planEnrollment(
    mariadb,
    {
      port: sql,
      tuning: { check: { port: check, expect: '200' } },
      replicas: cluster.nodes.map(({ name, address, ports }) => ({ name, address, port: ports.sql })),
      topology: {
        vip: { address: '127.0.0.1', prefix: 8, routerId: 51 },
        balancers: hosts.map((host, at) => ({
          host,
          address: `127.0.0.${2 + at}`,
          interface: 'lo',
          haproxy: { socket: join(directory, 'haproxy.sock') },
        })),
      },
    },
    {
      balancers: hosts.map((host) => ({ host, haproxy: absent, check: absent, keepalived: absent })),
      settings: {},
    },
  );
  if (!answer.ok) throw new Error(answer.refusals[0].reason);
  const step = answer.plan.steps.find(({ id }) => id === 'activate-haproxy-lb-1');
  return renderConfig('haproxy', activateConfig.input.parse(step?.input).model, {});
}

/** As `clustercheck` answers: 200 while the node may be written to. */
async function clusterCheck(node: GaleraClusterNode, port: number): Promise<Server> {
  const server = createServer((_, response) => {
    void node
      .status('local_state_comment')
      .catch(() => undefined)
      .then((state) => response.writeHead(state === 'Synced' ? 200 : 503).end(`${state ?? 'no answer'}\n`));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, node.address, resolve);
  });
  return server;
}

const client = (statement: string): Promise<string> =>
  run(
    'mariadb',
    [
      '--no-defaults',
      '-N',
      '-B',
      '--host=127.0.0.1',
      `--port=${sql}`,
      `--user=${cluster.user}`,
      '--connect-timeout=2',
      '-e',
      statement,
    ],
    { timeout: 10_000, env: { ...process.env, MYSQL_PWD: cluster.password } },
  ).then(({ stdout }) => stdout.trim());

/** Through the balancer; the node that took it, or `undefined`. */
async function write(id: number): Promise<string | undefined> {
  const statement = `INSERT INTO shop.orders VALUES (${id}, @@wsrep_node_name); SELECT @@wsrep_node_name`;
  return client(statement).catch(() => undefined);
}

const taken: { readonly id: number; readonly node: string; readonly at: number }[] = [];
let next = 1;

/** Writes one after the other until so many were taken since. */
async function writes(count: number): Promise<readonly (typeof taken)[number][]> {
  const from = taken.length;
  await waitUntil(
    async () => {
      const id = next;
      next += 1;
      const node = await write(id);
      if (node !== undefined) taken.push({ id, node, at: performance.now() });
      return taken.length - from >= count;
    },
    { within: 60_000, what: `${count} writes` },
  );
  return taken.slice(from);
}

/** What somebody was told is written is there for ever. */
async function nothingIsLost(on: GaleraClusterNode): Promise<void> {
  const rows = await on.query('SET SESSION wsrep_sync_wait = 1; SELECT id FROM shop.orders');
  const there = new Set(rows.map(([id]) => Number(id)));
  expect(taken.filter(({ id }) => !there.has(id))).toEqual([]);
}

const nodesOf = (some: readonly { readonly node: string }[]): string[] => [
  ...new Set(some.map(({ node }) => node)),
];

test('one of three is written to', async () => {
  expect(nodesOf(await writes(20))).toEqual(['db-1']);
});

test('it is killed: the next one is written to, and what was taken is there', async () => {
  const last = taken.at(-1)?.at ?? 0;
  await one.kill();
  const since = await writes(10);
  expect(nodesOf(since)).toEqual(['db-2']);
  console.log(`the writer was killed: written to the next one after ${seconds((since[0]?.at ?? 0) - last)}`);
  await nothingIsLost(three);
});

test('it is back: it is written to again, and nobody goes on writing to the other', async () => {
  const session = client('SELECT SLEEP(60)').then(
    () => 'slept',
    () => 'cut off',
  );
  await waitUntil(
    async () =>
      (await two.query("SELECT id FROM information_schema.processlist WHERE info = 'SELECT SLEEP(60)'"))
        .length === 1,
    { within: 20_000, what: 'a session on the other' },
  );
  await one.start();
  await waitUntil(async () => nodesOf(await writes(1))[0] === 'db-1', { within: 30_000, what: 'the first' });
  expect(await session).toBe('cut off');
  expect(nodesOf(await writes(5))).toEqual(['db-1']);
});

test('it is frozen: the next one is written to; it goes on, and lacks nothing', async () => {
  const last = taken.at(-1)?.at ?? 0;
  one.freeze();
  const since = await writes(5);
  expect(nodesOf(since)).toEqual(['db-2']);
  console.log(`the writer was frozen: written to the next one after ${seconds((since[0]?.at ?? 0) - last)}`);
  one.thaw();
  // Until it hears that it was put out, it believes to be Synced.
  await waitUntil(
    async () =>
      (await two.status('cluster_size')) === '3' && (await one.status('local_state_comment')) === 'Synced',
    { within: 60_000, what: 'it to be back' },
  );
  await nothingIsLost(one);
});

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

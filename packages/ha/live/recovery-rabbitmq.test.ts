import { readFileSync } from 'node:fs';
import { type RabbitCluster, type RabbitClusterNode, startRabbitCluster, waitUntil } from '@groundcrew/lab';
import { Secret } from '@groundcrew/core';
import { memoryJournal, type Plan, type Planned, run } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planRabbitRecovery } from '../src/components/rabbitmq/plan-rabbit-recovery.ts';
import type { RabbitRecoveryOptions } from '../src/components/rabbitmq/rabbit-steps.ts';
import { planRabbitRestart } from '../src/components/rabbitmq/plan-rabbit-restart.ts';
import type { RabbitAccess } from '../src/components/rabbitmq/rabbit-access.ts';
import { rabbitImplementations } from '../src/components/rabbitmq/rabbit-implementations.ts';
import { sidesOf } from '../src/components/rabbitmq/rabbit-sides.ts';
import { answers, type RabbitNodeState, tellsPartitions } from '../src/components/rabbitmq/rabbit-state.ts';
import { readRabbitNode } from '../src/components/rabbitmq/read-rabbit-node.ts';

// Three real nodes; the tests are one story, in order. `ignore` lets both sides of a partition go on: the case in which
// somebody must choose.
let cluster: RabbitCluster;
let one: RabbitClusterNode;
let two: RabbitClusterNode;
let three: RabbitClusterNode;
let accesses: RabbitAccess[];
let published = 0;
const timings: string[] = [];

beforeAll(async () => {
  const began = performance.now();
  cluster = await startRabbitCluster({ nodes: 3, partitions: 'ignore' });
  const [first, second, third] = cluster.nodes;
  if (first === undefined || second === undefined || third === undefined) throw new Error('not three nodes');
  [one, two, three] = [first, second, third];
  accesses = cluster.nodes.map(({ name, dataDirectory, commands, ports }) => ({
    host: localHost({ name }),
    node: name,
    dataDirectory,
    commands,
    management: {
      url: `http://127.0.0.1:${ports.management}`,
      user: cluster.user,
      password: new Secret(cluster.password),
    },
  }));
  told('three nodes up', began);
  await one.api('queues/%2F/orders', {
    method: 'PUT',
    body: { durable: true, arguments: { 'x-queue-type': 'quorum' } },
  });
  await allOnline();
});
afterAll(async () => {
  process.stdout.write(timings.map((line) => `  rabbitmq: ${line}\n`).join(''));
  await cluster?.stop();
});

function told(what: string, began: number): void {
  timings.push(`${what}: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
}

/** Publishes through one node; what was routed to a quorum queue is kept by a majority. */
async function publish(on: RabbitClusterNode, count = 5): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await on.api('exchanges/%2F/amq.default/publish', {
      method: 'POST',
      body: {
        properties: { delivery_mode: 2 },
        routing_key: 'orders',
        payload: String(published + 1),
        payload_encoding: 'string',
      },
    });
    published += 1;
  }
}

/** What is in the queue, all of it, put back afterwards. */
async function messages(on: RabbitClusterNode): Promise<number[]> {
  const got = await on.api('queues/%2F/orders/get', {
    method: 'POST',
    body: { count: 1_000, ackmode: 'ack_requeue_true', encoding: 'auto' },
  });
  if (!Array.isArray(got)) throw new Error('no list');
  return got
    .map((message: { readonly payload: string }) => Number(message.payload))
    .toSorted((a, b) => a - b);
}

const all = (): number[] => Array.from({ length: published }, (_, index) => index + 1);

const readNodes = (): Promise<RabbitNodeState[]> =>
  Promise.all(accesses.map((access) => readRabbitNode(access, { timeout: 5_000 })));

const ordersIn = (node: RabbitNodeState) =>
  typeof node.view === 'object' ? node.view.queues?.find(({ name }) => name === 'orders') : undefined;

const allOnline = (): Promise<void> =>
  waitUntil(async () => (await readNodes()).every((node) => ordersIn(node)?.online?.length === 3), {
    within: 60_000,
    what: 'three members online',
  });

const onlineBy = (count: number): Promise<void> =>
  waitUntil(
    async () => {
      const queue = await one.api('queues/%2F/orders?disable_stats=true').catch(() => undefined);
      return (queue as { readonly online?: readonly string[] } | undefined)?.online?.length === count;
    },
    { within: 90_000, what: `${count} members online` },
  );

/** All nodes, when those that answer tell their partitions: their statistics come some seconds after their start. */
async function readWhole(): Promise<RabbitNodeState[]> {
  let read: RabbitNodeState[] = [];
  await waitUntil(
    async () => {
      read = await readNodes();
      return read.every((node) => !answers(node) || tellsPartitions(node));
    },
    { within: 60_000, what: 'whoever answers to tell its partitions' },
  );
  return read;
}

async function planNow(options: RabbitRecoveryOptions = {}): Promise<Planned> {
  return planRabbitRecovery(await readWhole(), options);
}

const codes = (answer: Planned): string[] =>
  answer.ok
    ? ['ok']
    : [...new Set(answer.refusals.map(({ code }) => code))].toSorted((a, b) => a.localeCompare(b));

function planOf(answer: Planned): Plan {
  if (!answer.ok) throw new Error(answer.refusals.map(({ reason }) => reason).join('\n'));
  return answer.plan;
}

async function carryOut(plan: Plan): Promise<void> {
  const began = performance.now();
  const { outcome } = run(plan, {
    approved: plan.digest,
    implementations: rabbitImplementations(accesses, { timeout: 5_000 }),
    journal: memoryJournal(),
  });
  const result = await outcome;
  if ('failures' in result && result.failures.length > 0)
    for (const { name, log } of cluster.nodes)
      console.log(`${name}:\n${readFileSync(log, 'utf8').slice(-6_000)}`);
  expect('failures' in result ? result.failures : []).toEqual([]);
  expect(result.status).toBe('succeeded');
  told(plan.title, began);
}

test('a killed node: messages survive, the next one may not stop, and the plan starts it again', async () => {
  await publish(one);
  expect(codes(await planNow())).toEqual(['rabbitmq.healthy']);
  await three.kill();
  await publish(two);
  await onlineBy(2);
  const nodes = await readNodes();
  expect(nodes[2]).toMatchObject({ process: 'none', view: 'none' });
  // The real thing agrees: its own check fails.
  await expect(one.api('health/checks/node-is-quorum-critical')).rejects.toThrow(/503/);
  const restart = planRabbitRestart(nodes, { restart: [one.name] });
  expect(codes(restart)).toEqual(['rabbitmq.quorum-critical']);
  expect(restart.ok ? '' : restart.refusals.map(({ reason }) => reason).join()).toContain('orders in /');
  // A node that is gone for good may be forgotten; two may not.
  expect(codes(planRabbitRecovery(nodes, { forget: [three.name] }))).toEqual(['ok']);

  const plan = planOf(planRabbitRecovery(nodes));
  expect(plan.steps.map(({ id }) => id)).toEqual([`start-${three.name}`]);
  await carryOut(plan);
  await allOnline();
  expect(await messages(three)).toEqual(all());
});

test('a node restarts when no queue needs it', async () => {
  await carryOut(planOf(planRabbitRestart(await readWhole(), { restart: [two.name] })));
  expect(codes(await planNow())).toEqual(['rabbitmq.healthy']);
  expect(await messages(two)).toEqual(all());
});

test('parted nodes: no plan while the network is cut, then the majority is kept', async () => {
  await three.isolate();
  await waitUntil(async () => sidesOf(await readNodes()).sides.length === 2, {
    within: 60_000,
    what: 'two sides',
  });
  expect(codes(await planNow())).toEqual(['rabbitmq.still-partitioned']);
  await publish(one);
  await three.heal();
  await waitUntil(async () => sidesOf(await readNodes()).recorded, {
    within: 90_000,
    what: 'the partition on record',
  });
  const nodes = await readNodes();
  const plan = planOf(planRabbitRecovery(nodes));
  expect(plan.steps.map(({ id }) => id)).toEqual([`stop-${three.name}`, `start-${three.name}`]);
  // Somebody may choose the other side; half a side is none.
  expect(codes(planRabbitRecovery(nodes, { keep: [three.name] }))).toEqual(['ok']);
  expect(codes(planRabbitRecovery(nodes, { keep: [one.name] }))).toEqual(['rabbitmq.not-a-side']);
  await carryOut(plan);
  await allOnline();
  expect(await messages(three)).toEqual(all());
});

test('a frozen node is ended and started, since one that goes on would be parted', async () => {
  three.freeze();
  // Until they have put it out, the others' management waits for it, too.
  let answer = await planNow();
  await waitUntil(async () => (answer = await planNow()).ok, { within: 90_000, what: 'a plan' });
  const plan = planOf(answer);
  expect(plan.steps.map(({ id }) => id)).toEqual([`kill-${three.name}`, `start-${three.name}`]);
  await carryOut(plan);
  await allOnline();
});

test('all down: all start together; what stopped last is known, and without it nothing is forced', async () => {
  await three.shutDown();
  await publish(one);
  await Promise.all([one.kill(), two.kill()]);
  const nodes = await readNodes();
  expect(nodes.map(({ lastRunning }) => lastRunning)).toEqual([
    [one.name, two.name],
    [one.name, two.name],
    [one.name, two.name, three.name],
  ]);
  // Killed at once, so that neither is the last; with one of them lost the other is.
  expect(codes(planRabbitRecovery(nodes, { forget: [three.name] }))).toEqual([
    'rabbitmq.last-stopped-unknown',
  ]);
  const forced = planOf(planRabbitRecovery(nodes, { forget: [two.name] }));
  expect(forced.steps[0]?.id).toBe(`force-boot-${one.name}`);

  await carryOut(planOf(planRabbitRecovery(nodes)));
  await allOnline();
  expect(await messages(three)).toEqual(all());
  expect(codes(await planNow())).toEqual(['rabbitmq.healthy']);
});

test('a lost node is forgotten, the last one is forced to start, and no queue is given up silently', async () => {
  await three.kill();
  await onlineBy(2);
  await carryOut(planOf(await planNow({ forget: [three.name] })));
  const left = accesses.slice(0, 2);
  const readLeft = () => Promise.all(left.map((access) => readRabbitNode(access, { timeout: 5_000 })));
  expect(codes(planRabbitRecovery(await readLeft()))).toEqual(['rabbitmq.healthy']);

  // The other one stops, then the last one, and only the former comes back.
  await two.shutDown();
  await one.shutDown();
  const plan = planOf(planRabbitRecovery(await readLeft(), { forget: [one.name] }));
  expect(plan.steps.map(({ id }) => id)).toEqual([
    `force-boot-${two.name}`,
    `start-${two.name}`,
    `forget-${one.name}`,
  ]);
  const { outcome } = run(plan, {
    approved: plan.digest,
    implementations: rabbitImplementations(left, { timeout: 5_000 }),
    journal: memoryJournal(),
  });
  const result = await outcome;
  // It runs. One of two copies is no majority: the queue would be lost with the node that is to be forgotten.
  expect('failures' in result ? result.failures.map(({ step, code }) => [step, code]) : []).toEqual([
    [`forget-${one.name}`, 'rabbitmq.queue-lost-quorum'],
  ]);
  expect((await readLeft())[1]?.application).toBe('running');
});

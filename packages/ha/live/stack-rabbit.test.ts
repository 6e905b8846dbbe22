import { Secret } from '@groundcrew/core';
import {
  type RabbitCluster as LabCluster,
  type RabbitClusterNode,
  startRabbitCluster,
  waitUntil,
} from '@groundcrew/lab';
import type { Finding } from '@groundcrew/runbook';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  assessStack,
  emptySnapshot,
  observeRabbit,
  type RabbitCluster,
  type Seen,
  unsafeNow,
} from '../src/stack.ts';

let cluster: LabCluster | undefined;

beforeAll(async () => {
  cluster = await startRabbitCluster({ nodes: 3, partitions: 'ignore' });
  const kind = { 'x-queue-type': 'quorum', 'x-quorum-initial-group-size': 3 };
  await nodeAt(0).api('queues/%2F/important', {
    method: 'PUT',
    body: { durable: true, arguments: kind },
  });
  await nodeAt(0).api('queues/%2F/careless', { method: 'PUT', body: { durable: true } });
});
afterAll(() => cluster?.stop());

const nodes = (): readonly RabbitClusterNode[] => cluster?.nodes ?? [];
function nodeAt(index: number): RabbitClusterNode {
  const node = nodes()[index];
  if (node === undefined) throw new Error(`no node ${index}`);
  return node;
}
const look = (these = nodes()): Promise<Seen<RabbitCluster>[]> =>
  Promise.all(
    these.map((node) =>
      observeRabbit(
        {
          url: `http://127.0.0.1:${node.ports.management}`,
          user: cluster?.user ?? '',
          password: new Secret(cluster?.password ?? ''),
        },
        { timeout: 15_000 },
      ),
    ),
  );
const judge = (rabbit: readonly Seen<RabbitCluster>[]): Finding[] =>
  assessStack({ ...emptySnapshot, rabbit }, { machineOf: (address) => address });
const verdicts = (rabbit: readonly Seen<RabbitCluster>[], id: string): string[] =>
  judge(rabbit)
    .filter((finding) => finding.id === id)
    .map((finding) => finding.verdict);
const codes = (rabbit: readonly Seen<RabbitCluster>[], move: string): string[] =>
  unsafeNow('rabbitmq', { ...emptySnapshot, rabbit }, { move }).map((refusal) => refusal.code);

describe('RabbitMQ, three nodes', () => {
  test('whole: three that see each other, a queue on each of them, and one on a single node', async () => {
    await waitUntil(
      async () =>
        (await look()).every(
          (observed) =>
            observed.value?.nodes.filter((node) => node.running && node.partitions !== undefined).length ===
              3 && observed.value.quorumCritical?.ok === true,
        ),
      { within: 60_000, what: 'all to be known to all' },
    );
    const seen = await look();
    expect(seen.map((observed) => observed.completeness)).toEqual(['complete', 'complete', 'complete']);
    expect(new Set(seen.map((observed) => observed.value?.node))).toEqual(
      new Set(nodes().map((node) => node.name)),
    );
    const important = seen[0]?.value?.queues?.find((queue) => queue.name === 'important');
    expect(important).toMatchObject({ type: 'quorum', durable: true });
    expect(important?.members?.toSorted()).toEqual(
      nodes()
        .map((node) => node.name)
        .toSorted(),
    );
    expect(important?.online?.toSorted()).toEqual(important?.members?.toSorted());
    expect(important?.members).toContain(important?.leader);
    expect(verdicts(seen, 'rabbitmq.split-brain')).toEqual(['pass']);
    expect(verdicts(seen, 'rabbitmq.quorum-margin')).toEqual(['pass']);
    expect(verdicts(seen, 'rabbitmq.quorum-queues')).toEqual(['pass']);
    expect(judge(seen).find((finding) => finding.id === 'rabbitmq.classic-queues')).toMatchObject({
      verdict: 'fail',
      because: [{ statement: expect.stringContaining('//careless') }],
    });
    expect(verdicts(seen, 'stack.single-point-of-failure')).toEqual(['pass']);
    expect(codes(seen, 'restart')).toEqual([]);
  });

  test('an alarm, raised and gone', async () => {
    await nodeAt(1).ctl('set_vm_memory_high_watermark', '0.0001');
    await waitUntil(async () => verdicts(await look(), 'rabbitmq.alarms').includes('fail'), {
      within: 60_000,
      what: 'the alarm',
    });
    const raised = (await look([nodeAt(1)]))[0]?.value;
    expect(raised?.alarms).toMatchObject({ ok: false });
    await nodeAt(1).ctl('set_vm_memory_high_watermark', '0.4');
    await waitUntil(
      async () => verdicts(await look(), 'rabbitmq.alarms').every((verdict) => verdict === 'pass'),
      {
        within: 60_000,
        what: 'the alarm to end',
      },
    );
  });

  test('one killed: the others are critical, by RabbitMQ’s own check and by ours', async () => {
    await nodeAt(2).kill();
    const rest = nodes().slice(0, 2);
    await waitUntil(
      async () =>
        (await look(rest)).every(
          (observed) =>
            observed.value?.quorumCritical?.ok === false &&
            observed.value.nodes.filter((node) => node.running).length === 2,
        ),
      { within: 90_000, what: 'the loss to be seen' },
    );
    const seen = await look();
    expect(seen[2]).toMatchObject({ completeness: 'failed', value: undefined });
    expect(verdicts(seen, 'rabbitmq.split-brain')).toEqual(['unknown']);
    expect(verdicts(seen, 'rabbitmq.quorum-margin')).toEqual(['fail']);
    expect(verdicts(seen, 'rabbitmq.quorum-queues')).toEqual(['fail']);
    const refused = codes(seen, 'restart');
    expect(refused.filter((code) => code === 'rabbitmq.quorum-critical')).toHaveLength(2);
    expect(refused).toEqual(expect.arrayContaining(['rabbitmq.unseen', 'rabbitmq.no-margin']));
  });

  test('parted: while it lasts by those who miss each other, afterwards by what is left of it', async () => {
    await nodeAt(2).start();
    const whole = async (): Promise<boolean> =>
      (await look()).every((observed) => observed.value?.nodes.filter((node) => node.running).length === 3);
    await waitUntil(whole, { within: 90_000, what: 'the third to be back' });
    await nodeAt(2).isolate();
    const parted = async (): Promise<boolean> =>
      verdicts(await look(), 'rabbitmq.split-brain').includes('fail');
    await waitUntil(parted, { within: 120_000, what: 'the partition' });
    await nodeAt(2).heal();
    // RabbitMQ does not join them again by itself: it lists who was lost.
    const listed = async (): Promise<boolean> => codes(await look(), 'bootstrap').includes('rabbitmq.parted');
    await waitUntil(listed, { within: 120_000, what: 'the partition to be told' });
    expect(verdicts(await look(), 'rabbitmq.split-brain')).toEqual(['fail']);
    expect(codes(await look(), 'restart')).toContain('rabbitmq.parted');
  });
});

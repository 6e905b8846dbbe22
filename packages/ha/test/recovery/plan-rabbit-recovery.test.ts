import type { Planned, Refusal } from '@groundcrew/runbook';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planRabbitRecovery } from '../../src/components/rabbitmq/plan-rabbit-recovery.ts';
import type { RabbitRecoveryOptions } from '../../src/components/rabbitmq/rabbit-steps.ts';
import { planRabbitRestart } from '../../src/components/rabbitmq/plan-rabbit-restart.ts';
import { sidesOf } from '../../src/components/rabbitmq/rabbit-sides.ts';
import { answers, type RabbitNodeState } from '../../src/components/rabbitmq/rabbit-state.ts';
import { anyRabbit, down, quorumQueue, up } from './rabbit-nodes.ts';

const of = ['a', 'b', 'c'];
const codes = (answer: Planned): string[] => (answer.ok ? [] : answer.refusals.map(({ code }) => code));
const ids = (answer: Planned): string[] =>
  answer.ok ? answer.plan.steps.map(({ id }) => id) : codes(answer);
const plan = (nodes: readonly RabbitNodeState[], options?: RabbitRecoveryOptions) =>
  planRabbitRecovery(nodes, options);

const whole = of.map((node) => up(node, { sees: of, of }));
const [a, b, c] = whole as [RabbitNodeState, RabbitNodeState, RabbitNodeState];
/** a and b are together, and c was alone. */
const parted = [
  up('a', { sees: ['a', 'b'], of, partedFrom: ['c'] }),
  up('b', { sees: ['a', 'b'], of, partedFrom: ['c'] }),
  up('c', { sees: ['c'], of, partedFrom: ['a', 'b'] }),
];

describe('parted nodes', () => {
  test('the majority is kept: the others stop, all of them, and then start', () => {
    expect(ids(plan(parted))).toEqual(['stop-c', 'start-c']);
    const five = ['a', 'b', 'c', 'd', 'e'];
    const split = five.map((node) => {
      const side = 'abc'.includes(node) ? ['a', 'b', 'c'] : ['d', 'e'];
      return up(node, { sees: side, of: five, partedFrom: five.filter((name) => !side.includes(name)) });
    });
    const answer = plan(split);
    expect(ids(answer)).toEqual(['stop-d', 'stop-e', 'start-d', 'start-e']);
    expect(answer.ok && answer.plan.steps.find(({ id }) => id === 'start-d')?.needs).toEqual([
      'stop-d',
      'stop-e',
    ]);
  });

  test('between equals nothing is guessed; the caller names one whole side', () => {
    const four = ['a', 'b', 'c', 'd'];
    const split = four.map((node) => {
      const side = 'ab'.includes(node) ? ['a', 'b'] : ['c', 'd'];
      return up(node, { sees: side, of: four, partedFrom: four.filter((name) => !side.includes(name)) });
    });
    expect(codes(plan(split))).toEqual(['rabbitmq.no-majority']);
    expect(ids(plan(split, { keep: ['d', 'c'] }))).toEqual(['stop-a', 'stop-b', 'start-a', 'start-b']);
    expect(codes(plan(split, { keep: ['c'] }))).toEqual(['rabbitmq.not-a-side']);
    expect(codes(plan(split, { keep: ['z'] }))).toEqual(['rabbitmq.unknown-node']);
  });

  test('a majority of those that are seen is none of all', () => {
    const two = [
      up('a', { sees: ['a'], of, partedFrom: ['b'] }),
      up('b', { sees: ['b'], of, partedFrom: ['a'] }),
      down('c', of, of),
    ];
    expect(codes(plan(two))).toEqual(['rabbitmq.no-majority']);
    expect(ids(plan(two, { keep: ['a'] }))).toEqual(['stop-b', 'start-b', 'start-c']);
  });

  test('while the network is cut, nothing is restarted', () => {
    const cut = [
      up('a', { sees: ['a', 'b'], of }),
      up('b', { sees: ['a', 'b'], of }),
      up('c', { sees: ['c'], of }),
    ];
    expect(codes(plan(cut))).toEqual(['rabbitmq.still-partitioned']);
  });
});

describe('nodes that are down', () => {
  test('start one by one; a frozen one is ended first', () => {
    expect(ids(plan([up('a', { sees: ['a'], of }), down('b', of, of), down('c', of, of)]))).toEqual([
      'start-b',
      'start-c',
    ]);
    const frozen = down('c', of, of, { process: 'frozen', view: 'unknown', application: 'unknown' });
    const together = ['a', 'b'].map((node) => up(node, { sees: ['a', 'b'], of }));
    expect(ids(plan([...together, frozen]))).toEqual(['kill-c', 'start-c']);
  });

  test('all of them start together, and nothing is forced', () => {
    const answer = plan([down('a', ['a'], of), down('b', ['a', 'b'], of), down('c', of, of)]);
    expect(ids(answer)).toEqual(['start-a', 'start-b', 'start-c']);
    expect(answer.ok && answer.plan.concurrency.groups['rabbitmq-together']).toBe(3);
    // One that paused, because it saw a minority, waits for the others.
    expect(
      ids(
        plan([
          down('a', ['a'], of, { process: 'running', view: 'unknown' }),
          down('b', of, of),
          down('c', of, of),
        ]),
      ),
    ).toEqual(['start-a', 'start-b', 'start-c']);
  });

  test('one is forced to start only if what it waits for is given up, and nobody else stopped later', () => {
    const left = [down('a', ['a', 'c'], of), down('b', ['a', 'b', 'c'], of), down('c', ['c'], of)];
    expect(ids(plan(left, { forget: ['c'] }))).toEqual(['force-boot-a', 'start-a', 'start-b', 'forget-c']);
    const last = [down('a', ['a'], of), down('b', ['a', 'b'], of), down('c', of, of)];
    expect(ids(plan(last, { forget: ['c'] }))).toEqual(['start-a', 'start-b', 'forget-c']);
    const atOnce = of.map((node) => down(node, of, of));
    expect(codes(plan(atOnce, { forget: ['c'] }))).toEqual(['rabbitmq.last-stopped-unknown']);
    expect(ids(plan(atOnce, { forget: ['c'], lastStopped: 'b' }))).toEqual([
      'force-boot-b',
      'start-b',
      'start-a',
      'forget-c',
    ]);
    const unread = [down('a', ['a'], of), down('b', 'unknown', of), down('c', of, of)];
    expect(codes(plan(unread, { forget: ['c'] }))).toEqual(['rabbitmq.last-stopped-unknown']);
  });

  test('a node whose queues have no majority without it is not forgotten', () => {
    const queues = [quorumQueue('orders', of), quorumQueue('alone', ['b', 'c'], ['b'])];
    const nodes = ['a', 'b'].map((node) => up(node, { sees: ['a', 'b'], of, queues }));
    const answer = plan([...nodes, down('c', of, of)], { forget: ['c'] });
    expect(codes(answer)).toEqual(['rabbitmq.queue-lost-quorum']);
    expect(answer.ok ? '' : answer.refusals[0].reason).toContain('alone in /');
    expect(answer.ok ? '' : answer.refusals[0].reason).not.toContain('orders');
    const unlisted = ['a', 'b'].map((node) => ({ ...up(node, { sees: ['a', 'b'], of }) }));
    const blind = unlisted.map((node) => ({
      ...node,
      view: { ...(node.view as object), queues: undefined } as never,
    }));
    expect(codes(plan([...blind, down('c', of, of)], { forget: ['c'] }))).toEqual(['rabbitmq.unseen']);
  });

  test.each<[string, RabbitNodeState[], RabbitRecoveryOptions, string[]]>([
    ['no node', [], {}, ['rabbitmq.not-a-cluster']],
    ['all well', whole, {}, ['rabbitmq.healthy']],
    [
      'a node that was not seen',
      [a, b, down('c', 'unknown', of, { process: 'unknown', view: 'unknown' })],
      {},
      ['rabbitmq.unseen'],
    ],
    ['a member that was not given', [a, b], {}, ['rabbitmq.member-missing']],
    [
      'a node that hangs',
      [a, b, down('c', of, of, { process: 'running', view: 'unknown', application: 'unknown' })],
      {},
      ['rabbitmq.unseen'],
    ],
    [
      'a paused node',
      [a, b, down('c', of, of, { process: 'running', view: 'unknown' })],
      {},
      ['rabbitmq.paused'],
    ],
    [
      'a frozen node of none that serve',
      of.map((node) => down(node, of, of, node === 'a' ? { process: 'frozen' } : {})),
      {},
      ['rabbitmq.frozen'],
    ],
    ['forgetting a node that runs', [a, b, c], { forget: ['c'] }, ['rabbitmq.still-running']],
    ['forgetting all', whole, { forget: of }, ['rabbitmq.not-a-cluster']],
  ])('%s is refused', (_, nodes, options, expected) => {
    expect(codes(plan(nodes, options))).toEqual(expected);
  });
});

describe('a restart', () => {
  test('goes from node to node, each after the one before has succeeded', () => {
    const answer = planRabbitRestart(whole);
    expect(ids(answer)).toEqual(['restart-a', 'restart-b', 'restart-c']);
    expect(answer.ok && answer.plan.steps[2]?.needs).toEqual(['restart-b']);
  });

  const queues = [quorumQueue('orders', of, ['a', 'b'])];
  test.each<[string, RabbitNodeState[], string[], string[]]>([
    [
      'a queue that needs the node',
      of.map((node) => up(node, { sees: of, of, queues })),
      ['a'],
      ['rabbitmq.quorum-critical'],
    ],
    [
      'a node that says that it is needed',
      [up('a', { sees: of, of, critical: true }), b, c],
      ['a'],
      ['rabbitmq.quorum-critical'],
    ],
    [
      'another node that is down',
      [...['a', 'b'].map((node) => up(node, { sees: ['a', 'b'], of })), down('c', of, of)],
      ['a'],
      ['rabbitmq.quorum-critical'],
    ],
    ['an alarm', [a, up('b', { sees: of, of, alarm: true }), c], ['a'], ['rabbitmq.alarm']],
    ['a partition', parted, ['a'], ['rabbitmq.still-partitioned']],
    ['a node that is not there', whole, ['z'], ['rabbitmq.unknown-node']],
    ['no node', whole, [], ['rabbitmq.not-a-cluster']],
  ])('%s is refused', (_, nodes, restart, expected) => {
    expect(codes(planRabbitRestart(nodes, { restart }))).toEqual(expected);
  });

  test('a node that does not need the queue may go', () => {
    const nodes = of.map((node) => up(node, { sees: of, of, queues }));
    expect(ids(planRabbitRestart(nodes, { restart: ['c'] }))).toEqual(['restart-c']);
  });
});

test('whatever is read: a plan or a reason; the larger side lives; nothing is forced that waits for somebody', () => {
  const made = { plans: 0, reunions: 0, forced: 0 };
  const lastOnes = fc.subarray(of).map((names) => [...names]);
  const cluster = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(...of.map((node) => anyRabbit(node, of))) },
    { weight: 1, arbitrary: fc.tuple(...of.map((node) => lastOnes.map((last) => down(node, last, of)))) },
  );
  const options = fc.record({ forget: fc.oneof(fc.constant<string[]>([]), fc.subarray(of)) });
  fc.assert(
    fc.property(cluster, options, (nodes, chosen) => {
      const answer = plan(nodes, chosen);
      made.plans += answer.ok ? 1 : 0;
      made.reunions += nodesOf(answer, 'stop').length > 0 ? 1 : 0;
      made.forced += nodesOf(answer, 'force-boot').length;
      expect(answer.ok ? broken(nodes, chosen.forget, answer) : unexplained(answer.refusals)).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
  expect(made.plans).toBeGreaterThan(100);
  expect(made.reunions).toBeGreaterThan(5);
  expect(made.forced).toBeGreaterThan(5);
});

const unexplained = (refusals: readonly Refusal[]): string[] =>
  refusals.filter(({ reason, remedy }) => reason === '' || !remedy).map(({ code }) => code);

const nodesOf = (answer: Planned, action: string): string[] =>
  answer.ok
    ? answer.plan.steps
        .filter((step) => step.action === `ha.rabbitmq-${action}`)
        .map(({ input }) => (input as { node: string }).node)
    : [];

/** The rules that a plan breaks. */
function broken(nodes: readonly RabbitNodeState[], forget: readonly string[], answer: Planned): string[] {
  const stopped = nodesOf(answer, 'stop');
  const started = nodesOf(answer, 'start');
  const kept = sidesOf(nodes.filter(({ node }) => !forget.includes(node))).sides[0] ?? [];
  const lastOf = (name: string): readonly string[] => {
    const last = nodes.find(({ node }) => node === name)?.lastRunning;
    return Array.isArray(last) ? last : ['nobody knows'];
  };
  const forced = nodesOf(answer, 'force-boot');
  const rules: [string, boolean][] = [
    ['a side that is no majority is kept', stopped.length > 0 && kept.length * 2 <= of.length],
    ['the kept side is stopped', stopped.some((node) => kept.includes(node))],
    ['a start is forced while somebody serves', forced.length > 0 && nodes.some(answers)],
    [
      'a start is forced that waits for somebody who is not lost',
      forced.some((node) => lastOf(node).some((other) => other !== node && !forget.includes(other))),
    ],
    [
      'a node is forgotten that runs',
      nodesOf(answer, 'forget').some(
        (name) => nodes.find(({ node }) => node === name)?.process === 'running',
      ),
    ],
    ['a node starts twice', new Set(started).size !== started.length],
    ['a node starts that is forgotten', started.some((node) => forget.includes(node))],
  ];
  return rules.filter(([, isBroken]) => isBroken).map(([rule]) => rule);
}

import type { Planned } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import { doomedQueues } from '../../src/components/rabbitmq/doomed-queues.ts';
import { planRabbitRecovery } from '../../src/components/rabbitmq/plan-rabbit-recovery.ts';
import { planRabbitRestart } from '../../src/components/rabbitmq/plan-rabbit-restart.ts';
import type { RabbitQueue } from '../../src/components/rabbitmq/rabbit-queue.ts';
import { sidesOf } from '../../src/components/rabbitmq/rabbit-sides.ts';
import type { RabbitNodeState, RabbitView } from '../../src/components/rabbitmq/rabbit-state.ts';
import type { RabbitRecoveryOptions } from '../../src/components/rabbitmq/rabbit-steps.ts';
import { down, quorumQueue, up } from './rabbit-nodes.ts';

// One obstacle at a time, where another rule would not refuse as well.

const of = ['a', 'b', 'c'];
const whole = (node: string, differs: object = {}): RabbitNodeState => up(node, { sees: of, of, ...differs });
const codes = (answer: Planned): string[] => (answer.ok ? [] : answer.refusals.map(({ code }) => code));
const recover = (nodes: readonly RabbitNodeState[], options?: RabbitRecoveryOptions): string[] =>
  codes(planRabbitRecovery(nodes, options));
const withView = (state: RabbitNodeState, change: (view: RabbitView) => RabbitView): RabbitNodeState =>
  typeof state.view === 'object' ? { ...state, view: change(state.view) } : state;

describe('a recovery is refused', () => {
  test('of nodes of which one was given twice', () => {
    expect(recover([whole('a'), whole('a')])).toEqual(['rabbitmq.not-a-cluster']);
  });

  test('that forgets the node which is to start first', () => {
    const nodes = of.map((node) => down(node, of, of));
    expect(recover(nodes, { forget: ['a'], lastStopped: 'a' })).toEqual(['rabbitmq.unknown-node']);
  });

  test.each(['running', 'frozen'] as const)('that forgets a node whose process is %s', (process) => {
    const there = down('c', of, of, { process, application: 'unknown', view: 'unknown' });
    const sees = ['a', 'b'];
    const nodes = [up('a', { sees, of }), up('b', { sees, of }), there];
    expect(recover(nodes, { forget: ['c'] })).toContain('rabbitmq.still-running');
  });

  test('beside a node that does not tell whether it was parted', () => {
    const mute = withView(whole('c'), (view) => ({
      ...view,
      nodes: view.nodes.map((each) => (each.name === 'c' ? { ...each, partitions: undefined } : each)),
    }));
    expect(recover([whole('a'), whole('b'), mute])).toEqual(['rabbitmq.unseen']);
  });

  test('beside a node that runs, and whose management API does not answer', () => {
    const mute = down('c', of, of, { process: 'running', application: 'running', view: 'unknown' });
    const sees = ['a', 'b'];
    expect(recover([up('a', { sees, of }), up('b', { sees, of }), mute])).toEqual(['rabbitmq.unseen']);
  });

  test('where two say that they stopped last: they were parted, and neither may be forced', () => {
    const nodes = [down('a', ['a'], of), down('b', ['b'], of), down('c', of, of)];
    expect(recover(nodes, { forget: ['c'] })).toEqual(['rabbitmq.last-stopped-unknown']);
    const [first, , third] = nodes as [RabbitNodeState, RabbitNodeState, RabbitNodeState];
    expect(recover([first, down('b', ['a', 'b'], of), third], { forget: ['c'] })).toEqual([]);
  });
});

describe('a node is not forgotten', () => {
  const refused = (...queues: RabbitQueue[]): string | undefined =>
    doomedQueues([whole('a', { queues })], ['c'])?.code;

  test('while who holds a durable queue is not told', () => {
    const untold = { ...quorumQueue('q', of), members: undefined };
    expect(refused(untold)).toBe('rabbitmq.unseen');
    const classic = { ...untold, type: 'classic' as RabbitQueue['type'] };
    expect(refused(classic)).toBe('rabbitmq.unseen');
    expect(refused({ ...classic, durable: false })).toBe(undefined);
    expect(refused({ ...classic, exclusive: true })).toBe(undefined);
  });

  test('while a queue has its only copy there', () => {
    const classic = { ...quorumQueue('q', ['c']), type: 'classic' as RabbitQueue['type'] };
    expect(refused(classic)).toBe('rabbitmq.queue-lost-quorum');
    expect(refused({ ...classic, durable: false })).toBe(undefined);
    expect(refused({ ...classic, members: ['a', 'c'] })).toBe(undefined);
  });

  test('while a replicated queue would have no majority without it', () => {
    expect(refused(quorumQueue('q', ['b', 'c']))).toBe('rabbitmq.queue-lost-quorum');
    expect(refused(quorumQueue('q', of))).toBe(undefined);
  });
});

describe('a restart is refused', () => {
  const restart = (nodes: readonly RabbitNodeState[], names?: readonly string[]): string[] =>
    codes(planRabbitRestart(nodes, names === undefined ? {} : { restart: names }));

  test('of a node that is named twice', () => {
    expect(
      restart(
        of.map((node) => whole(node)),
        ['a', 'a'],
      ),
    ).toEqual(['rabbitmq.not-a-cluster']);
  });

  test('of a node that does not tell which queues need it', () => {
    const mute = withView(whole('a'), (view) => ({ ...view, quorumCritical: undefined }));
    expect(restart([mute, whole('b'), whole('c')], ['a'])).toEqual(['rabbitmq.unseen']);
    const unlisted = withView(whole('a'), (view) => ({ ...view, queues: undefined }));
    expect(restart([unlisted, whole('b'), whole('c')], ['a'])).toEqual(['rabbitmq.unseen']);
    expect(restart([mute, whole('b'), whole('c')], ['b'])).toEqual([]);
  });
});

describe('two nodes are on one side', () => {
  test('only if each sees the other', () => {
    const deaf = up('b', { sees: ['b'], of: ['a', 'b'] });
    expect(sidesOf([up('a', { sees: ['a', 'b'], of: ['a', 'b'] }), deaf]).sides).toEqual([['a'], ['b']]);
    expect(sidesOf([deaf, up('a', { sees: ['a', 'b'], of: ['a', 'b'] })]).sides).toEqual([['b'], ['a']]);
  });

  test('and if neither was parted from the other, though both see each other again', () => {
    const nodes = ['a', 'b'].map((node) =>
      up(node, { sees: ['a', 'b'], of: ['a', 'b'], partedFrom: node === 'a' ? ['b'] : [] }),
    );
    expect(sidesOf(nodes)).toEqual({ sides: [['a'], ['b']], recorded: true });
  });
});

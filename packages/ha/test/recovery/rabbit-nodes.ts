import fc from 'fast-check';
import type { RabbitNodeState, RabbitView } from '../../src/components/rabbitmq/rabbit-state.ts';
import type { RabbitQueue } from '../../src/components/rabbitmq/rabbit-queue.ts';

export const quorumQueue = (name: string, members: readonly string[], online = members): RabbitQueue => ({
  vhost: '/',
  name,
  type: 'quorum',
  durable: true,
  exclusive: false,
  autoDelete: false,
  members,
  online,
  leader: online[0],
  state: undefined,
});

interface Seen {
  /** Members that it sees run. */
  readonly sees: readonly string[];
  readonly of: readonly string[];
  readonly partedFrom?: readonly string[];
  readonly queues?: readonly RabbitQueue[] | undefined;
  readonly critical?: boolean;
  readonly alarm?: boolean;
}

export function up(
  node: string,
  { sees, of, partedFrom = [], queues = [], critical = false, alarm = false }: Seen,
): RabbitNodeState {
  const view: RabbitView = {
    node,
    nodes: of.map((name) => ({
      name,
      running: sees.includes(name),
      partitions: name === node ? partedFrom : [],
      memoryAlarm: false,
      diskAlarm: false,
      drained: false,
      uptimeMs: 1_000,
    })),
    queues,
    quorumCritical: { ok: !critical, reason: critical ? 'queues would lose their quorum' : undefined },
    alarms: { ok: !alarm, reason: alarm ? 'memory alarm' : undefined },
  };
  return { node, process: 'running', application: 'running', view, members: of, lastRunning: sees, gaps: [] };
}

export const down = (
  node: string,
  lastRunning: RabbitNodeState['lastRunning'],
  members: readonly string[],
  more: Partial<RabbitNodeState> = {},
): RabbitNodeState => ({
  node,
  process: 'none',
  application: 'stopped',
  view: 'none',
  members,
  lastRunning,
  gaps: [],
  ...more,
});

export const anyRabbit = (node: string, of: readonly string[]): fc.Arbitrary<RabbitNodeState> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .record({
          sees: fc.oneof(
            fc.constant([...of]),
            fc.subarray([...of]).map((names) => [...new Set([node, ...names])]),
          ),
          partedFrom: fc.oneof(fc.constant<string[]>([]), fc.subarray(of.filter((name) => name !== node))),
          critical: fc.boolean(),
          alarm: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
          queues: fc.oneof(
            fc.constant(undefined),
            fc.subarray([...of]).map((online) => [quorumQueue('q', of, online)]),
            fc.constant([quorumQueue('q', of)]),
          ),
        })
        .map((seen) => up(node, { ...seen, of })),
    },
    {
      weight: 2,
      arbitrary: fc
        .oneof(fc.subarray([...of]), fc.constant('unknown' as const), fc.constant('none' as const))
        .map((last) => down(node, last, of)),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({
          process: fc.constantFrom('running' as const, 'frozen' as const, 'unknown' as const),
          application: fc.constantFrom('running' as const, 'stopped' as const, 'unknown' as const),
        })
        .map((more) => down(node, [...of], of, { ...more, view: 'unknown' })),
    },
  );

import type { Refusal } from '@groundcrew/runbook';
import { quorumMargin } from '../../probing/quorum.ts';
import { seenOf, some } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';
import type { RabbitCluster } from './observe-rabbit.ts';
import { parted, partitionsOf } from './rabbit-partitions.ts';
import { running, said } from './rabbit-words.ts';

/** RabbitMQ's own rule: the node that was asked must not stop. Of a node that was not asked nothing is known. */
export function refuseQuorumCritical(rabbit: readonly Seen<RabbitCluster>[]): Refusal[] {
  return seenOf(rabbit).flatMap(({ where, value }): Refusal[] =>
    value.quorumCritical?.ok === false
      ? [
          {
            code: 'rabbitmq.quorum-critical',
            reason: `without ${value.node} queues would lose their majority`,
            remedy: 'Bring the other members of its queues online first.',
            subject: { kind: 'message bus node', id: value.node },
            because: [{ statement: said(value.quorumCritical), ...where }],
          },
        ]
      : [],
  );
}

/** With `pause_minority`, one node more down may pause those that are left. */
export function refuseMinority(rabbit: readonly Seen<RabbitCluster>[]): Refusal[] {
  return seenOf(rabbit).flatMap(({ where, value }): Refusal[] => {
    const votes = { of: value.nodes.length, present: running(value).length };
    if (votes.of === 0)
      return [
        {
          code: 'rabbitmq.unseen',
          reason: `How RabbitMQ stands is not known: ${value.node} lists no node`,
          remedy: 'Ask another node.',
          subject: { kind: 'message bus node', id: value.node },
          because: [{ statement: 'no node listed', ...where }],
        },
      ];
    if (votes.of > 1 && quorumMargin(votes) >= 1) return [];
    const down = value.nodes.filter((node) => !node.running).map((node) => node.name);
    return [
      {
        code: votes.of === 1 ? 'rabbitmq.alone' : 'rabbitmq.no-margin',
        reason:
          votes.of === 1
            ? `${value.node} is the only broker: every service loses its bus with it`
            : `${votes.present} of ${votes.of} nodes run: one less is a minority, which pauses itself`,
        remedy:
          down.length > 0
            ? `Start ${down.join(', ')} first.`
            : 'Add nodes first, or announce the interruption.',
        subject: { kind: 'message bus node', id: value.node },
        because: [{ statement: `running: ${some(running(value))}; down: ${some(down) || 'none'}`, ...where }],
      },
    ];
  });
}

/** A person must decide which side of a partition is kept; a restart would decide it by accident. */
export function refuseParted(rabbit: readonly Seen<RabbitCluster>[]): Refusal[] {
  const seen = seenOf(rabbit);
  const refusals = seen.flatMap(({ where, value }) =>
    parted(value).map((node): Refusal => ({
      code: 'rabbitmq.parted',
      reason: `${node.name} is parted from ${partitionsOf(node).join(', ')}`,
      remedy: 'Plan the recovery: choose which side to keep.',
      subject: { kind: 'message bus node', id: node.name },
      because: [{ statement: `partitions: ${partitionsOf(node).join(', ')}`, ...where }],
    })),
  );
  const mute = seen.flatMap(({ where, value }) =>
    value.nodes
      .filter((node) => node.running && node.partitions === undefined)
      .map((node): Refusal => ({
        code: 'rabbitmq.unseen',
        reason: `Whether RabbitMQ is parted is not known: ${node.name} does not tell`,
        remedy: 'Switch the statistics of the management plugin on, or read `rabbitmqctl cluster_status`.',
        subject: { kind: 'message bus node', id: node.name },
        because: [{ statement: 'no member `partitions`', ...where }],
      })),
  );
  return [...refusals, ...mute];
}

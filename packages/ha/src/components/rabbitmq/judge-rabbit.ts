import { counted, type Finding } from '@groundcrew/ground';
import type { RabbitCluster } from './observe-rabbit.ts';
import { majority, quorumMargin } from '../../probing/quorum.ts';
import type { RabbitQueue } from './rabbit-queue.ts';
import { parted, partitionsOf } from './rabbit-partitions.ts';
import { found, seenOf, some } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';
import { running, said } from './rabbit-words.ts';

type SeenCluster = ReturnType<typeof seenOf<RabbitCluster>>[number];

const subject = { kind: 'message bus', id: 'rabbitmq' } as const;

/** Judges RabbitMQ by what each node that was asked sees. */
export function judgeRabbit(rabbit: readonly Seen<RabbitCluster>[]): Finding[] {
  if (rabbit.length === 0) return [];
  const seen = seenOf(rabbit);
  // Queues are the same whoever is asked; who sees most nodes running sees most of them.
  const [widest] = seen.toSorted((a, b) => running(b.value).length - running(a.value).length);
  const listed =
    seen.find((cluster) => cluster === widest && cluster.value.queues !== undefined) ??
    seen.find((cluster) => cluster.value.queues !== undefined);
  return [
    ...splitBrain(seen, rabbit.length),
    ...(widest === undefined ? [] : [...nodeFindings(widest), margin(widest)]),
    ...seen.flatMap(alarms),
    // `?? []` is for the type: `listed` has them.
    ...(listed === undefined ? [] : queueFindings(listed, listed.value.queues ?? [])),
    ...versions(seen, rabbit.length),
  ];
}

function splitBrain(seen: readonly SeenCluster[], asked: number): Finding[] {
  const [first] = seen;
  if (first === undefined) return [];
  const partings = seen.flatMap(({ where, value }) =>
    parted(value).map((node) => ({
      statement: `${node.name} is parted from ${partitionsOf(node).join(', ')}, ${value.node} says`,
      ...where,
    })),
  );
  // Two that answer, and neither is in the other's cluster.
  const unseenPeers = seen.flatMap((a) =>
    seen
      .filter(
        (b) =>
          a.value.node < b.value.node &&
          !a.value.nodes.some((node) => node.name === b.value.node && node.running),
      )
      .map((b) => ({
        statement: `${a.value.node} does not see ${b.value.node} running, which answers`,
        ...a.where,
      })),
  );
  const because = [...partings, ...unseenPeers];
  const mute = seen.flatMap(({ value }) =>
    value.nodes.filter((node) => node.running && node.partitions === undefined).map((node) => node.name),
  );
  const whole =
    seen.length === asked && mute.length === 0 && seen.every(({ value }) => value.nodes.length > 0);
  return [
    found(first.where, {
      id: 'rabbitmq.split-brain',
      subject,
      severity: 'critical',
      good: because.length > 0 ? false : whole ? true : undefined,
      title:
        because.length > 0
          ? 'RabbitMQ is parted'
          : whole
            ? `None of ${counted(seen.length, 'node')} sees a partition`
            : mute.length > 0
              ? `Whether RabbitMQ is parted is not told by ${some([...new Set(mute)])}`
              : 'No partition among the nodes that were seen',
      because:
        because.length > 0
          ? because
          : `${counted(seen.length, 'node')} of ${asked} asked answered; partitions not told by: ${some([...new Set(mute)]) || 'none'}`,
      remedy:
        because.length > 0
          ? 'Choose the side to keep, and restart the nodes of the other. Set cluster_partition_handling to pause_minority.'
          : mute.length > 0
            ? 'Switch the statistics of the management plugin on (management_agent.disable_metrics_collector = false).'
            : 'Make every node visible.',
    }),
  ];
}

const nodeFindings = ({ where, value }: SeenCluster): Finding[] =>
  value.nodes.map((node) =>
    found(where, {
      id: 'rabbitmq.node',
      subject: { kind: 'message bus node', id: node.name },
      severity: 'high',
      good: node.running && node.drained !== true,
      title: `${node.name} ${node.running ? (node.drained === true ? 'is in maintenance' : 'runs') : 'does not run'}`,
      because: `${value.node} says: running ${node.running}`,
      remedy: node.running
        ? 'rabbitmq-upgrade revive, when maintenance is over.'
        : `Start ${node.name}, or forget it if it will not come back.`,
    }),
  );

function margin({ where, value }: SeenCluster): Finding {
  const votes = { of: value.nodes.length, present: running(value).length };
  const left = quorumMargin(votes);
  return found(where, {
    id: 'rabbitmq.quorum-margin',
    subject,
    severity: left < 0 && votes.of > 0 ? 'critical' : 'high',
    good: votes.of === 0 ? undefined : left >= 1,
    title:
      votes.of === 0
        ? 'How many nodes may fail is not known: none is listed'
        : left >= 1
          ? `${counted(left, 'node')} of ${votes.of} may fail`
          : left === 0
            ? `No node may fail: ${votes.present} of ${votes.of} run, ${majority(votes.of)} must`
            : `${votes.present} of ${votes.of} nodes run: no majority`,
    because: `nodes: ${value.nodes.map((node) => `${node.name} ${node.running ? 'runs' : 'is down'}`).join(', ') || 'none listed'}`,
    remedy: 'Bring nodes back, or add some: three is the least that survives a failure.',
  });
}

function alarms({ where, value }: SeenCluster): Finding[] {
  const raised = value.nodes.flatMap((node) => [
    ...(node.memoryAlarm === true ? [`memory alarm on ${node.name}`] : []),
    ...(node.diskAlarm === true ? [`disk alarm on ${node.name}`] : []),
  ]);
  const good = raised.length > 0 ? false : value.alarms?.ok;
  return [
    found(where, {
      id: 'rabbitmq.alarms',
      subject: { kind: 'message bus node', id: value.node },
      severity: 'critical',
      good,
      title:
        good === undefined
          ? 'Whether there are alarms is not told'
          : good
            ? `${value.node} sees no alarm`
            : 'An alarm blocks every publisher',
      because: raised.length > 0 ? raised : said(value.alarms),
      remedy:
        good === undefined
          ? 'Give the user the tag monitoring.'
          : 'Free memory or disk there; find the queue that nobody reads.',
    }),
  ];
}

function queueFindings({ where, value }: SeenCluster, queues: readonly RabbitQueue[]): Finding[] {
  const lasting = queues.filter((queue) => queue.exclusive !== true);
  const classic = lasting.filter((queue) => queue.type === 'classic');
  const single = classic.filter((queue) => queue.members !== undefined && queue.members.length < 2);
  const mirrored = classic.filter((queue) => queue.members !== undefined && queue.members.length > 1);
  const homeless = classic.filter((queue) => queue.members === undefined);
  const voting = queues.filter((queue) => queue.type === 'quorum');
  const mute = voting.filter((queue) => votesOf(queue) === undefined);
  // Of whom it is not told is in `mute`, which has a finding of its own.
  const stuck = voting.filter((queue) => (spare(queue) ?? 0) < 0);
  const thin = voting.filter((queue) => spare(queue) === 0);
  const subjectOf = { kind: 'message bus', id: 'rabbitmq queues' };
  const findings = [
    found(where, {
      id: 'rabbitmq.classic-queues',
      subject: subjectOf,
      severity: 'medium',
      good: single.length > 0 ? false : homeless.length > 0 ? undefined : true,
      title:
        single.length > 0
          ? `${counted(single.length, 'classic queue')} of ${lasting.length} on one node only`
          : homeless.length > 0
            ? `Who holds ${counted(homeless.length, 'classic queue')} of ${classic.length} is not told`
            : `None of ${counted(classic.length, 'classic queue')} is on one node only`,
      because:
        single.length === 0
          ? `${lasting.length} queues that outlive their connection, ${classic.length} of them classic`
          : `lost, or out of reach, with their node: ${some(single.map(written))}`,
      remedy:
        'Set rabbit_quorum_queue (and rabbit_transient_quorum_queue) in the services; a queue keeps its type until it is deleted.',
    }),
  ];
  if (voting.length > 0)
    findings.push(
      found(where, {
        id: 'rabbitmq.quorum-queues',
        subject: subjectOf,
        severity: stuck.length > 0 ? 'critical' : 'medium',
        good: stuck.length + thin.length > 0 ? false : mute.length > 0 ? undefined : true,
        title:
          stuck.length > 0
            ? `${counted(stuck.length, 'quorum queue')} without a majority: they take and give nothing`
            : thin.length > 0
              ? `${counted(thin.length, 'quorum queue')} of ${voting.length} would stop with one member`
              : mute.length > 0
                ? `Who holds ${counted(mute.length, 'quorum queue')} of ${voting.length} is not told`
                : `Each of ${counted(voting.length, 'quorum queue')} may lose a member`,
        because:
          [...stuck, ...thin, ...mute].length === 0
            ? `members and online of ${voting.length}, ${value.node} says`
            : some([...stuck, ...thin, ...mute].map(withMembers)),
        remedy:
          stuck.length > 0
            ? 'Bring their members back.'
            : 'Bring members back, or add some: rabbitmq-queues grow.',
      }),
    );
  if (mirrored.length > 0)
    findings.push(
      found(where, {
        id: 'rabbitmq.mirrored-queues',
        subject: subjectOf,
        severity: 'medium',
        good: false,
        title: `${counted(mirrored.length, 'mirrored classic queue')}, which RabbitMQ 4.0 does not have`,
        because: some(mirrored.map(written)),
        remedy: 'Move to quorum queues before the upgrade to 4.0.',
      }),
    );
  return findings;
}

function versions(seen: readonly SeenCluster[], asked: number): Finding[] {
  const [first] = seen;
  if (first === undefined || seen.length < 2) return [];
  const all = new Set(seen.map(({ value }) => value.version));
  return [
    found(first.where, {
      id: 'rabbitmq.version-skew',
      subject,
      severity: 'medium',
      good: all.size > 1 ? false : seen.length === asked ? true : undefined,
      title:
        all.size > 1
          ? `Nodes run ${all.size} versions`
          : `The ${seen.length} of ${counted(asked, 'node')} that were seen run ${first.value.version}`,
      because: seen.map(({ where, value }) => ({ statement: `${value.node}: ${value.version}`, ...where })),
      remedy: 'Finish the upgrade.',
    }),
  ];
}

/** A queue whose members, or who of them is there, is not told has no votes to count. */
const votesOf = ({ members, online }: RabbitQueue): { of: number; present: number } | undefined =>
  members === undefined || members.length === 0 || online === undefined
    ? undefined
    : { of: members.length, present: online.length };
/** The number of members that it can lose; `undefined` if that is not told. */
function spare(queue: RabbitQueue): number | undefined {
  const votes = votesOf(queue);
  return votes && quorumMargin(votes);
}
const written = (queue: RabbitQueue): string => `${queue.vhost}/${queue.name}`;
const withMembers = (queue: RabbitQueue): string =>
  `${written(queue)} (${queue.online?.length ?? '?'} of ${queue.members?.length ?? '?'})`;

import { type RabbitRefusal, refuseRabbit, refuseRabbits } from './rabbit-refusal.ts';
import { answers, type RabbitNodeState, tellsPartitions } from './rabbit-state.ts';

/** The faults of the call itself, whatever the nodes say. */
export function askedWrongly(
  nodes: readonly RabbitNodeState[],
  {
    keep = [],
    forget = [],
    lastStopped,
  }: {
    readonly keep?: readonly string[] | undefined;
    readonly forget?: readonly string[] | undefined;
    readonly lastStopped?: string | undefined;
  },
): RabbitRefusal[] {
  const names = nodes.map(({ node }) => node);
  if (names.length === 0 || new Set(names).size !== names.length)
    return [
      refuseRabbits(
        'rabbitmq.not-a-cluster',
        names.length === 0 ? 'No node was given' : `A node was given twice: ${names.join(', ')}`,
        'Give every node of the cluster, once.',
      ),
    ];
  const unknown = [...keep, ...forget, ...(lastStopped === undefined ? [] : [lastStopped])].filter(
    (name) => !names.includes(name),
  );
  if (unknown.length > 0 || (lastStopped !== undefined && forget.includes(lastStopped)))
    return [
      refuseRabbits(
        'rabbitmq.unknown-node',
        unknown.length > 0
          ? `${unknown.join(', ')}: not among the nodes ${names.join(', ')}`
          : `${lastStopped ?? ''} is to be forgotten, and to start first`,
        'Correct keep, forget and lastStopped.',
      ),
    ];
  if (names.every((name) => forget.includes(name)))
    return [refuseRabbits('rabbitmq.not-a-cluster', 'Every node is to be forgotten', 'Begin a new cluster.')];
  return [];
}

/** The obstacles that forbid every plan: what is not known, and what must be ended first. */
export function standingInTheWay(
  nodes: readonly RabbitNodeState[],
  forget: readonly string[],
): RabbitRefusal[] {
  const served = nodes.some((node) => answers(node) && !forget.includes(node.node));
  return [
    ...nodes.flatMap((node) =>
      forget.includes(node.node) ? forgottenRefusals(node) : nodeRefusals(node, served),
    ),
    ...missing(nodes),
  ];
}

const forgottenRefusals = (node: RabbitNodeState): RabbitRefusal[] =>
  node.process === 'running' || node.process === 'frozen'
    ? [
        refuseRabbit(
          node,
          'rabbitmq.still-running',
          `is to be forgotten, and its process is ${node.process}`,
          'Stop it first, if it is really to leave.',
        ),
      ]
    : [];

function nodeRefusals(node: RabbitNodeState, served: boolean): RabbitRefusal[] {
  const { process, application } = node;
  if (process === 'unknown')
    return [
      refuseRabbit(
        node,
        'rabbitmq.unseen',
        'could not be seen: it may run, and be parted from the others',
        `Make it readable, or say that it will never come back: forget: ['${node.node}'].`,
      ),
    ];
  if (process === 'frozen')
    return served
      ? []
      : [
          refuseRabbit(
            node,
            'rabbitmq.frozen',
            'has a process that a signal stopped, and nobody serves: it may have been the last',
            'End it (SIGKILL; its data stay), and read all nodes again.',
          ),
        ];
  if (process === 'none') return [];
  if (answers(node))
    return tellsPartitions(node)
      ? []
      : [
          refuseRabbit(
            node,
            'rabbitmq.unseen',
            'does not tell whether it is parted from others',
            'Read all nodes again: one that has just started tells it after some seconds. If it never does, switch the statistics of the management plugin on.',
          ),
        ];
  if (application === 'running')
    return [
      refuseRabbit(
        node,
        'rabbitmq.unseen',
        'runs, and its management API does not answer',
        'See why it does not answer: the plugin, the port, the password. Then read all nodes again.',
      ),
    ];
  if (application === 'unknown')
    return [
      refuseRabbit(
        node,
        'rabbitmq.unseen',
        'has a process, and does not tell whether RabbitMQ runs in it: it starts, or hangs',
        'Wait until it has started; if it hangs, end it (its data stay). Then read all nodes again.',
      ),
    ];
  // Without anybody who serves, it is one that waits for the majority that the plan brings back.
  return served
    ? [
        refuseRabbit(
          node,
          'rabbitmq.paused',
          'has paused, or was stopped with stop_app, while others serve',
          'Let it reach the others again, and it goes on by itself; if somebody stopped it, rabbitmqctl start_app.',
        ),
      ]
    : [];
}

/** Members that a node knows and nobody has asked. */
function missing(nodes: readonly RabbitNodeState[]): RabbitRefusal[] {
  const given = new Set(nodes.map(({ node }) => node));
  const known = new Map<string, string>();
  for (const { node, members, view } of nodes) {
    const seen = typeof view === 'object' ? view.nodes.map(({ name }) => name) : [];
    for (const name of [...seen, ...(Array.isArray(members) ? members : [])])
      if (!given.has(name)) known.set(name, node);
  }
  return [...known].map(([name, by]) =>
    refuseRabbits(
      'rabbitmq.member-missing',
      `${by} knows the member ${name}, which was not given`,
      'Give every node of the cluster; one that cannot be read too.',
    ),
  );
}

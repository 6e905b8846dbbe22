import { type Component, defineComponent } from '../define-component.ts';
import { eachReplica } from '../replicas.ts';
import { judgeRabbit } from './judge-rabbit.ts';
import { rabbitObserver, type RabbitCluster, type RabbitTarget } from './observe-rabbit.ts';
import { refuseMinority, refuseParted, refuseQuorumCritical } from './refuse-rabbit.ts';

export const rabbitmq: Component<'rabbitmq', 'rabbit', RabbitTarget, RabbitCluster> = defineComponent({
  ...rabbitObserver,
  name: 'rabbitmq',
  title: 'RabbitMQ',
  mode: 'quorum',
  state: 'replicated',
  stops: 'APIs take requests that nobody carries out; workers count as down after a minute',
  wanted: 3,
  essential: true,
  quorum: {
    voters: 'members of each quorum queue; with pause_minority all nodes of the cluster',
    minimum: 3,
    minority:
      'with pause_minority the smaller side pauses itself; otherwise both go on and must be reconciled by hand',
  },
  checks: [
    {
      id: 'alarms',
      expects: 'GET /api/health/checks/alarms says ok',
      path: '/api/health/checks/alarms',
      port: 15_672,
      source: { kind: 'upstream', where: 'RabbitMQ, monitoring: health checks' },
    },
    {
      id: 'quorum-critical',
      expects: 'GET /api/health/checks/node-is-quorum-critical says ok, before a node stops',
      path: '/api/health/checks/node-is-quorum-critical',
      port: 15_672,
      source: { kind: 'upstream', where: 'RabbitMQ, upgrade: before a node is stopped' },
    },
  ],
  needs: [],
  unsafe: [
    {
      id: 'rabbitmq.quorum-critical',
      moves: ['stop', 'restart', 'upgrade', 'reconfigure', 'drain'],
      when: 'queues would lose their majority without the node, or the node could not be asked',
      why: 'such queues take and give nothing until a member is back',
      source: { kind: 'upstream', where: 'rabbitmq-diagnostics check_if_node_is_quorum_critical' },
      refuses: refuseQuorumCritical,
    },
    {
      id: 'rabbitmq.minority',
      moves: ['stop', 'restart', 'upgrade'],
      when: 'with one node less no majority runs',
      why: 'pause_minority then stops the whole cluster',
      source: { kind: 'kolla', where: 'roles/rabbitmq: cluster_partition_handling = pause_minority' },
      refuses: refuseMinority,
    },
    {
      id: 'rabbitmq.parted',
      moves: ['stop', 'restart', 'upgrade', 'bootstrap'],
      when: 'nodes are parted',
      why: 'the node that restarts loses what only its side had',
      source: { kind: 'upstream', where: 'RabbitMQ, partitions: recovering from a split brain' },
      refuses: refuseParted,
    },
    {
      id: 'rabbitmq.version-pair',
      moves: ['upgrade'],
      when: 'the pair of versions is not one that may follow each other, or stable feature flags are disabled, or mirrored queues exist before 4.0',
      why: 'the new node does not start, or does not join',
      source: { kind: 'kolla', where: 'roles/rabbitmq: rabbitmq_allowed_upgrades' },
    },
    {
      id: 'rabbitmq.queue-type',
      moves: ['reconfigure'],
      when: 'the services get another queue type while their queues exist',
      why: 'a declaration with another type fails; queues must be deleted first, with the services stopped',
      source: { kind: 'kolla', where: 'kolla-ansible rabbitmq-reset-state' },
    },
  ],
  replicas: (seen) => {
    const asked = eachReplica(
      {
        sign: 'runs, as its nodes say',
        replica: ({ node, nodes }: RabbitCluster) => ({
          at: node,
          works: nodes.find(({ name }) => name === node)?.running,
        }),
      },
      seen,
    );
    // Nodes that nobody asked are known from those that were.
    const all = seen.flatMap(({ value }) => value?.nodes ?? []);
    if (asked === undefined || all.length === 0) return asked;
    const running = new Set(all.filter((node) => node.running).map((node) => node.name));
    const down = new Set(all.map((node) => node.name).filter((name) => !running.has(name)));
    return { ...asked, working: [...running], broken: [...down] };
  },
  judge: judgeRabbit,
});

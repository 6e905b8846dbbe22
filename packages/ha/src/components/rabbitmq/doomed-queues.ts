import { majority } from '../../probing/quorum.ts';
import { refuseRabbits } from './rabbit-refusal.ts';
import { isReplicated, namesOf, type RabbitNodeState } from './rabbit-state.ts';

/** The reasons why a node must not be forgotten: queues that would never again have a majority of their members. */
export function doomedQueues(
  stay: readonly RabbitNodeState[],
  forget: readonly string[],
): ReturnType<typeof refuseRabbits> | undefined {
  const view = stay.map((node) => node.view).find((seen) => typeof seen === 'object');
  if (typeof view !== 'object' || view.queues === undefined)
    return refuseRabbits(
      'rabbitmq.unseen',
      'The queues could not be listed, and some may live on the nodes that are to be forgotten alone',
      'Give the user the tag monitoring, and read all nodes again.',
    );
  const homeless = view.queues.filter(
    ({ members, durable, exclusive }) => members === undefined && durable !== false && exclusive !== true,
  );
  if (homeless.length > 0)
    return refuseRabbits(
      'rabbitmq.unseen',
      `Who holds these queues is not told, and it may be the nodes that are to be forgotten: ${namesOf(homeless)}`,
      'Wait until each has a leader, or look at them with rabbitmqctl list_queues; then read all nodes again.',
    );
  const lost = view.queues.filter(
    ({ type, members = [] }) =>
      isReplicated({ type }) &&
      members.filter((name) => !forget.includes(name)).length < majority(members.length),
  );
  const local = view.queues.filter(
    ({ type, durable, members = [] }) =>
      !isReplicated({ type }) &&
      durable !== false &&
      members.length > 0 &&
      members.every((name) => forget.includes(name)),
  );
  if (lost.length + local.length === 0) return undefined;
  return refuseRabbits(
    'rabbitmq.queue-lost-quorum',
    `Without ${forget.join(', ')} these queues have no majority, or no copy, left: ${namesOf([...lost, ...local])}. What was confirmed to publishers is with those nodes alone`,
    'Bring back one of those nodes, or its data. Forgetting it, or deleting the queues, makes the loss final: decide that per queue, by hand.',
  );
}

import * as z from 'zod';

/** One queue, and the nodes that hold it. */
export interface RabbitQueue {
  readonly vhost: string;
  readonly name: string;
  /** `quorum`, `classic`, `stream`; later ones as they are told. */
  readonly type: string;
  /** Each of these three is `undefined` if it is not reported, which is taken for the worse case. */
  readonly durable: boolean | undefined;
  /** It belongs to one connection and ends with it, so it needs no replica. */
  readonly exclusive: boolean | undefined;
  readonly autoDelete: boolean | undefined;
  /** Nodes that hold a copy. Of a classic queue its one node, or, mirrored, all of them; `undefined` if it is not told. */
  readonly members: readonly string[] | undefined;
  /** The members that work; `undefined` if that is not reported. */
  readonly online: readonly string[] | undefined;
  /** The member that writes; `undefined` if none was elected. */
  readonly leader: string | undefined;
  readonly state: string | undefined;
}

const Names = z.array(z.string()).optional().catch(undefined);
const Flag = z.boolean().optional().catch(undefined);
const Word = z.string().optional().catch(undefined);

const fields = {
  name: z.string(),
  vhost: z.string(),
  durable: Flag,
  exclusive: Flag,
  auto_delete: Flag,
  node: Word,
  leader: Word,
  members: Names,
  online: Names,
  slave_nodes: Names,
  synchronised_slave_nodes: Names,
  state: Word,
};

/** One of `GET /api/queues`; a node that is down, or empty, is told as an empty text or left out. */
export const Queue = z.looseObject({ ...fields, type: z.string() }).transform(queueOf);

/** The same before 3.8, when there were only classic queues, and no member `type`. */
export const OldQueue = z.looseObject({ ...fields, type: z.string().default('classic') }).transform(queueOf);

function queueOf(queue: z.output<z.ZodObject<typeof fields>> & { readonly type: string }): RabbitQueue {
  const { name, vhost, type, durable, exclusive, auto_delete, node, slave_nodes, state } = queue;
  const base = { vhost, name, type, durable, exclusive, autoDelete: auto_delete, state };
  const leader = told(queue.leader) ?? told(node);
  if (type !== 'classic') return { ...base, members: queue.members, online: queue.online, leader };
  // `slave_nodes` is there only of a mirrored queue, and gone in 4.0.
  const own = leader === undefined ? [] : [leader];
  const members = [...own, ...(slave_nodes ?? [])];
  return { ...base, members: members.length > 0 ? members : undefined, online: undefined, leader };
}

const told = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

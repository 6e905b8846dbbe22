import * as z from 'zod';

/** How one queue is kept. */
export interface RabbitQueue {
  readonly vhost: string;
  readonly name: string;
  /** `quorum`, `classic`, `stream`; later ones as they are told. */
  readonly type: string;
  readonly durable: boolean;
  /** Of one connection, and gone with it: not worth replicating. */
  readonly exclusive: boolean;
  readonly autoDelete: boolean;
  /** Nodes that hold a copy. Of a classic queue its one node, or, mirrored, all of them. */
  readonly members: readonly string[];
  /** Of these, who works; `undefined` if it is not told. */
  readonly online: readonly string[] | undefined;
  /** Who writes; `undefined` if nobody was elected. */
  readonly leader: string | undefined;
  readonly state: string | undefined;
}

const Names = z.array(z.string()).optional().catch(undefined);
const Flag = z.boolean().catch(false);
const Word = z.string().optional().catch(undefined);

/** One of `GET /api/queues`; a node that is down, or empty, is told as an empty text or left out. */
export const Queue = z
  .looseObject({
    name: z.string(),
    vhost: z.string(),
    type: z.string().catch('classic'),
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
  })
  .transform((queue): RabbitQueue => {
    const { name, vhost, type, durable, exclusive, auto_delete, node, slave_nodes, state } = queue;
    const base = { vhost, name, type, durable, exclusive, autoDelete: auto_delete, state };
    const leader = told(queue.leader) ?? told(node);
    if (type !== 'classic') return { ...base, members: queue.members ?? [], online: queue.online, leader };
    const own = leader === undefined ? [] : [leader];
    return { ...base, members: [...own, ...(slave_nodes ?? [])], online: undefined, leader };
  });

const told = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

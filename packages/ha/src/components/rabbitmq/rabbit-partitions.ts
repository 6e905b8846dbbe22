import type { RabbitCluster, RabbitNode } from './observe-rabbit.ts';

/** Nodes that a node is known to have lost; of one that does not tell, none is known. */
export const partitionsOf = ({ partitions }: RabbitNode): readonly string[] => partitions ?? [];

/** Nodes that are known to be parted from others. Who does not tell is not among them, and must be asked for apart. */
export const parted = ({ nodes }: RabbitCluster): RabbitNode[] =>
  nodes.filter((node) => partitionsOf(node).length > 0);

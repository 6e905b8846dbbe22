import { type RabbitNodeState, runningIn } from './rabbit-state.ts';

/** The groups that the answering nodes form, each of nodes that see each other. */
export interface Sides {
  /** Nodes that see each other, side by side; one if nothing parts them. */
  readonly sides: readonly (readonly string[])[];
  /**
   * Have they noticed that they were parted? RabbitMQ records a partition when the nodes reach each other again: until
   * then each only thinks that the others are down.
   */
  readonly recorded: boolean;
}

/**
 * Groups the nodes that answer by what each of them says: two are together if each sees the other run, and neither
 * says that it was parted from the other.
 */
export function sidesOf(nodes: readonly RabbitNodeState[]): Sides {
  const views = new Map(
    nodes.flatMap(({ node, view }) => (typeof view === 'object' ? [[node, view] as const] : [])),
  );
  const partedFrom = (node: string): readonly string[] =>
    views.get(node)?.nodes.find(({ name }) => name === node)?.partitions ?? [];
  const sees = (a: string, b: string): boolean => {
    const view = views.get(a);
    return view !== undefined && runningIn(view).includes(b) && !partedFrom(a).includes(b);
  };
  const left = new Set(views.keys());
  const sides: string[][] = [];
  for (const first of views.keys()) {
    if (!left.delete(first)) continue;
    const side = [first];
    for (const member of side)
      for (const other of left)
        if (sees(member, other) && sees(other, member)) {
          left.delete(other);
          side.push(other);
        }
    sides.push(side.toSorted());
  }
  return {
    sides: sides.toSorted((a, b) => b.length - a.length),
    recorded: [...views.keys()].some((node) => partedFrom(node).length > 0),
  };
}

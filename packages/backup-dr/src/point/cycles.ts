import { keyOf, type PointResource, type ResourceRef } from './tenant-point.ts';

/** The state of one resource in the search. */
interface Visited {
  readonly resource: PointResource;
  readonly index: number;
  low: number;
  onStack: boolean;
  next: number;
}

/**
 * Finds the circles of a graph of needs: each set of resources that need each other, directly or not (its strongly connected
 * components, by Tarjan's algorithm). Not recursive: a chain may be as long as a project has things.
 *
 * @example namedCycles(point.resources); // [[{ kind: 'security-group', id: 'web' }, { kind: 'security-group', id: 'db' }]]
 */
export function namedCycles(resources: readonly PointResource[]): readonly (readonly ResourceRef[])[] {
  const byKey = new Map(resources.map((resource) => [keyOf(resource), resource]));
  const visited = new Map<string, Visited>();
  const stack: Visited[] = [];
  const found: ResourceRef[][] = [];
  const visit = (resource: PointResource): Visited => {
    const index = visited.size;
    const entry = { resource, index, low: index, onStack: true, next: 0 };
    visited.set(keyOf(resource), entry);
    stack.push(entry);
    return entry;
  };
  for (const start of resources) {
    if (visited.has(keyOf(start))) continue;
    const path = [visit(start)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const need = top.resource.needs[top.next];
      if (need !== undefined) {
        top.next += 1;
        const other = byKey.get(keyOf(need));
        const seen = visited.get(keyOf(need));
        if (other !== undefined && seen === undefined) path.push(visit(other));
        else if (seen?.onStack === true) top.low = Math.min(top.low, seen.index);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) above.low = Math.min(above.low, top.low);
      if (top.low === top.index) {
        const members = stack.splice(stack.lastIndexOf(top));
        for (const member of members) member.onStack = false;
        if (members.length > 1 || needsItself(top.resource))
          found.push(members.map(({ resource: { kind, id } }) => ({ kind, id })));
      }
    }
  }
  return found;
}

const needsItself = (resource: PointResource): boolean =>
  resource.needs.some((need) => keyOf(need) === keyOf(resource));

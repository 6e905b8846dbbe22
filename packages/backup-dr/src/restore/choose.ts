import { keyOf, type PointResource, type TenantPoint } from '../point/tenant-point.ts';
import type { Chosen, RestoreMapping } from './mapping.ts';

export interface ChosenResources {
  readonly chosen: readonly PointResource[];
  /** What `only` names and the point does not have. */
  readonly absent: readonly Chosen[];
}

/** The resources of a point that are to be restored: all, or those that `only` names with everything that they need. */
export function chooseResources(point: TenantPoint, { only }: RestoreMapping): ChosenResources {
  if (only === undefined) return { chosen: point.resources, absent: [] };
  const byKey = new Map(point.resources.map((resource) => [keyOf(resource), resource]));
  const byName = Map.groupBy(point.resources, ({ kind, name }) => keyOf({ kind, id: name }));
  const open: PointResource[] = [];
  const absent: Chosen[] = [];
  for (const choice of only) {
    const found =
      choice.id === undefined
        ? (byName.get(keyOf({ kind: choice.kind, id: choice.name })) ?? [])
        : [byKey.get(keyOf({ kind: choice.kind, id: choice.id }))].flatMap((one) => one ?? []);
    if (found.length === 0) absent.push(choice);
    open.push(...found);
  }
  const wanted = new Set<PointResource>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (wanted.has(next)) continue;
    wanted.add(next);
    for (const need of next.needs) {
      const other = byKey.get(keyOf(need));
      if (other !== undefined) open.push(other);
    }
  }
  return { chosen: point.resources.filter((resource) => wanted.has(resource)), absent };
}

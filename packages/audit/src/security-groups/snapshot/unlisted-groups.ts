import type { SecurityGroupSnapshot, Port } from './snapshot.ts';

/**
 * Groups that ports use and that are not in the list, although the list is whole: made or deleted between two readings,
 * or hidden. What they let in nobody knows, so of their ports nothing passes.
 */
export function unlistedGroups({
  securityGroups,
  ports,
}: SecurityGroupSnapshot): ReadonlyMap<string, readonly Port[]> {
  const found = new Map<string, Port[]>();
  if (securityGroups.completeness !== 'complete') return found;
  const known = new Set(securityGroups.value.map(({ id }) => id));
  // A port that does not show its groups is told by `unseenPortFindings`.
  for (const port of ports.value)
    for (const id of port.security_groups ?? []) {
      if (known.has(id)) continue;
      const users = found.get(id);
      if (users === undefined) found.set(id, [port]);
      else users.push(port);
    }
  return found;
}

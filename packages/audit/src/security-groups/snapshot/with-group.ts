import type { SecurityGroupSnapshot, SecurityGroup } from './snapshot.ts';

/** The snapshot with one group as it is now; without it, if it is gone. */
export function withSecurityGroup(
  snapshot: SecurityGroupSnapshot,
  group: SecurityGroup | { readonly gone: string },
): SecurityGroupSnapshot {
  const { securityGroups } = snapshot;
  const id = 'gone' in group ? group.gone : group.id;
  const { value: before } = securityGroups;
  const found = before.findIndex((candidate) => candidate.id === id);
  const at = found === -1 ? before.length : found;
  // A copy of a hundred thousand, and no more than one: this is done for every event.
  const value = before.slice();
  value.splice(at, 1, ...('gone' in group ? [] : [group]));
  return { ...snapshot, securityGroups: { ...securityGroups, value } };
}

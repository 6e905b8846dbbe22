import type { SecurityGroupSnapshot } from './snapshot.ts';

/** The parts from which the derived values stay true when a security group changes. */
const parts = [
  'ports',
  'addressGroups',
  'floatingIps',
  'projects',
  'networks',
  'routers',
  'firewallGroups',
  'sharing',
  'extensions',
] as const satisfies readonly (keyof SecurityGroupSnapshot)[];

/**
 * Derives a value once for all snapshots that differ in their security groups only: a watch replaces one group with
 * every event, and indexing everything else anew would take longer than judging the group.
 */
export function perSnapshot<T>(
  derive: (snapshot: SecurityGroupSnapshot) => T,
): (snapshot: SecurityGroupSnapshot) => T {
  const derived = new WeakMap<object, { readonly of: SecurityGroupSnapshot; readonly value: T }>();
  return (snapshot) => {
    const known = derived.get(snapshot.ports);
    if (known !== undefined && parts.every((part) => known.of[part] === snapshot[part])) return known.value;
    const value = derive(snapshot);
    derived.set(snapshot.ports, { of: snapshot, value });
    return value;
  };
}

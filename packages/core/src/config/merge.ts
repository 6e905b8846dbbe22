import { type Located, type LocatedMap, mapOf } from './located.ts';

/** Lays `over` on `under`: mappings are merged, everything else is replaced. How `secure` comes over `clouds`. */
export function mergeDeep(under: Located, over: Located): Located {
  if (under.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(under.entries);
  for (const [key, value] of over.entries) {
    const before = entries.get(key);
    entries.set(key, before === undefined ? value : mergeDeep(before, value));
  }
  return mapOf(entries, under.origin);
}

/**
 * Lays one source of a cloud's settings (profile, entry, region, options) over those before it: `auth` is merged
 * by key, everything else is replaced.
 *
 * A key of `auth` also puts away those below it that say the same thing in another way: Keystone would take a
 * `project_id` of the file before a `project_name` of the code.
 */
export function overlay(under: LocatedMap, over: LocatedMap): LocatedMap {
  const entries = new Map(under.entries);
  for (const [key, value] of over.entries) {
    const before = entries.get(key);
    const isAuth = key === 'auth' && before?.kind === 'map' && value.kind === 'map';
    entries.set(key, isAuth ? overlayAuth(before, value) : value);
  }
  return mapOf(entries, over.entries.size === 0 ? under.origin : over.origin);
}

/** The mapping without what is null: a region's values, and options, do not unset. */
export function withoutNulls(map: LocatedMap): LocatedMap {
  const kept = [...map.entries].filter(([, value]) => value.kind !== 'text' || value.value !== null);
  return mapOf(
    kept.map(([key, value]) => [key, value.kind === 'map' ? withoutNulls(value) : value]),
    map.origin,
  );
}

function overlayAuth(under: LocatedMap, over: LocatedMap): LocatedMap {
  const entries = new Map(under.entries);
  // `foldAuth` has left out what is empty: each of these says something.
  for (const key of over.entries.keys()) {
    for (const other of instead.get(key) ?? []) if (!over.entries.has(other)) entries.delete(other);
  }
  for (const [key, value] of over.entries) entries.set(key, value);
  return mapOf(entries, under.origin);
}

const project = ['project_id', 'project_name'];
const domain = ['domain_id', 'domain_name'];

/** Key to those that it stands instead of. `domain_*` are not among those of a project: beside one they complete it. */
const instead: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    username: ['user_id'],
    user_id: ['username'],
    user_domain_id: ['user_domain_name'],
    user_domain_name: ['user_domain_id'],
    project_id: ['project_name', 'system_scope', 'trust_id'],
    project_name: ['project_id', 'system_scope', 'trust_id'],
    project_domain_id: ['project_domain_name'],
    project_domain_name: ['project_domain_id'],
    domain_id: ['domain_name', 'system_scope', 'trust_id'],
    domain_name: ['domain_id', 'system_scope', 'trust_id'],
    system_scope: [...project, ...domain, 'trust_id'],
    trust_id: [...project, ...domain, 'system_scope'],
    application_credential_id: ['application_credential_name'],
    application_credential_name: ['application_credential_id'],
  }),
);

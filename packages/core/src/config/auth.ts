import { authAliases, authKeys, outerWins } from './auth-aliases.ts';
import { asMap, complaint, isUnset, type Located, type LocatedMap, mapOf, textOf } from './located.ts';

/**
 * Moves what belongs in `auth` there, under its present name: `tenant_name`, `auth_token`, and keys that were
 * written beside `auth` instead of in it. Empty ones are left out.
 */
export function foldAuth(layer: LocatedMap): LocatedMap {
  const inner = asMap(layer.entries.get('auth'), layer.origin);
  const auth = new Map<string, Located>();
  const rest = new Map<string, Located>();
  for (const [key, value] of layer.entries) if (key !== 'auth' && !authKeys.has(key)) rest.set(key, value);
  for (const [key, value] of inner.entries) if (!authKeys.has(key)) auth.set(key, value);
  // From the weakest to the strongest: each overwrites what it finds.
  for (const [target, names] of namesOf) {
    const pairs = outerWins.has(target)
      ? names.flatMap((name) => [inner.entries.get(name), layer.entries.get(name)])
      : [...names.map((name) => layer.entries.get(name)), ...names.map((name) => inner.entries.get(name))];
    for (const value of pairs) if (value !== undefined && !isUnset(value)) auth.set(target, value);
  }
  const plugin = rest.get('auth_plugin');
  if (plugin !== undefined && !rest.has('auth_type')) rest.set('auth_type', plugin);
  if (layer.entries.has('auth') || auth.size > 0) rest.set('auth', mapOf(auth, inner.origin));
  return mapOf(rest, layer.origin);
}

/**
 * Spreads domains that were given once. Beside a project, `domain_*` is the domain of both the user and the
 * project (openstacksdk `_handle_domain_id`); `default_domain_*` is that of whichever has none (keystoneauth
 * `loading/identity.py`, `BaseGenericLoader`).
 */
export function spreadDomains(auth: LocatedMap): LocatedMap {
  const entries = new Map(auth.entries);
  const isProject = entries.has('project_id') || entries.has('project_name');
  for (const form of ['id', 'name']) {
    const shared = entries.get(`domain_${form}`);
    if (!isProject || shared === undefined) continue;
    for (const whose of ['user', 'project']) {
      if (!entries.has(`${whose}_domain_${form}`)) entries.set(`${whose}_domain_${form}`, shared);
    }
    entries.delete(`domain_${form}`);
  }
  for (const whose of ['user', 'project']) {
    const isGiven = entries.has(`${whose}_domain_id`) || entries.has(`${whose}_domain_name`);
    if (isGiven || !entries.has(whose === 'user' ? 'username' : 'project_name')) continue;
    const form = entries.has('default_domain_id') ? 'id' : 'name';
    const fallback = entries.get(`default_domain_${form}`);
    if (fallback !== undefined) entries.set(`${whose}_domain_${form}`, fallback);
  }
  return mapOf(entries, auth.origin);
}

/** Refuses keys of `auth` that nobody knows: of code, where a slip should not pass; files may have more. */
export function refuseUnknownAuth(layer: LocatedMap): void {
  const auth = asMap(layer.entries.get('auth'), layer.origin);
  for (const [key, value] of auth.entries) {
    if (!authKeys.has(key))
      throw complaint(value.origin, 'is not known', `Known are ${[...authKeys].join(', ')}.`);
  }
}

/** Text of `auth`, if it is given and not empty. */
export const authText = (entry: LocatedMap, key: string): ReturnType<typeof textOf> =>
  textOf(asMap(entry.entries.get('auth'), entry.origin), key);

/** Present name to all names, the weakest first. */
const namesOf: ReadonlyMap<string, readonly string[]> = new Map(
  [...authKeys]
    .filter((key) => !authAliases.has(key))
    .map((key) => [key, [...[...authAliases.keys()].filter((alias) => authAliases.get(alias) === key), key]]),
);

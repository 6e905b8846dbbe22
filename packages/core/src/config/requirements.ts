import { authText } from './auth.ts';
import type { AuthType } from './cloud-entry.ts';
import type { ConfigError } from '../errors/errors.ts';
import { asMap, complaint, type LocatedMap, type Origin } from './located.ts';

/**
 * Refuses an entry that Keystone would: one that lacks a credential, or has two scopes.
 *
 * @param home The entry that what is missing belongs in.
 */
export function requireCredentials(type: AuthType, entry: LocatedMap, home: LocatedMap): void {
  const has = (key: string): boolean => authText(entry, key) !== undefined;
  const need = (...keys: readonly [string, ...string[]]): void => {
    if (!keys.some(has)) throw missing(keys, home, type);
  };
  if (type === 'none') return;
  need('auth_url');
  const needUser = (): void => {
    need('username', 'user_id');
    if (!has('user_id')) need('user_domain_name', 'user_domain_id');
  };
  if (type === 'v3applicationcredential') {
    need('application_credential_secret');
    need('application_credential_id', 'application_credential_name');
    if (!has('application_credential_id')) needUser();
    return;
  }
  if (type === 'token') need('token');
  else {
    needUser();
    need('password');
  }
  if (has('project_name') && !has('project_id')) need('project_domain_name', 'project_domain_id');
  requireOneScope(entry);
}

/** The error for a key of `auth` that must be given; `keys` are those of which one is enough. */
export function missing(keys: readonly [string, ...string[]], home: LocatedMap, type: AuthType): ConfigError {
  const { origin, prefix } = placeOf(home);
  const names = keys.map((key) => (prefix === 'OS_' ? `OS_${key.toUpperCase()}` : key));
  const [name, ...others] = names;
  const otherwise = others.length === 0 ? '' : `, or ${others.join(', ')}`;
  const place = { ...origin, key: prefix === 'OS_' ? (name ?? '') : `${prefix}${name}` };
  return complaint(place, `is missing${otherwise} (auth_type ${type})`, remedyFor(keys[0], prefix));
}

function placeOf(home: LocatedMap): { readonly origin: Origin; readonly prefix: string } {
  if (home.origin.key.startsWith('OS_')) return { origin: home.origin, prefix: 'OS_' };
  const auth = home.entries.get('auth');
  return { origin: auth?.origin ?? home.origin, prefix: `${home.origin.key}.auth.` };
}

function remedyFor(key: string, prefix: string): string {
  if (key.endsWith('_domain_name')) {
    return 'On most clouds it is Default. The openstack command assumes so; Groundcrew, as openstacksdk, does not.';
  }
  return prefix === 'OS_'
    ? 'Set it; or unset the OS_* variables, which otherwise come before the only cloud of a file.'
    : 'Set it in clouds.yaml, or secure.yaml, or in the options.';
}

function requireOneScope(entry: LocatedMap): void {
  const auth = asMap(entry.entries.get('auth'), entry.origin);
  const scopes = [
    ['project_id', 'project_name'],
    ['domain_id', 'domain_name'],
    ['system_scope'],
    ['trust_id'],
  ];
  const given = scopes.flatMap(
    (keys) => keys.map((key) => auth.entries.get(key)).find((node) => node !== undefined) ?? [],
  );
  const [first, second] = given;
  if (first === undefined || second === undefined) return;
  throw complaint(
    second.origin,
    `is a second scope beside ${first.origin.key}; a token has one`,
    'Remove one of them.',
  );
}

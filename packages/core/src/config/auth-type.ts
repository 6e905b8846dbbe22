import { authText } from './auth.ts';
import type { AuthType } from './cloud-entry.ts';
import { complaint, type LocatedMap, plain } from './located.ts';

/** Names in files to what they mean. `password` and `v3password` differ in Keystone's v2 only, which is gone. */
const types: ReadonlyMap<string, AuthType> = new Map(
  Object.entries<AuthType>({
    password: 'password',
    v3password: 'password',
    token: 'token',
    v3token: 'token',
    v3applicationcredential: 'v3applicationcredential',
    none: 'none',
    None: 'none',
    '': 'none',
  }),
);

const remedies: ReadonlyMap<string, string> = new Map(
  Object.entries({
    admin_token: 'Use auth_type none with auth.endpoint if the service runs without Keystone, or token.',
    token_endpoint: 'Use auth_type none with auth.endpoint if the service runs without Keystone, or token.',
    v2password: 'Keystone v2 is gone since Queens: use password.',
    v2token: 'Keystone v2 is gone since Queens: use token.',
  }),
);

/**
 * The way to authenticate: that of `auth_type`, or, if nothing sets it, that which the credentials fit, those of the code
 * before those of the entry as a whole.
 */
export function authTypeOf(entry: LocatedMap, explicit: LocatedMap): AuthType {
  const stated = entry.entries.get('auth_type');
  if (stated === undefined) return fitFor(explicit) ?? fitFor(entry) ?? 'password';
  if (stated.kind !== 'text') throw complaint(stated.origin, 'must be a single value');
  const name = plain(stated);
  const type = types.get(name);
  if (type !== undefined) return type;
  throw complaint(
    stated.origin,
    `is ${JSON.stringify(name)}, which is not supported; supported are ${supported.join(', ')}`,
    remedies.get(name) ??
      'Make an application credential (openstack application credential create) and use that.',
  );
}

const supported = [...types.keys()].filter((name) => name !== '' && name !== 'None');

function fitFor(layer: LocatedMap): AuthType | undefined {
  if (authText(layer, 'password') !== undefined) return 'password';
  if (authText(layer, 'application_credential_secret') !== undefined) return 'v3applicationcredential';
  return authText(layer, 'token') === undefined ? undefined : 'token';
}

import { ConfigError } from '../errors/errors.ts';
import { Secret } from '@groundcrew/ground';
import { domainOf, type Entry, given, missing, required } from './auth-keys.ts';
import { scopeMember } from './scope.ts';

/**
 * The body of `POST /v3/auth/tokens` for an entry of `clouds.yaml`. Its secrets are still `Secret`s: printed, it
 * shows `***`; {@link wireText} makes the text that Keystone gets.
 *
 * @throws ConfigError, naming the key that is missing or that contradicts another.
 * @see https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
 */
export function tokenRequest(entry: Entry): { readonly auth: Readonly<Record<string, unknown>> } {
  switch (entry.auth_type) {
    case 'password':
      return {
        auth: {
          identity: { methods: ['password'], password: { user: passwordUser(entry) } },
          ...scopeMember(entry),
        },
      };
    case 'token':
      return {
        auth: {
          identity: { methods: ['token'], token: { id: required(entry, 'token') } },
          ...scopeMember(entry),
        },
      };
    case 'v3applicationcredential':
      // It has its scope from when it was made; Keystone refuses a request that names one.
      return {
        auth: {
          identity: {
            methods: ['application_credential'],
            application_credential: applicationCredential(entry),
          },
        },
      };
    default:
      throw new ConfigError(`cloud ${entry.name}: auth_type ${entry.auth_type} has no token`, {
        key: 'auth_type',
      });
  }
}

/** Serialises a body with its secrets revealed: for the wire, and for nothing else. */
export const wireText = (body: unknown): string =>
  JSON.stringify(body, function (this: Record<string, unknown>, key: string, value: unknown) {
    // `value` has been through `toJSON` and is `***`; what it was is still in its holder.
    const original = this[key];
    return original instanceof Secret ? original.reveal() : value;
  });

function passwordUser(entry: Entry): Record<string, unknown> {
  return { ...userOf(entry), password: required(entry, 'password') };
}

/** A user by id, or by name and domain. */
function userOf(entry: Entry): Record<string, unknown> {
  const id = given(entry.auth, 'user_id');
  if (id !== undefined) return { id };
  const name = given(entry.auth, 'username');
  if (name === undefined) throw missing(entry, 'username', 'user_id');
  const domain = domainOf(entry.auth, 'user');
  if (domain === undefined) throw missing(entry, 'user_domain_name', 'user_domain_id');
  return { name, domain };
}

/** By its id, or by its name together with its user: names are unique per user only. */
function applicationCredential(entry: Entry): Record<string, unknown> {
  const id = given(entry.auth, 'application_credential_id');
  const name = given(entry.auth, 'application_credential_name');
  if (id === undefined && name === undefined) {
    throw missing(entry, 'application_credential_id', 'application_credential_name');
  }
  const secret = required(entry, 'application_credential_secret');
  return id === undefined ? { name, user: userOf(entry), secret } : { id, secret };
}

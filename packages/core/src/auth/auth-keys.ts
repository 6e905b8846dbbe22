import type { AuthEntry, CloudEntry } from '../config/cloud-entry.ts';
import { ConfigError } from '../errors/errors.ts';
import { Secret } from '@groundcrew/ground';

/** The entry from which credentials are read. */
export interface Entry extends Pick<CloudEntry, 'name' | 'auth_type'> {
  readonly auth: AuthEntry & {
    /** A token of nothing, even if the user has a default project. */
    readonly unscoped?: boolean | undefined;
  };
}

/** The value of a key of `auth`, which must be there and not empty. */
export function required<K extends keyof AuthEntry>(entry: Entry, key: K): NonNullable<AuthEntry[K]> {
  const value = given(entry.auth, key);
  if (value === undefined) throw missing(entry, key);
  return value;
}

/** The value of a key of `auth`; an empty one, as of a variable that was exported empty, counts as none. */
export function given<K extends keyof AuthEntry>(
  auth: AuthEntry,
  key: K,
): NonNullable<AuthEntry[K]> | undefined {
  const value = auth[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (value instanceof Secret && value.reveal() === '') return undefined;
  return value;
}

/** The error for keys of which none is given. */
export function missing(
  entry: Entry,
  ...keys: readonly [keyof AuthEntry, ...(keyof AuthEntry)[]]
): ConfigError {
  const [key] = keys;
  return new ConfigError(
    `cloud ${entry.name}: auth.${keys.join(' or auth.')} is missing (auth_type ${entry.auth_type})`,
    {
      key: `auth.${key}`,
      remedy: `Set ${key} under auth in clouds.yaml, or OS_${key.toUpperCase()} in the environment.`,
    },
  );
}

/**
 * The domain of the user or of the project. Beside a project, `domain_id` and `domain_name` stand for both
 * (openstacksdk `config/loader.py`, `_handle_domain_id`).
 */
export function domainOf(
  auth: AuthEntry,
  whose: 'user' | 'project',
): { id: string } | { name: string } | undefined {
  const isShared =
    whose === 'project' ||
    given(auth, 'project_id') !== undefined ||
    given(auth, 'project_name') !== undefined;
  const id = given(auth, `${whose}_domain_id`);
  if (id !== undefined) return { id };
  const name = given(auth, `${whose}_domain_name`);
  if (name !== undefined) return { name };
  if (!isShared) return undefined;
  const sharedId = given(auth, 'domain_id');
  if (sharedId !== undefined) return { id: sharedId };
  const sharedName = given(auth, 'domain_name');
  return sharedName === undefined ? undefined : { name: sharedName };
}

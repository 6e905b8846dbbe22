/**
 * The keys of `auth`, under every name that openstacksdk and keystoneauth take them by, to the names that
 * `AuthEntry` has. A value under the present name wins over one under an old one.
 */
export const authAliases: ReadonlyMap<string, string> = new Map([
  ['tenant_id', 'project_id'],
  ['tenant_name', 'project_name'],
  ['user_name', 'username'],
  ['auth_token', 'token'],
]);

/**
 * Keys for which a value outside of `auth` wins over the one in it (openstacksdk `config/loader.py`,
 * `_fix_backwards_auth`); for all others the one in `auth` wins (`_validate_auth`).
 */
export const outerWins: ReadonlySet<string> = new Set([
  'domain_id',
  'domain_name',
  'user_domain_id',
  'user_domain_name',
  'project_domain_id',
  'project_domain_name',
  'project_id',
  'project_name',
  'token',
]);

/** Every key that belongs in `auth`, aliases among them. */
export const authKeys: ReadonlySet<string> = new Set([
  ...authAliases.keys(),
  ...outerWins,
  'auth_url',
  'endpoint',
  'username',
  'user_id',
  'password',
  'system_scope',
  'trust_id',
  'default_domain_id',
  'default_domain_name',
  'application_credential_id',
  'application_credential_name',
  'application_credential_secret',
]);

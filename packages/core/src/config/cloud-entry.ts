import type { Secret } from '@groundcrew/ground';

/**
 * The settings by which one cloud is reached: an entry of `clouds.yaml` after search, merge and defaults, under the names that
 * the file uses (openstacksdk `openstack/config`).
 */
export interface CloudEntry {
  /** Its name in the file; `envvars` if it came from `OS_*`, `options` if from code. */
  readonly name: string;
  readonly auth_type: AuthType;
  readonly auth: AuthEntry;
  readonly region_name: string | undefined;
  readonly interface: Interface;
  /** `false` accepts any certificate. */
  readonly verify: boolean;
  /**
   * Path of a PEM file, or of a directory of them, with the authorities to trust besides the system's. Without one, what
   * `REQUESTS_CA_BUNDLE` or else `CURL_CA_BUNDLE` names.
   */
  readonly cacert: string | undefined;
  /** Path of the client's certificate, and of its key. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** URL of an HTTP proxy. Environment variables are honoured where they are set (`HTTPS_PROXY`, `NO_PROXY`). */
  readonly proxy: string | undefined;
  /** Hosts that are reached without the proxy, as in `NO_PROXY`. */
  readonly no_proxy: string | undefined;
  /** Seconds for one attempt, as in `api_timeout`. */
  readonly api_timeout: number | undefined;
  /** Service type to URL: from `<service>_endpoint_override`. Keys are official types: `block-storage`. */
  readonly endpoint_override: Readonly<Record<string, string>>;
  /** Service type to microversion: from `<service>_default_microversion`. */
  readonly default_microversion: Readonly<Record<string, string>>;
}

/** The kind of endpoint that calls go to. */
export type Interface = 'public' | 'internal' | 'admin';

/** `none` needs no Keystone: the endpoint is given. */
export type AuthType = 'password' | 'token' | 'v3applicationcredential' | 'none';

/** The `auth` mapping, under the names that it has in the file. */
export interface AuthEntry {
  readonly auth_url?: string | undefined;
  /** With `auth_type: none`, the URL of every service that has no `endpoint_override`. */
  readonly endpoint?: string | undefined;
  readonly username?: string | undefined;
  readonly user_id?: string | undefined;
  readonly password?: Secret | undefined;
  readonly user_domain_name?: string | undefined;
  readonly user_domain_id?: string | undefined;
  readonly project_name?: string | undefined;
  readonly project_id?: string | undefined;
  readonly project_domain_name?: string | undefined;
  readonly project_domain_id?: string | undefined;
  readonly domain_name?: string | undefined;
  readonly domain_id?: string | undefined;
  /** `all`, the only value that Keystone has. */
  readonly system_scope?: string | undefined;
  readonly trust_id?: string | undefined;
  /** `true` asks for no scope, also where the user has a default project. */
  readonly unscoped?: boolean | undefined;
  readonly token?: Secret | undefined;
  readonly application_credential_id?: string | undefined;
  readonly application_credential_name?: string | undefined;
  readonly application_credential_secret?: Secret | undefined;
}

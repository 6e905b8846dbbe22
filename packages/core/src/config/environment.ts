import { type Located, type LocatedMap, mapOf, type Origin } from './located.ts';
import { authKeys } from './auth-aliases.ts';
import { hidden } from './secret-keys.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that choose a cloud or a file, and are of no cloud; and those that mean something else. */
const notOfCloud = new Set([
  'OS_CLOUD',
  'OS_CLOUD_NAME',
  'OS_CLIENT_CONFIG_FILE',
  'OS_CLIENT_SECURE_FILE',
  // The key of osprofiler, which is a secret, and not the name of a vendor's profile.
  'OS_PROFILE',
]);
const otherTools = /^OS_(TEST|STD|LOG)/;

/**
 * The cloud that `OS_*` variables describe: `OS_AUTH_URL` is `auth_url`, and so on for every key of an entry.
 *
 * @returns `undefined` unless one of them is a credential or says whom to ask: `OS_VERSION` makes no cloud.
 */
export function environmentCloud(env: Environment): LocatedMap | undefined {
  const entries: [string, Located][] = [];
  for (const [variable, value] of Object.entries(env)) {
    if (value === undefined || !variable.startsWith('OS_')) continue;
    if (notOfCloud.has(variable) || otherTools.test(variable)) continue;
    const key = variable.slice(3).toLowerCase();
    entries.push([key, { kind: 'text', value: hidden(key, value), origin: originOf(variable) }]);
  }
  const isCloud = entries.some(([key, node]) => (authKeys.has(key) || key === 'auth_type') && !isEmpty(node));
  return isCloud ? mapOf(entries, originOf('OS_*')) : undefined;
}

/** The name of the cloud that the environment describes. */
export const environmentName = (env: Environment): string => env['OS_CLOUD_NAME'] || 'envvars';

/**
 * The proxy that the environment names for URLs like this one, as curl and requests read it: small letters
 * first, and never `HTTP_PROXY` in a CGI, where the client could set it.
 */
export function environmentProxy(
  env: Environment,
  url: string,
): { proxy: string | undefined; no_proxy: string | undefined } {
  const http = env['http_proxy'] || (env['REQUEST_METHOD'] === undefined ? env['HTTP_PROXY'] : undefined);
  const https = env['https_proxy'] || env['HTTPS_PROXY'];
  const proxy =
    (url.startsWith('https:') ? https : http) || env['all_proxy'] || env['ALL_PROXY'] || undefined;
  return { proxy, no_proxy: env['no_proxy'] || env['NO_PROXY'] || undefined };
}

/**
 * The authorities that the environment names, as requests and with it the `openstack` command read it
 * (`merge_environment_settings` in `requests/sessions.py`): a file or a directory. An entry's `cacert` goes before it.
 */
export const environmentBundle = (env: Environment): string | undefined =>
  env['REQUESTS_CA_BUNDLE'] || env['CURL_CA_BUNDLE'] || undefined;

const originOf = (variable: string): Origin => ({ file: undefined, line: undefined, key: variable });
const isEmpty = (node: Located): boolean => node.kind === 'text' && node.value === '';

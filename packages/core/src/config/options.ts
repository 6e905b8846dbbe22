import { ConfigError } from '../errors/errors.ts';
import { Secret } from '@groundcrew/ground';
import type { AuthEntry, AuthType, Interface } from './cloud-entry.ts';
import { type Located, type LocatedMap, mapOf, type Origin } from './located.ts';
import type { ConfigSources } from './search.ts';
import { hidden } from './secret-keys.ts';

/**
 * Options that choose a cloud and override its entry. A value that is given here wins over every file and over the
 * environment.
 *
 * With `auth.auth_url` (or, without Keystone, `auth.endpoint`) and no `cloud`, it stands for itself: no file is
 * read, and of the environment nothing but the proxy and the CA bundle count, so that credentials of one cloud never reach
 * another.
 */
export interface LoadOptions extends ConfigSources {
  /** Its name in `clouds.yaml`, or that of the environment's (`envvars`). By default `OS_CLOUD`, then `OS_*`. */
  readonly cloud?: string | undefined;
  /** Name of a profile in `clouds-public.yaml` to build on. */
  readonly profile?: string | undefined;
  /** By default the cloud's first. */
  readonly region_name?: string | undefined;
  /** By default what the credentials are fit for. */
  readonly auth_type?: AuthType | 'v3password' | 'v3token' | undefined;
  readonly auth?: AuthOptions | undefined;
  readonly interface?: Interface | undefined;
  readonly verify?: boolean | undefined;
  readonly cacert?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly proxy?: string | undefined;
  readonly no_proxy?: string | undefined;
  /** Seconds for one attempt. */
  readonly api_timeout?: number | undefined;
  /** Service type to URL. */
  readonly endpoint_override?: Readonly<Record<string, string>> | undefined;
  /** Service type to microversion. */
  readonly default_microversion?: Readonly<Record<string, string>> | undefined;
}

/** The `auth` mapping, with secrets as plain text where that is at hand. */
export type AuthOptions = {
  readonly [K in keyof AuthEntry]: Secret extends AuthEntry[K] ? AuthEntry[K] | string : AuthEntry[K];
};

const settings = [
  'profile',
  'region_name',
  'auth_type',
  'auth',
  'interface',
  'verify',
  'cacert',
  'cert',
  'key',
  'proxy',
  'no_proxy',
  'api_timeout',
] as const satisfies readonly (keyof LoadOptions)[];

/** The options as one more source of settings; those that are `undefined` are not in it. */
export function optionsMap(options: LoadOptions): LocatedMap {
  const entries: [string, Located][] = [];
  for (const key of settings) {
    const value: unknown = options[key];
    if (value !== undefined && value !== null) entries.push([key, located(value, ['options', key])]);
  }
  for (const key of ['endpoint_override', 'default_microversion'] as const) {
    for (const [type, value] of Object.entries(options[key] ?? {})) {
      entries.push([`${type.replaceAll('-', '_')}_${key}`, located(value, ['options', key, type])]);
    }
  }
  return mapOf(entries, originOf(['options']));
}

function located(value: unknown, path: readonly string[]): Located {
  const origin = originOf(path);
  const key = path.at(-1) ?? '';
  if (typeof value === 'string') return { kind: 'text', value: hidden(key, value), origin };
  if (value instanceof Secret) return { kind: 'text', value, origin };
  if (typeof value === 'number' || typeof value === 'boolean')
    return { kind: 'text', value: String(value), origin };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const given = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
    return mapOf(
      given.map(([name, member]) => [name, located(member, [...path, name])]),
      origin,
    );
  }
  throw new ConfigError(`${origin.key} is a ${Array.isArray(value) ? 'list' : typeof value}`, {
    key: origin.key,
  });
}

const originOf = (path: readonly string[]): Origin => ({
  file: undefined,
  line: undefined,
  key: path.join('.'),
});

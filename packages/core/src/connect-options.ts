import { callable, count, flag, type OptionKinds, limit, misfit, object, text } from './call-options.ts';
import type { ConnectOptions } from './cloud.ts';
import type { LoadOptions } from './config/load.ts';
import { ConfigError } from './errors.ts';

/** Those of `loadCloud`. What their text means is said by its own schema, which also takes a file's: `verify: 'no'`. */
const LOAD_OPTIONS: Readonly<Record<keyof LoadOptions, OptionKinds[string]>> = {
  cloud: text,
  profile: text,
  region_name: text,
  auth_type: text,
  auth: object,
  interface: text,
  verify: { fits: (value) => flag.fits(value) || text.fits(value), is: flag.is },
  cacert: text,
  cert: text,
  key: text,
  proxy: text,
  no_proxy: text,
  api_timeout: {
    fits: (value) => limit.fits(Number(value)),
    is: 'a number of seconds greater than 0',
  },
  endpoint_override: object,
  default_microversion: object,
  env: object,
  home: text,
  cwd: text,
  readFile: callable,
};

const CONNECT_OPTIONS: Readonly<Record<keyof ConnectOptions, OptionKinds[string]>> = {
  ...LOAD_OPTIONS,
  timeout: limit,
  deadline: limit,
  retries: count,
  maxBody: count,
  fetch: callable,
  dispatcher: object,
  clock: {
    fits: (value) =>
      object.fits(value) &&
      ['now', 'sleep'].every((name) => callable.fits(Reflect.get(value as object, name))),
    is: 'a clock, with now() and sleep()',
  },
  random: callable,
  instrumentation: {
    fits: (value) => object.fits(value) && callable.fits(Reflect.get(value as object, 'begin')),
    is: 'an instrumentation, with begin()',
  },
};

/** @throws ConfigError with the key `options.NAME` for an option that there is not, or that is of the wrong kind */
export const assertLoadOptions = (options: LoadOptions): void => assertOptions(options, LOAD_OPTIONS);

/** As {@link assertLoadOptions}, with those of the client besides. */
export const assertConnectOptions = (options: ConnectOptions): void =>
  assertOptions(options, CONNECT_OPTIONS);

function assertOptions(options: object, kinds: OptionKinds): void {
  if (!object.fits(options)) throw new ConfigError('options: must be an object', { key: 'options' });
  for (const [name, value] of Object.entries(options)) {
    // `null` is "not set", as in the file.
    const why = value === null && Object.hasOwn(kinds, name) ? undefined : misfit(name, value, kinds);
    if (why !== undefined) throw new ConfigError(`options.${name}: ${why}`, { key: `options.${name}` });
  }
}

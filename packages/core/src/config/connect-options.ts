import {
  callable,
  count,
  flag,
  type OptionRules,
  limit,
  optionFault,
  object,
  text,
} from '../options/option-checks.ts';
import type { Clock, Duration } from '@groundcrew/ground';
import type { Instrumentation } from '../telemetry/instrumentation.ts';
import type { LoadOptions } from './options.ts';
import type { ConfigSources } from './search.ts';
import { ConfigError } from '../errors/errors.ts';

/**
 * Options of `connect()`: they choose a cloud (see {@link LoadOptions}) and set the limits of its calls.
 *
 * Nothing is read from the environment after `connect()` has returned, and nothing is sent before the first call.
 */
export interface ConnectOptions extends LoadOptions {
  /** For one attempt; `Infinity`: no limit. @default the entry's `api_timeout`, or '1m' */
  readonly timeout?: Duration | undefined;
  /** For one call with all its attempts; `Infinity`: no limit. @default '5m' */
  readonly deadline?: Duration | undefined;
  /** The number of times that a call may be repeated after a transient failure. @default 4 */
  readonly retries?: number | undefined;
  /**
   * Bytes of an answer that is read as a whole, after decompression; a larger one is a `BodyLimitError`. A page of 1,000
   * servers has about 3 MiB. @default 67,108,864 (64 MiB)
   */
  readonly maxBody?: number | undefined;
  /** @default the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
  /** An undici dispatcher of your own (version 7), instead of the one that TLS and proxy settings make. */
  readonly dispatcher?: unknown;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
  /** From 0 to 1, for the jitter of retries. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Follows each attempt, such as `openTelemetry()` of `@groundcrew/core/opentelemetry`. @default none */
  readonly instrumentation?: Instrumentation | undefined;
}

/** The options of `listClouds`. */
const SOURCES: Readonly<Record<keyof ConfigSources, OptionRules[string]>> = {
  env: object,
  home: text,
  cwd: text,
  readFile: callable,
};

/** The options of `loadCloud`. Its own schema says what their text means, which also takes a file's: `verify: 'no'`. */
const LOAD_OPTIONS: Readonly<Record<keyof LoadOptions, OptionRules[string]>> = {
  ...SOURCES,
  cloud: text,
  profile: text,
  region_name: text,
  auth_type: text,
  auth: object,
  interface: text,
  verify: { accepts: (value) => flag.accepts(value) || text.accepts(value), expected: flag.expected },
  cacert: text,
  cert: text,
  key: text,
  proxy: text,
  no_proxy: text,
  api_timeout: {
    accepts: (value) => limit.accepts(Number(value)),
    expected: 'a number of seconds greater than 0',
  },
  endpoint_override: object,
  default_microversion: object,
};

const CONNECT_OPTIONS: Readonly<Record<keyof ConnectOptions, OptionRules[string]>> = {
  ...LOAD_OPTIONS,
  timeout: limit,
  deadline: limit,
  retries: count,
  maxBody: count,
  fetch: callable,
  dispatcher: object,
  clock: {
    accepts: (value) =>
      object.accepts(value) &&
      ['now', 'sleep'].every((name) => callable.accepts(Reflect.get(value as object, name))),
    expected: 'a clock, with now() and sleep()',
  },
  random: callable,
  instrumentation: {
    accepts: (value) => object.accepts(value) && callable.accepts(Reflect.get(value as object, 'begin')),
    expected: 'an instrumentation, with begin()',
  },
};

/** @throws ConfigError with the key `options.NAME` for an option that there is not, or that is of the wrong kind */
export const assertConfigSources = (options: ConfigSources): void => assertOptions(options, SOURCES);

/** As {@link assertConfigSources}, with those that choose and describe a cloud besides. */
export const assertLoadOptions = (options: LoadOptions): void => assertOptions(options, LOAD_OPTIONS);

/** As {@link assertLoadOptions}, with those of the client besides. */
export const assertConnectOptions = (options: ConnectOptions): void =>
  assertOptions(options, CONNECT_OPTIONS);

function assertOptions(options: object, rules: OptionRules): void {
  if (!object.accepts(options)) throw new ConfigError('options: must be an object', { key: 'options' });
  for (const [name, value] of Object.entries(options)) {
    // `null` is "not set", as in the file.
    const why = value === null && Object.hasOwn(rules, name) ? undefined : optionFault(name, value, rules);
    if (why !== undefined) throw new ConfigError(`options.${name}: ${why}`, { key: `options.${name}` });
  }
}

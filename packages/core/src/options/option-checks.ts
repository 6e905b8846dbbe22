import { aDuration, aPositiveDuration } from '@groundcrew/ground';
import { InputError } from '../errors/errors.ts';

/** A check of an option, with the words that describe what is valid. */
export interface Kind {
  readonly fits: (value: unknown) => boolean;
  readonly is: string;
}

/** Options by name. */
export type OptionKinds = Readonly<Record<string, Kind>>;

/** A limit of time: `Infinity` is none. */
export const limit: Kind = {
  fits: (value) => value === Number.POSITIVE_INFINITY || aPositiveDuration.safeParse(value).success,
  is: "a number of milliseconds greater than 0, or text with a unit, such as '90s'",
};
const pause: Kind = {
  fits: (value) => value === Number.POSITIVE_INFINITY || aDuration.safeParse(value).success,
  is: "a number of milliseconds from 0, or text with a unit, such as '90s'",
};
export const count: Kind = {
  fits: (value) => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && Number(value) >= 0),
  is: 'a whole number from 0',
};
export const flag: Kind = { fits: (value) => typeof value === 'boolean', is: 'true or false' };
export const callable: Kind = { fits: (value) => typeof value === 'function', is: 'a function' };
export const text: Kind = { fits: (value) => typeof value === 'string', is: 'text' };
const texts: Kind = {
  fits: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  is: 'a list of texts',
};
/** Of any realm: a test's or a frame's signal is no instance of this one's class. */
const signal: Kind = {
  fits: (value) => isObject(value) && 'aborted' in value && 'addEventListener' in value,
  is: 'an AbortSignal',
};
export const object: Kind = { fits: isObject, is: 'an object' };

export const CALL_OPTIONS: OptionKinds = {
  signal,
  timeout: limit,
  deadline: limit,
  retries: count,
  maxBody: count,
  headers: object,
};
export const DELETE_OPTIONS: OptionKinds = { ...CALL_OPTIONS, missingOk: flag };
export const FIND_OPTIONS: OptionKinds = { ...CALL_OPTIONS, missingOk: flag };
export const WAIT_OPTIONS: OptionKinds = {
  ...CALL_OPTIONS,
  patience: pause,
  interval: pause,
  maxInterval: pause,
  failure: texts,
};
export const TRANSFER_OPTIONS: OptionKinds = { ...CALL_OPTIONS, stall: limit, onProgress: callable };
export const UPLOAD_OPTIONS: OptionKinds = { ...TRANSFER_OPTIONS, algorithm: text };
export const VERSIONS_OPTIONS: OptionKinds = { signal, fresh: flag };

/**
 * Options are arguments, and parsed as strictly: one that is misspelt would be left out in silence, and a `timeout` of `'30'`
 * or `NaN` would be none.
 *
 * @param prefix - what stands before the name in the field
 * @throws InputError with the field `options.NAME`
 */
export function checkOptions(
  options: object,
  kinds: OptionKinds,
  operation: string,
  prefix = 'options.',
): void {
  if (!isObject(options))
    throw new InputError(`${operation}: options: must be an object`, { field: 'options', operation });
  for (const [name, value] of Object.entries(options)) {
    const why = misfit(name, value, kinds);
    if (why === undefined) continue;
    const field = `${prefix}${name}`;
    throw new InputError(`${operation}: ${field}: ${why}`, { field, operation });
  }
}

/** The reason why an option is not valid; `undefined` if it is. Shows nothing of its value: it may be a secret. */
export function misfit(name: string, value: unknown, kinds: OptionKinds): string | undefined {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind === undefined) return `no such option; there are ${Object.keys(kinds).join(', ')}`;
  return value === undefined || kind.fits(value) ? undefined : `must be ${kind.is}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

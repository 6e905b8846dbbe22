import { getHashes } from 'node:crypto';
import { aDuration, aPositiveDuration } from '@groundcrew/ground';
import { InputError } from '../errors/errors.ts';

/** A check of an option, with the words that describe what is valid. */
export interface OptionRule {
  readonly accepts: (value: unknown) => boolean;
  readonly expected: string;
}

/** Options by name. */
export type OptionRules = Readonly<Record<string, OptionRule>>;

/** A limit of time: `Infinity` is none. */
export const limit: OptionRule = {
  accepts: (value) => value === Number.POSITIVE_INFINITY || aPositiveDuration.safeParse(value).success,
  expected: "a number of milliseconds greater than 0, or text with a unit, such as '90s'",
};
const pause: OptionRule = {
  accepts: (value) => value === Number.POSITIVE_INFINITY || aDuration.safeParse(value).success,
  expected: "a number of milliseconds from 0, or text with a unit, such as '90s'",
};
export const count: OptionRule = {
  accepts: (value) => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && Number(value) >= 0),
  expected: 'a whole number from 0',
};
export const flag: OptionRule = { accepts: (value) => typeof value === 'boolean', expected: 'true or false' };
export const callable: OptionRule = {
  accepts: (value) => typeof value === 'function',
  expected: 'a function',
};
export const text: OptionRule = { accepts: (value) => typeof value === 'string', expected: 'text' };
const algorithm: OptionRule = {
  accepts: (value) => typeof value === 'string' && getHashes().includes(value),
  expected: "the name of a hash, such as 'sha512'",
};
const texts: OptionRule = {
  accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  expected: 'a list of texts',
};
const textsByName: OptionRule = {
  accepts: (value) => isObject(value) && Object.values(value).every((item) => typeof item === 'string'),
  expected: 'texts by name',
};
const isOffset = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const range: OptionRule = {
  accepts: (value) => {
    if (!isObject(value)) return false;
    const { from, to, ...others } = value as { readonly from?: unknown; readonly to?: unknown };
    return isOffset(from) && (to === undefined || isOffset(to)) && Object.keys(others).length === 0;
  },
  expected: '{ from, to } with offsets from 0',
};
/** A signal of any realm: a test's or a frame's signal is no instance of this one's class. */
const signal: OptionRule = {
  accepts: (value) => isObject(value) && 'aborted' in value && 'addEventListener' in value,
  expected: 'an AbortSignal',
};
export const object: OptionRule = { accepts: isObject, expected: 'an object' };

export const CALL_OPTIONS: OptionRules = {
  signal,
  timeout: limit,
  deadline: limit,
  retries: count,
  maxBody: count,
  headers: object,
};
export const DELETE_OPTIONS: OptionRules = { ...CALL_OPTIONS, missingOk: flag };
export const FIND_OPTIONS: OptionRules = { ...CALL_OPTIONS, missingOk: flag };
export const WAIT_OPTIONS: OptionRules = {
  ...CALL_OPTIONS,
  patience: pause,
  interval: pause,
  maxInterval: pause,
  failure: texts,
};
export const TRANSFER_OPTIONS: OptionRules = { ...CALL_OPTIONS, stall: limit, onProgress: callable };
export const UPLOAD_OPTIONS: OptionRules = { ...TRANSFER_OPTIONS, algorithm };
export const OBJECT_UPLOAD_OPTIONS: OptionRules = {
  ...TRANSFER_OPTIONS,
  contentType: text,
  metadata: textsByName,
  overwrite: flag,
};
export const OBJECT_DOWNLOAD_OPTIONS: OptionRules = { ...TRANSFER_OPTIONS, range };
export const VERSIONS_OPTIONS: OptionRules = { signal, fresh: flag };

/**
 * Options are arguments, and parsed as strictly: one that is misspelt would be left out in silence, and a `timeout` of `'30'`
 * or `NaN` would be none.
 *
 * @param prefix - what stands before the name in the field
 * @throws InputError with the field `options.NAME`
 */
export function checkOptions(
  options: object,
  rules: OptionRules,
  operation: string,
  prefix = 'options.',
): void {
  if (!isObject(options))
    throw new InputError(`${operation}: options: must be an object`, { field: 'options', operation });
  for (const [name, value] of Object.entries(options)) {
    const why = optionFault(name, value, rules);
    if (why === undefined) continue;
    const field = `${prefix}${name}`;
    throw new InputError(`${operation}: ${field}: ${why}`, { field, operation });
  }
}

/** @throws InputError with the field, if a caller without types gives no text, or an empty one */
export function assertText(value: string, field: string, operation: string): void {
  if (typeof value === 'string' && value !== '') return;
  throw new InputError(`${operation}: ${field}: must be text`, { field, operation });
}

/** The reason why an option is not valid; `undefined` if it is. Shows nothing of its value: it may be a secret. */
export function optionFault(name: string, value: unknown, rules: OptionRules): string | undefined {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined) return `no such option; there are ${Object.keys(rules).join(', ')}`;
  return value === undefined || rule.accepts(value) ? undefined : `must be ${rule.expected}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

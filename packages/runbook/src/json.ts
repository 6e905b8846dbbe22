import { RunbookError } from './errors.ts';

/** Values that JSON can store: plans, inputs, outputs and journals hold nothing else. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A value that a file would not give back as it was; `field` says where in it: `output.server.created`. */
export class NotJsonError extends RunbookError {
  readonly code = 'not-json';
  readonly field: string;

  constructor(field: string, found: string) {
    super(`${field} is ${found}, which JSON does not keep`, {
      remedy: 'Use text, finite numbers, booleans, null, and plain lists and objects of them.',
    });
    this.field = field;
  }
}

/** Deeper than anything meant, and far from where recursion ends. */
const DEEPEST = 200;

/**
 * A frozen copy that shares nothing with the value. Members that are `undefined` are left out, as JSON does; whatever
 * else JSON would change on the way (dates, `NaN`, instances of classes, functions, holes) is an error.
 *
 * @throws NotJsonError
 */
export const frozenJson = (value: unknown, field: string): Json => frozen(value, [field]);

/** @param place - the names that lead to the value; only an error makes text of them */
function frozen(value: unknown, place: (string | number)[]): Json {
  if (place.length > DEEPEST + 1) throw notJson(place, `nested deeper than ${DEEPEST} (or in a circle)`);
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw notJson(place, 'text with half a character in it');
      return value;
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw notJson(place, String(value));
      // JSON has no -0.
      return value + 0;
    case 'object':
      if (value === null) return null;
      return Array.isArray(value) ? frozenList(value, place) : frozenObject(value, place);
    case 'undefined':
    case 'bigint':
    case 'symbol':
    case 'function':
      throw notJson(place, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

function frozenList(list: readonly unknown[], place: (string | number)[]): Json {
  const depth = place.push(0);
  // Array.from visits holes, which map would skip.
  const copy = Array.from(list, (item, at) => {
    place[depth - 1] = at;
    return frozen(item, place);
  });
  place.pop();
  return Object.freeze(copy);
}

function frozenObject(object: object, place: (string | number)[]): Json {
  const prototype: unknown = Object.getPrototypeOf(object);
  // Not compared with Object.prototype: an object of another realm (a vm, a worker) is as plain as ours.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw notJson(place, `an instance of ${object.constructor?.name ?? 'a class'}`);
  if (Object.keys(object).some((key) => !key.isWellFormed()))
    throw notJson(place, 'an object, one of whose names has half a character in it');
  const depth = place.push('');
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(object)) {
    const member = (object as Readonly<Record<string, unknown>>)[key];
    if (member === undefined) continue;
    place[depth - 1] = key;
    const value = frozen(member, place);
    // An assignment would not keep a member called __proto__ a member.
    if (key === '__proto__') Object.defineProperty(copy, key, { value, enumerable: true });
    else copy[key] = value;
  }
  place.pop();
  return Object.freeze(copy);
}

/**
 * Freezes what holds nothing but JSON that nobody else has, or that is frozen already: a plan of thousands of steps is not copied again.
 */
export function frozenInPlace<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) frozenInPlace(member);
  return Object.freeze(value);
}

const notJson = (place: readonly (string | number)[], found: string): NotJsonError =>
  new NotJsonError(place.join('.'), found);

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
export function frozenJson(value: unknown, field: string, depth = 0): Json {
  if (depth > DEEPEST) throw new NotJsonError(field, `nested deeper than ${DEEPEST} (or in a circle)`);
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new NotJsonError(field, 'text with half a character in it');
      return value;
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new NotJsonError(field, String(value));
      // JSON has no -0.
      return value + 0;
    case 'object':
      if (value === null) return null;
      return Array.isArray(value) ? frozenList(value, field, depth) : frozenObject(value, field, depth);
    case 'undefined':
    case 'bigint':
    case 'symbol':
    case 'function':
      throw new NotJsonError(field, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

function frozenList(list: readonly unknown[], field: string, depth: number): Json {
  // Array.from visits holes, which map would skip.
  return Object.freeze(Array.from(list, (item, at) => frozenJson(item, `${field}.${at}`, depth + 1)));
}

function frozenObject(object: object, field: string, depth: number): Json {
  const prototype: unknown = Object.getPrototypeOf(object);
  // Not compared with Object.prototype: an object of another realm (a vm, a worker) is as plain as ours.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new NotJsonError(field, `an instance of ${object.constructor?.name ?? 'a class'}`);
  if (Object.keys(object).some((key) => !key.isWellFormed()))
    throw new NotJsonError(field, 'an object, one of whose names has half a character in it');
  const entries = Object.entries(object).filter(([, member]) => member !== undefined);
  // fromEntries keeps a member called __proto__ a member; an assignment would not.
  return Object.freeze(
    Object.fromEntries(
      entries.map(([key, member]) => [key, frozenJson(member, `${field}.${key}`, depth + 1)]),
    ),
  );
}

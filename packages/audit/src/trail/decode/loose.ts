import { maskValue } from '@groundcrew/ground';

const DEPTH = 6;
const LENGTH = 4_000;
const ELEMENTS = 200;

/** A copy that may be kept: JSON, without secrets, no deeper and no longer than is of use. */
export function kept(value: unknown): JsonValue {
  const masked = maskValue(value);
  // Nearly everything is: looking is cheaper than a second copy.
  return isBounded(masked, 0) ? masked : bounded(masked, 0);
}

function isBounded(value: unknown, depth: number): value is JsonValue {
  if (typeof value === 'string') return value.length <= LENGTH;
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth >= DEPTH) return false;
  return Array.isArray(value)
    ? value.length <= ELEMENTS && value.every((element) => isBounded(element, depth + 1))
    : Object.values(value).every((element) => isBounded(element, depth + 1));
}

/** Secrets are masked before: field that is cut in two would not be recognised. */
function bounded(value: unknown, depth: number): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number')
    return Number.isFinite(value) || typeof value !== 'number' ? value : String(value);
  if (typeof value === 'string') return value.length > LENGTH ? `${value.slice(0, LENGTH)}…` : value;
  if (depth >= DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, ELEMENTS).map((element) => bounded(element, depth + 1));
  // No JSON has anything else.
  if (typeof value !== 'object') return null;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, bounded(field, depth + 1)]));
}

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

/** The entry of a table for a word that comes from outside: a table has none for `constructor`. */
export const entryOf = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

/** Copies an object without its keys that are `undefined`. */
export const present = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

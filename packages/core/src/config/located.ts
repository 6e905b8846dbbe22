import { ConfigError } from '../errors/errors.ts';
import type { Secret } from '@groundcrew/ground';

/** The place where a value was written, for errors about it. */
export interface Origin {
  /** Path of the file; `undefined` for the environment and for options. */
  readonly file: string | undefined;
  /** Counted from 1. */
  readonly line: number | undefined;
  /** As it was written there: `clouds.prod.auth.auth_url`, `OS_AUTH_URL`, `options.auth.auth_url`. */
  readonly key: string;
}

/**
 * A configuration value that knows where it came from, through every merge.
 *
 * Scalars are text as written, so that a project id of digits only is not rounded and `2.10` not shortened. What
 * the text means (a boolean, a number) is decided by the key that it is read for.
 */
export type Located = LocatedText | LocatedMap | LocatedList;

export interface LocatedText {
  readonly kind: 'text';
  /** `null` is YAML's null: given, and empty. */
  readonly value: string | Secret | null;
  readonly origin: Origin;
}

export interface LocatedMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Located>;
  readonly origin: Origin;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly Located[];
  readonly origin: Origin;
}

/** The error about a value at `origin`. `what` goes on after the key, and must not quote a secret. */
export function complaint(origin: Origin, what: string, remedy?: string): ConfigError {
  const place =
    origin.file === undefined ? '' : `${origin.file}:${origin.line === undefined ? '' : `${origin.line}:`} `;
  const subject = origin.key === '' ? 'the file' : origin.key;
  return new ConfigError(`${place}${subject} ${what}`, { ...origin, remedy });
}

/** The mapping that `node` must be; an empty one where there is none. */
export function asMap(node: Located | undefined, otherwise: Origin): LocatedMap {
  if (node === undefined) return mapOf([], otherwise);
  if (node.kind === 'map') return node;
  if (node.kind === 'text' && node.value === null) return mapOf([], node.origin);
  throw complaint(
    node.origin,
    `must be a mapping, and is ${node.kind === 'list' ? 'a list' : 'a single value'}`,
  );
}

/** The text at a key, if it is given and not empty. */
export function textOf(map: LocatedMap, key: string): LocatedText | undefined {
  const node = map.entries.get(key);
  if (node === undefined || isUnset(node)) return undefined;
  if (node.kind === 'text') return node;
  throw complaint(
    node.origin,
    `must be a single value, and is a ${node.kind === 'list' ? 'list' : 'mapping'}`,
  );
}

/** Null, or empty text as of a variable that was exported empty: as if it had not been given. */
export function isUnset(node: Located): boolean {
  if (node.kind !== 'text') return false;
  if (node.value === null) return true;
  return (typeof node.value === 'string' ? node.value : node.value.reveal()) === '';
}

/** The value of text that is no secret; a secret comes out as `***`. */
export const plain = (node: LocatedText): string => String(node.value ?? '');

export const mapOf = (entries: Iterable<readonly [string, Located]>, origin: Origin): LocatedMap => ({
  kind: 'map',
  entries: new Map(entries),
  origin,
});

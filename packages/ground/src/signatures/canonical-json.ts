import { createHash, type Hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * Writes a value as canonical JSON (RFC 8785): the same text for the same data, in whatever order its members were made.
 *
 * @param value - what JSON can store; whether it is that is the caller's to check
 * @example canonicalJson({ b: 1, a: [true, null] }); // '{"a":[true,null],"b":1}'
 */
export const canonicalJson = (value: unknown): string => canonicalize(value) ?? '';

/**
 * Computes a digest: `sha256:` and 64 hex digits over canonical JSON, so that it is the same for the same data.
 *
 * @example digestOfJson({ b: 1, a: 2 }) === digestOfJson({ a: 2, b: 1 }); // true
 */
export function digestOfJson(value: unknown): string {
  const hash = createHash('sha256');
  digestParts(hash, value, PIECES);
  return `sha256:${hash.digest('hex')}`;
}

/** How deep what is digested is taken apart: the members of a plan, and of each list in it. */
const PIECES = 2;

/** Piece by piece: the text of a whole plan of thousands of steps is never in memory at once. */
function digestParts(hash: Hash, value: unknown, depth: number): void {
  if (depth > 0 && Array.isArray(value)) {
    hash.update('[');
    // By index: holes are visited, and canonical JSON has null there as for `undefined`.
    for (let at = 0; at < value.length; at += 1) {
      if (at > 0) hash.update(',');
      digestParts(hash, value[at] ?? null, depth - 1);
    }
    hash.update(']');
    return;
  }
  if (depth > 0 && isPlain(value)) {
    hash.update('{');
    let isFirst = true;
    for (const key of Object.keys(value).toSorted()) {
      const member = value[key];
      if (member === undefined || typeof member === 'symbol') continue;
      hash.update(`${isFirst ? '' : ','}${JSON.stringify(key)}:`);
      isFirst = false;
      digestParts(hash, member, depth - 1);
    }
    hash.update('}');
    return;
  }
  hash.update(canonicalJson(value));
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('toJSON' in value);

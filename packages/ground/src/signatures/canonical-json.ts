import { createHash } from 'node:crypto';
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
export const digestOfJson = (value: unknown): string =>
  `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;

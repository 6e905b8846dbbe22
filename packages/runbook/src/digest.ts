import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Json } from './json.ts';

/** `sha256:` and 64 hex digits over canonical JSON (RFC 8785): the same for the same data, however it was written. */
export const digestOf = (value: Json): string =>
  `sha256:${createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex')}`;

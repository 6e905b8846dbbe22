import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { frozenJson, type Json } from '../json.ts';
import type { Plan } from './plan.ts';

/**
 * Computes a digest: `sha256:` and 64 hex digits over canonical JSON (RFC 8785): the same for the same data, however it
 * was written.
 */
export const digestOf = (value: Json): string =>
  `sha256:${createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex')}`;

/** Computes the digest of a plan, whatever digest it carries. @throws NotJsonError */
export const digestOfPlan = (plan: Plan): string =>
  digestOf(
    frozenJson(Object.fromEntries(Object.entries(plan).filter(([name]) => name !== 'digest')), 'plan'),
  );

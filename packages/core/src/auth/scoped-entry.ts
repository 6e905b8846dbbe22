import { parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { AuthEntry, CloudEntry } from '../config/cloud-entry.ts';

/** The scope of a token: a project, a domain, the whole deployment, or nothing but Keystone itself. */
export type Scope =
  | { readonly project_id: string }
  | { readonly project_name: string; readonly project_domain_id: string }
  | { readonly project_name: string; readonly project_domain_name: string }
  | { readonly domain_id: string }
  | { readonly domain_name: string }
  | { readonly system_scope: 'all' }
  | { readonly unscoped: true };

const name = z.string().min(1);
/** A scope that is misspelt would be left out, and the token be of another one. */
const aScope = z.union([
  z.strictObject({ project_id: name }),
  z.strictObject({ project_name: name, project_domain_id: name }),
  z.strictObject({ project_name: name, project_domain_name: name }),
  z.strictObject({ domain_id: name }),
  z.strictObject({ domain_name: name }),
  z.strictObject({ system_scope: z.literal('all') }),
  z.strictObject({ unscoped: z.literal(true) }),
]);

/**
 * The entry with another scope in the place of its own.
 *
 * @throws InputError if a caller without types gives no scope
 */
export function scopedEntry(entry: CloudEntry, scope: Scope): CloudEntry {
  parseArguments('scoped', aScope, scope);
  const kept = Object.entries(entry.auth).filter(([name]) => !SCOPE_KEYS.has(name));
  return { ...entry, auth: { ...(Object.fromEntries(kept) as AuthEntry), ...scope } };
}

const SCOPE_KEYS: ReadonlySet<string> = new Set([
  'project_id',
  'project_name',
  'project_domain_id',
  'project_domain_name',
  'domain_id',
  'domain_name',
  'system_scope',
  'trust_id',
  'unscoped',
]);

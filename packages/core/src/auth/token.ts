import { z } from 'zod';
import { type Catalog, readCatalog } from './catalog.ts';
import type { Secret } from '@groundcrew/ground';
import { Timestamp } from '../record/timestamp.ts';

const Domain = z.looseObject({ id: z.string().optional(), name: z.string().optional() });

/** The user that a token belongs to. */
const User = z.looseObject({
  id: z.string(),
  name: z.string().optional(),
  domain: Domain.optional().catch(undefined),
  /** The time at which the password stops working; null if it never does. */
  password_expires_at: Timestamp.nullish().catch(undefined),
});

const Project = z.looseObject({
  id: z.string(),
  name: z.string().optional(),
  domain: Domain.optional().catch(undefined),
});

/** The part of Keystone's answer about a token, as far as it can be relied on; unknown fields pass. */
const TokenBody = z.looseObject({
  /** The methods by which it was obtained: `password`, `token`, `application_credential`, … */
  methods: z.array(z.string()).catch([]),
  user: User.optional().catch(undefined),
  /** The project it is scoped to. */
  project: Project.optional().catch(undefined),
  /** The domain it is scoped to. */
  domain: Domain.optional().catch(undefined),
  /** `{ all: true }` if it is scoped to the whole deployment. */
  system: z.looseObject({ all: z.boolean().optional() }).optional().catch(undefined),
  'OS-TRUST:trust': z.looseObject({ id: z.string() }).optional().catch(undefined),
  roles: z.array(z.looseObject({ id: z.string().optional(), name: z.string() })).catch([]),
  /** As written by Keystone, on its clock. */
  issued_at: Timestamp.optional().catch(undefined),
  /** As written by Keystone, on its clock. */
  expires_at: Timestamp.nullish().catch(undefined),
  /** The ids of the token and of those that it was made from: for audit trails, no secret. */
  audit_ids: z.array(z.string()).catch([]),
});
export type TokenBody = z.output<typeof TokenBody>;

/** A token that Keystone gave or confirmed, what it stands for, and the catalogue that came with it. */
export interface Grant extends TokenBody {
  readonly value: Secret;
  /** Milliseconds since 1970 on this client's clock, however wrong that is; `undefined` if it is not known. */
  readonly expiresAt: number | undefined;
  readonly catalog: Catalog;
}

/** A token of a session. */
export interface Token extends Grant {
  /** 1 for the first token of a session; each further one is one higher. */
  readonly generation: number;
}

/** Reads the body of `POST` or `GET /v3/auth/tokens`; `undefined` if it is none. */
export function readToken(
  body: unknown,
): { readonly facts: TokenBody; readonly catalog: Catalog } | undefined {
  const parsed = z.looseObject({ token: TokenBody }).safeParse(body);
  if (!parsed.success) return undefined;
  const { catalog, ...facts } = parsed.data.token;
  return { facts, catalog: readCatalog(catalog) };
}

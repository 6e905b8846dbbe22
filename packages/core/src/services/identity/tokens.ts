import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Switch } from './paging.ts';
import { GivenSecret } from '../../record/secret-fields.ts';
import { tolerant } from '../../record/tolerant.ts';

const Named = tolerant({ id: z.string(), name: z.string().optional() });
/** Of a federated user the domain may have neither id nor name. */
const InDomain = tolerant({
  id: z.string(),
  name: z.string(),
  domain: tolerant({
    id: z.string().nullable().optional(),
    name: z.string().nullable().optional(),
  }).optional(),
});

/** The details of a token: its user, scope and expiry. The token itself is not in it. */
export const TokenDetails = answer({
  methods: z.array(z.string()),
  user: InDomain,
  issued_at: Timestamp,
  expires_at: Timestamp,
  audit_ids: z.array(z.string()).optional(),
  /** At most one of `project`, `domain` and `system`. */
  project: InDomain.optional(),
  domain: Named.optional(),
  system: tolerant({ all: z.boolean().optional() }).optional(),
  is_domain: z.boolean().optional(),
  /** Absent of a token without scope. */
  roles: z.array(Named).optional(),
  catalog: z
    .array(tolerant({ type: z.string(), name: z.string().optional(), endpoints: z.array(tolerant({})) }))
    .optional(),
  application_credential: tolerant({
    id: z.string(),
    name: z.string().optional(),
    restricted: z.boolean().optional(),
  }).optional(),
  'OS-TRUST:trust': tolerant({ id: z.string() }).optional(),
});
export type TokenDetails = OutputAt<typeof TokenDetails>;

const headers = {
  subject_token: 'X-Subject-Token',
  access_rules: 'OpenStack-Identity-Access-Rules',
} as const;

/**
 * `1.0` for a service that enforces the access rules of application credentials, or for a caller that asks about its own token.
 * Without it Keystone answers 404 for a token that has them, although it is valid (`_validate_token_access_rules` in
 * `keystone/token/provider.py`).
 */
const AccessRules = z.literal('1.0').optional();

/**
 * Validation and revocation of tokens. The client itself obtains them. A caller may ask about its own; for
 * those of others it needs an administrator or service. A token that is invalid, revoked or expired is a 404.
 */
export const tokens = resource({
  name: 'tokens',
  operations: {
    /** Show a token's details. */
    validate: operation({
      verb: 'GET',
      path: 'auth/tokens',
      receive: 'token',
      headers,
      input: args({
        subject_token: GivenSecret,
        access_rules: AccessRules,
        /** Leave the catalogue out. */
        nocatalog: Switch,
        /** Take it for valid until Keystone's `allow_expired_window` (2 days) after its end. Services only. */
        allow_expired: z.boolean().optional(),
      }),
      output: TokenDetails,
    }),
    /** Ask whether a token is valid, by a failure if not. */
    check: operation({
      verb: 'HEAD',
      path: 'auth/tokens',
      headers,
      input: args({
        subject_token: GivenSecret,
        access_rules: AccessRules,
        allow_expired: z.boolean().optional(),
      }),
    }),
    /** End a token. Other tokens that were had by it end too. */
    revoke: operation({
      verb: 'DELETE',
      path: 'auth/tokens',
      headers,
      input: args({ subject_token: GivenSecret }),
    }),
  },
});

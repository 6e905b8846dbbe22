import { z } from 'zod';
import { answer, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Links } from './link.ts';
import { tolerant } from '../../record/tolerant.ts';

const Flag = z.boolean().nullable().optional();

/** Options of a user, as answered. */
const UserOptions = tolerant({
  ignore_change_password_upon_first_use: Flag,
  ignore_password_expiry: Flag,
  ignore_lockout_failure_attempts: Flag,
  ignore_user_inactivity: Flag,
  lock_password: Flag,
  multi_factor_auth_enabled: Flag,
  multi_factor_auth_rules: z.array(z.array(z.string())).nullable().optional(),
}).optional();

/** Options of a user, to be set. `null` removes an option; those left out stay. */
export const GivenUserOptions = z
  .strictObject({
    /** The password need not be changed at first use. */
    ignore_change_password_upon_first_use: Flag,
    ignore_password_expiry: Flag,
    /** Failed attempts do not lock the user out. */
    ignore_lockout_failure_attempts: Flag,
    /** 2024.1 and later. */
    ignore_user_inactivity: Flag,
    /** The user cannot change the password. */
    lock_password: Flag,
    multi_factor_auth_enabled: Flag,
    /** Sets of methods, of which one is enough: `[['password', 'totp']]`. */
    multi_factor_auth_rules: z.array(z.array(z.string())).nullable().optional(),
  })
  .optional();

const Federated = tolerant({
  idp_id: z.string(),
  protocols: z.array(tolerant({ protocol_id: z.string(), unique_id: z.string() })),
});

/** An account that can log in: a person or a program. */
export const User = answer({
  id: z.string(),
  name: z.string(),
  domain_id: z.string(),
  enabled: z.boolean(),
  default_project_id: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
  /** Not Keystone's own: kept for those who set it. */
  email: z.string().nullable().optional(),
  /** Null if it does not expire, absent of users of some directories. */
  password_expires_at: Timestamp.nullable().optional(),
  options: UserOptions,
  federated: z.array(Federated).optional(),
  links: Links,
});
export type User = OutputAt<typeof User>;

/** Identities of a user at identity providers, to be set. */
export const GivenFederated = z
  .array(
    z.strictObject({
      idp_id: z.string(),
      protocols: z.array(z.strictObject({ protocol_id: z.string(), unique_id: z.string() })),
    }),
  )
  .optional();

import type { CompliancePolicy } from '../policy/define-policy.ts';
import type { Estate } from './estate.ts';
import { adminPolicies } from './identity-admins.ts';
import { credentialPolicies } from './identity-credentials.ts';
import { userPolicies } from './identity-users.ts';

/** Policies on how users authenticate, for how long, and on users that may do everything. */
export const identityPack: readonly CompliancePolicy<Estate>[] = [
  ...userPolicies,
  ...adminPolicies,
  ...credentialPolicies,
];

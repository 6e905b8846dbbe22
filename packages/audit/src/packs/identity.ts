import type { CompliancePolicy } from '../policy/define-policy.ts';
import type { Estate } from './estate.ts';
import { adminPolicies } from './identity-admins.ts';
import { credentialPolicies } from './identity-credentials.ts';
import { userPolicies } from './identity-users.ts';

/** Who gets in, by what means, how long, and who may do everything. */
export const identityPack: readonly CompliancePolicy<Estate>[] = [
  ...userPolicies,
  ...adminPolicies,
  ...credentialPolicies,
];

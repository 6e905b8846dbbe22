import type { CompliancePolicy } from '../policy/define-policy.ts';
import { objectPack } from './containers.ts';
import { endpointPack } from './endpoints.ts';
import type { Estate } from './estate.ts';
import { identityPack } from './identity.ts';
import { imagePack } from './images.ts';
import { loadBalancerPack } from './load-balancers.ts';
import { quotaPack } from './quotas.ts';
import { serverPack } from './servers.ts';
import { volumePack } from './volumes.ts';

/** All policies that are shipped. */
export const allPacks: readonly CompliancePolicy<Estate>[] = [
  ...identityPack,
  ...imagePack,
  ...volumePack,
  ...serverPack,
  ...endpointPack,
  ...loadBalancerPack,
  ...quotaPack,
  ...objectPack,
];

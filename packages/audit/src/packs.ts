export { allPacks } from './packs/all.ts';
export { objectPack } from './packs/containers.ts';
export { type Crossing, crosswalk } from './packs/crosswalk.ts';
export { definePolicy } from './packs/define-policy.ts';
export { endpointPack } from './packs/endpoints.ts';
export type {
  Estate,
  EstateApplicationCredential,
  EstateContainer,
  EstateDefaultQuota,
  EstateEndpoint,
  EstateImage,
  EstateListener,
  EstateQuota,
  EstateRoleAssignment,
  EstateServer,
  EstateTransfer,
  EstateTrust,
  EstateUser,
  EstateVolume,
  EstateVolumeType,
} from './packs/estate.ts';
export { type GuideCheck, securityGuide } from './packs/guide/checks.ts';
export {
  type FileFacts,
  type GuideFacts,
  readGuideFacts,
  type ReadGuideOptions,
  type ServiceFacts,
} from './packs/guide/facts.ts';
export { judgeGuide } from './packs/guide/judge.ts';
export type { GuideService } from './packs/guide/layout.ts';
export { identityPack } from './packs/identity.ts';
export { imagePack } from './packs/images.ts';
export { loadBalancerPack } from './packs/load-balancers.ts';
export { observeEstate, type ObserveEstateOptions } from './packs/observe-estate.ts';
export { quotaPack } from './packs/quotas.ts';
export { serverPack } from './packs/servers.ts';
export { volumePack } from './packs/volumes.ts';

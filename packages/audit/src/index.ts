// The functions that a program begins with, one line for each entry; everything else is in the entry itself.
export { assessSecurityGroups } from './security-groups/assess.ts';
export { observeSecurityGroups } from './security-groups/observe/observe.ts';
export { watchSecurityGroups } from './watch/watch.ts';
export { openTrail } from './trail/trail.ts';
export { ingest } from './trail/ingest.ts';
export { observeEstate } from './packs/observe-estate.ts';
export { evaluate } from './policy/evaluate.ts';
export { observePlacement } from './placement/observe-placement.ts';
export { assessPlacement } from './placement/assess-placement.ts';
export { responsePolicy } from './response/policy.ts';
export { responseController } from './response/controller.ts';

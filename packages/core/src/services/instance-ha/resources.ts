// The resources of the service, by their names on the client: `cloud.instanceHa.<name>`.
export { hosts } from './hosts.ts';
export { notifications } from './notifications.ts';
export { segments } from './segments.ts';
export { vmoves } from './vmoves.ts';

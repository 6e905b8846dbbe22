// The resources of the service, by their names on the client: `cloud.objectStore.<name>`.
export { account } from './account.ts';
export { containers } from './containers.ts';
export { objects } from './objects.ts';

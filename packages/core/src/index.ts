export { servers } from './compute/servers.ts';

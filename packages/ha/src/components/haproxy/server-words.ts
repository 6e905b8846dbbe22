import type { HaproxyServer } from './haproxy-stat.ts';

/** Describes the state of a server, as HAProxy reports it. */
export const describeServer = (server: HaproxyServer): string =>
  `${server.name}${server.address === undefined ? '' : ` ${server.address}`}: ${server.status}${server.check === undefined ? '' : `, ${server.check}`}${server.checkSaid === undefined ? '' : ` (${server.checkSaid})`}`;

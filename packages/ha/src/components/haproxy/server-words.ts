import type { HaproxyServer } from './haproxy-stat.ts';

/** How a server stands, as HAProxy says it. */
export const describeServer = (server: HaproxyServer): string =>
  `${server.name}${server.address === undefined ? '' : ` ${server.address}`}: ${server.status}${server.check === undefined ? '' : `, ${server.check}`}${server.checkSaid === undefined ? '' : ` (${server.checkSaid})`}`;

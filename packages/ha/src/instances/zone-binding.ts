import type { HostView, ServerView } from './situation.ts';

/**
 * The zone in which the scheduler keeps a server: the one that Nova says binds it, else that of its host. Before 2.96 Nova does
 * not tell who asked for a zone, and a server that did is refused everywhere else (Placement's `member_of` of the zone's
 * aggregate).
 *
 * @param hosts all of the cloud, the lost ones too
 */
export function zoneBinding(hosts: readonly HostView[]): (server: ServerView) => string | undefined {
  const zones = new Map(hosts.map(({ host, zone }) => [host, zone]));
  return ({ zone, host }) => {
    if (zone === null) return undefined;
    return zone ?? (host === undefined ? undefined : zones.get(host));
  };
}

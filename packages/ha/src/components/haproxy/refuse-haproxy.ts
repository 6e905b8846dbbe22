import type { Refusal } from '@groundcrew/runbook';
import { seenOf, some } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';
import type { HaproxyStatus } from './observe-haproxy.ts';
import { describeServer } from './server-words.ts';

/** Draining or stopping the only server of a backend stops the service. */
export function refuseLastServer(haproxy: readonly Seen<HaproxyStatus>[]): Refusal[] {
  return seenOf(haproxy).flatMap(({ where, value }) =>
    value.proxies.flatMap((proxy): Refusal[] => {
      const up = proxy.servers.filter((server) => server.up === true);
      const untold = proxy.servers.filter((server) => server.up === undefined);
      const because = proxy.servers.map((server) => ({ statement: describeServer(server), ...where }));
      // The one that is drained may be the only one of them that works.
      if (up.length === 0 && untold.length > 0)
        return [
          {
            code: 'haproxy.unseen',
            reason: `which servers of ${proxy.name} work is not known: ${some(untold.map((server) => `${server.name} says ${server.status}`))}`,
            remedy: 'Look at the servers themselves; add `check` to those that nobody checks.',
            subject: { kind: 'backend', id: proxy.name },
            because,
          },
        ];
      const [only] = up;
      const places = new Set(up.map((server) => server.address ?? server.name));
      if (only === undefined || places.size !== 1) return [];
      return [
        {
          code: 'haproxy.last-server',
          reason: `${only.name} is the last server of ${proxy.name} that is up`,
          remedy: 'Bring another one up first.',
          subject: { kind: 'server', id: `${proxy.name}/${only.name}` },
          because,
        },
      ];
    }),
  );
}

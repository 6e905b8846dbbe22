import type { Refusal } from '@groundcrew/runbook';
import { seenOf } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';
import type { HaproxyStatus } from './observe-haproxy.ts';
import { describeServer } from './server-words.ts';

/** Draining or stopping the only server of a backend stops the service. */
export function refuseLastServer(haproxy: readonly Seen<HaproxyStatus>[]): Refusal[] {
  return seenOf(haproxy).flatMap(({ where, value }) =>
    value.proxies.flatMap((proxy): Refusal[] => {
      const up = proxy.servers.filter((server) => server.up === true);
      const [only] = up;
      const places = new Set(up.map((server) => server.address ?? server.name));
      if (only === undefined || places.size !== 1) return [];
      return [
        {
          code: 'haproxy.last-server',
          reason: `${only.name} is the last server of ${proxy.name} that is up`,
          remedy: 'Bring another one up first.',
          subject: { kind: 'server', id: `${proxy.name}/${only.name}` },
          because: proxy.servers.map((server) => ({ statement: describeServer(server), ...where })),
        },
      ];
    }),
  );
}

import { sortServers } from './servers-to-move.ts';
import type { Situation } from './situation.ts';

/**
 * Hosts that were fenced here and are not back: what was running on them does not, and evacuation asks their boards
 * again.
 */
export function heldOff({ cloud, history }: Pick<Situation, 'cloud' | 'history'>): ReadonlySet<string> {
  const up = new Set((cloud.hosts ?? []).flatMap((hostView) => (hostView.up ? [hostView.host] : [])));
  const last = new Map(history.recoveries.map((recovery) => [recovery.host, recovery.state]));
  return new Set(
    Array.from(last).flatMap(([host, state]) => (state === 'recovered' && !up.has(host) ? [host] : [])),
  );
}

/** Servers elsewhere that can be recovered only when this host is proven to be off, too. */
export function waitingFor(host: string, { cloud, history, policy }: Situation): string[] {
  const off = heldOff({ cloud, history });
  const absent = (cloud.hosts ?? []).filter((hostView) => !hostView.up && hostView.unknown === undefined);
  return absent.flatMap((hostView) =>
    hostView.host === host
      ? []
      : sortServers(hostView.host, cloud.servers ?? [], policy, off).left.flatMap(({ waitsFor, server }) =>
          waitsFor.includes(host) ? [server] : [],
        ),
  );
}

import { ObservationsByHost } from './observations-by-host.ts';
import type { Observation } from './observation.ts';
import type { Situation } from './situation.ts';

/** One that sees nothing, however sure it is. */
export interface BlindObserver {
  readonly observer: string;
  readonly reason: string;
}

/** The least number of hosts that others see for which a share says anything. */
const FEWEST = 3;

/**
 * Observers that are cut off and say so of everybody: those that call every host down, and those that call most of the hosts
 * down which another observer sees alive at that very moment. Their word counts for nothing: it is about themselves. Where all
 * hosts are really down there is nowhere to evacuate to, so that nothing is lost by not believing it.
 */
export function blindObservers({ now, observations, history, cloud, policy }: Situation): BlindObserver[] {
  const byHost = new ObservationsByHost([...history.observations, ...observations]);
  const hosts = byHost.hosts();
  const isFresh = ({ at }: Observation): boolean => at <= now && now - at <= policy.freshness;
  const newest = new Map(
    hosts.map((host) => [
      host,
      byHost.observers(host).flatMap((observer) => byHost.of(host, observer).slice(-1).filter(isFresh)),
    ]),
  );
  const all = new Set([...hosts, ...(cloud.hosts ?? []).map(({ host }) => host)]).size;
  return policy.observers.flatMap((observer): BlindObserver[] => {
    let down = 0;
    let alive = 0;
    let contradicted = 0;
    for (const latest of newest.values()) {
      const mine = latest.find((observation) => observation.observer === observer);
      if (mine === undefined) continue;
      if (mine.state === 'down') down += 1;
      if (!latest.some((observation) => observation.observer !== observer && observation.state === 'up'))
        continue;
      alive += 1;
      if (mine.state === 'down') contradicted += 1;
    }
    if (all > 1 && down === all)
      return [{ observer, reason: `it calls all of the ${all} hosts down: it sees nothing` }];
    if (alive >= FEWEST && contradicted * 2 > alive)
      return [{ observer, reason: `it calls ${contradicted} of ${alive} hosts down that others see alive` }];
    return [];
  });
}

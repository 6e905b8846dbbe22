import type { HaHistory, PastRecovery } from './history.ts';
import { LooksBy } from './looks.ts';
import type { Situation } from './situation.ts';

/** The history after a round: its looks added, those that no later decision needs left out. */
export function nextHistory({ now, observations, history, policy }: Situation): HaHistory {
  const looks = new LooksBy([...history.observations, ...observations]);
  const needed = Math.max(policy.samples, policy.cliffLooks + 1);
  const kept = looks
    .hosts()
    .flatMap((host) => looks.observers(host).flatMap((observer) => looks.of(host, observer).slice(-needed)));
  const recoveries = history.recoveries.filter(
    ({ state, startedAt }) =>
      state === 'running' || state === 'recovered' || now - startedAt < policy.flapWindow * 1000,
  );
  return { observations: kept, recoveries };
}

/** A recovery begins. */
export const withRecovery = (history: HaHistory, host: string, now: number, journal: string): HaHistory => ({
  ...history,
  recoveries: [...history.recoveries, { host, journal, startedAt: now, state: 'running' }],
});

/** What became of the last recovery of a host. */
export function withRecoveryEnded(
  history: HaHistory,
  host: string,
  state: Exclude<PastRecovery['state'], 'running'>,
  now: number,
): HaHistory {
  const last = history.recoveries.findLastIndex((one) => one.host === host);
  return {
    ...history,
    recoveries: history.recoveries.map((one, place) =>
      place === last ? { ...one, state, endedAt: now } : one,
    ),
  };
}

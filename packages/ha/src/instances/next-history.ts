import type { HaHistory, PastRecovery } from './history.ts';
import { ObservationsByHost } from './observations-by-host.ts';
import type { Situation } from './situation.ts';

/** Returns the history after a round: with its observations, and without those that no later decision needs. Pure. */
export function nextHistory({ now, observations, history, policy }: Situation): HaHistory {
  const byHost = new ObservationsByHost([...history.observations, ...observations]);
  const needed = Math.max(policy.samples, policy.cliffSamples + 1);
  const kept = byHost
    .hosts()
    .flatMap((host) => byHost.observers(host).flatMap((observer) => byHost.of(host, observer).slice(-needed)))
    // Of hosts that are no more: else whatever was ever looked at would be remembered for good.
    .filter(({ at }) => now - at <= policy.flapWindow);
  const recoveries = history.recoveries.filter(
    ({ state, startedAt }) =>
      state === 'running' ||
      state === 'recovered' ||
      state === 'half-done' ||
      now - startedAt < policy.flapWindow,
  );
  return { observations: kept, recoveries };
}

/** A recovery that begins now. */
export interface RecoveryBegun {
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Name of its journal. */
  readonly journal: string;
  /** The name of the approver. @default the controller by itself */
  readonly by?: string | undefined;
}

/**
 * Returns the history with a recovery that begins. For a host that has not been back since its last recovery, it is a
 * further attempt of that one.
 */
export function withRecovery(history: HaHistory, begun: RecoveryBegun): HaHistory {
  const { host, now, journal, by } = begun;
  const at = history.recoveries.findLastIndex((recovery) => recovery.host === host);
  const last = history.recoveries[at];
  if (last === undefined || !isLeft(last))
    return {
      ...history,
      recoveries: [...history.recoveries, { host, journal, by, startedAt: now, state: 'running' }],
    };
  const again: PastRecovery = {
    host,
    journal,
    by,
    startedAt: last.startedAt,
    attempts: attemptsOf(last) + 1,
    state: 'running',
  };
  return { ...history, recoveries: history.recoveries.with(at, again) };
}

/** Is its host off, and not back since? */
export const isLeft = ({ state }: PastRecovery): boolean => state === 'recovered' || state === 'half-done';

export const attemptsOf = ({ attempts = 1 }: PastRecovery): number => attempts;

/** Returns the history with the outcome of the last recovery of a host. */
export function withRecoveryEnded(
  history: HaHistory,
  host: string,
  state: Exclude<PastRecovery['state'], 'running'>,
  now: number,
): HaHistory {
  const last = history.recoveries.findLastIndex((recovery) => recovery.host === host);
  return {
    ...history,
    recoveries: history.recoveries.map((recovery, place) =>
      place === last ? { ...recovery, state, endedAt: now } : recovery,
    ),
  };
}

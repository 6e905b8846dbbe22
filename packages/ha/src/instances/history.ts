import type { Observation } from './observation.ts';

/** What the decision remembers: plain data, so that a controller that takes over, or a replay, starts from it. */
export interface HaHistory {
  /** Earlier looks, oldest first; the stabiliser keeps only what the policy needs. */
  readonly observations: readonly Observation[];
  /** Recoveries, finished and not. */
  readonly recoveries: readonly PastRecovery[];
}

export interface PastRecovery {
  readonly host: string;
  /** Name of its journal: whoever takes over resumes it. */
  readonly journal?: string | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Missing while it runs. */
  readonly endedAt?: number | undefined;
  /** `recovered`: its servers are elsewhere, it is not back yet. `returned`: back in service. */
  readonly state: 'running' | 'recovered' | 'returned' | 'failed' | 'undone';
}

export const emptyHistory: HaHistory = { observations: [], recoveries: [] };

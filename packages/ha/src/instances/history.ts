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
  /** Times that it was begun, for the same failure of the host. @default 1 */
  readonly attempts?: number | undefined;
  /**
   * `recovered`: it ran to its end, the host is not back yet; servers that were left behind are tried again. `half-done`: it
   * neither ended nor could be undone, and is taken up again. `returned`: back in service. `failed`: it did not come back.
   */
  readonly state: 'running' | 'recovered' | 'half-done' | 'returned' | 'failed' | 'undone';
}

export const emptyHistory: HaHistory = { observations: [], recoveries: [] };

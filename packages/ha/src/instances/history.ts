import type { Observation } from './observation.ts';

/** The state between two rounds. It is plain data, so that another controller, or a replay, can start from it. */
export interface HaHistory {
  /** Earlier observations, oldest first; only those that the policy needs are kept. */
  readonly observations: readonly Observation[];
  /** Recoveries, finished and not. */
  readonly recoveries: readonly PastRecovery[];
}

export interface PastRecovery {
  readonly host: string;
  /** Name of its journal, which the next leader resumes. */
  readonly journal?: string | undefined;
  /** The name of the approver. @default the controller by itself */
  readonly by?: string | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The time when the recovery ended; missing while it runs. */
  readonly endedAt?: number | undefined;
  /** Number of attempts for the same failure of the host. @default 1 */
  readonly attempts?: number | undefined;
  /**
   * `recovered`: it ran to its end, the host is not back yet; servers that were left behind are tried again. `half-done`: it
   * neither ended nor could be undone, and is taken up again. `returned`: back in service. `failed`: it did not come back.
   */
  readonly state: 'running' | 'recovered' | 'half-done' | 'returned' | 'failed' | 'undone';
}

export const emptyHistory: HaHistory = { observations: [], recoveries: [] };

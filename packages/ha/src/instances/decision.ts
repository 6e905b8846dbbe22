import type { Refusal } from '@groundcrew/runbook';
import type { LeftBehind } from './servers-to-move.ts';

/** Ids of the ten gates, in the order in which they are asked (the order of InstanceHA's gates). */
export type GateId =
  | 'own-view'
  | 'heartbeat-cliff'
  | 'host-really-down'
  | 'data-source'
  | 'anything-to-move'
  | 'share-down'
  | 'aggregate-budget'
  | 'hosts-at-once'
  | 'scheduler-up'
  | 'kernel-dump';

/** The answer of one gate. */
export interface GateResult {
  readonly gate: GateId;
  /** `open`: the recovery may go on. `closed`: not now; the next round asks again. */
  readonly result: 'open' | 'closed';
  /** `cycle`: the answer concerns all hosts; otherwise the host that it concerns. */
  readonly scope: 'cycle' | { readonly host: string };
  readonly reason: string;
  /** `true` if the gate had no data and gave its `onMissing` answer. */
  readonly missing: boolean;
}

/**
 * The result of one round: what it found, and what it asks for, with every reason. It is plain data that can be kept,
 * replayed and shown.
 */
export interface Decision {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly hosts: readonly HostJudgement[];
  readonly gates: readonly GateResult[];
  /** Hosts to fence and evacuate now, in order. */
  readonly recover: readonly HostRecovery[];
  /** Hosts that were recovered earlier, are back, and may take servers again. */
  readonly bringBack: readonly string[];
  /**
   * Servers on hosts that are down or fenced, which nothing is about to move: each with its reason, in every round, until
   * they are elsewhere or the host is back.
   */
  readonly leftBehind: readonly HostLeftBehind[];
  /** Observers that did not count because they saw nothing, with the reason. */
  readonly blind: readonly { readonly observer: string; readonly reason: string }[];
  readonly refusals: readonly Refusal<`ha.gate.${GateId}` | `ha.${string}`>[];
}

export interface HostJudgement {
  readonly host: string;
  /** `suspected`: some observers report the host as down, but too few, or not for long enough. */
  readonly state: 'up' | 'suspected' | 'down' | 'unknown';
  readonly because: readonly string[];
}

export interface HostRecovery {
  readonly host: string;
  /** Ids of the servers to move. */
  readonly servers: readonly string[];
}

/** The servers that stay on a host that is down. */
export interface HostLeftBehind {
  readonly host: string;
  readonly servers: readonly LeftBehind[];
}

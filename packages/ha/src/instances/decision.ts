import type { Refusal } from '@groundcrew/runbook';
import type { LeftBehind } from './servers-to-move.ts';

/** The ten questions, in the order in which they are asked (the order of InstanceHA's gates). */
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

/** What a gate said. */
export interface GateResult {
  readonly gate: GateId;
  /** `open`: go on. `closed`: not now; the next round asks again. */
  readonly result: 'open' | 'closed';
  /** `cycle`: it concerns all; else the host. */
  readonly scope: 'cycle' | { readonly host: string };
  readonly reason: string;
  /** It had nothing to judge by, and answered as it is written down for it. */
  readonly missing: boolean;
}

/** What the round found and wants, with every reason: data, to be kept, replayed and shown. */
export interface Decision {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly hosts: readonly HostJudgement[];
  readonly gates: readonly GateResult[];
  /** Hosts to fence and evacuate now, first first. */
  readonly recover: readonly HostRecovery[];
  /** Hosts, recovered earlier, that are back and may take servers again. */
  readonly bringBack: readonly string[];
  /**
   * Servers on hosts that are down or fenced, which nothing is about to move: each with its reason, in every round, until
   * they are elsewhere or the host is back.
   */
  readonly leftBehind: readonly HostLeftBehind[];
  /** Observers whose word did not count, with the reason: they saw nothing. */
  readonly blind: readonly { readonly observer: string; readonly reason: string }[];
  readonly refusals: readonly Refusal<`ha.gate.${GateId}` | `ha.${string}`>[];
}

export interface HostJudgement {
  readonly host: string;
  /** `suspected`: some observers say down, not enough, or not for long enough. */
  readonly state: 'up' | 'suspected' | 'down' | 'unknown';
  readonly because: readonly string[];
}

export interface HostRecovery {
  readonly host: string;
  /** Ids of the servers to move. */
  readonly servers: readonly string[];
}

/** What stays on a host that is down. */
export interface HostLeftBehind {
  readonly host: string;
  readonly servers: readonly LeftBehind[];
}

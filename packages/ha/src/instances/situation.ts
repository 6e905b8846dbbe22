import type { Completeness, Gap } from '@groundcrew/core';
import type { HaHistory } from './history.ts';
import type { Observation } from './observation.ts';
import type { HaPolicy } from './policy.ts';

/** All that a decision is made of. The same situation always gives the same decision. */
export interface Situation {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** This round's looks. */
  readonly observations: readonly Observation[];
  readonly cloud: CloudView;
  readonly policy: HaPolicy;
  readonly history: HaHistory;
}

/** What the cloud says of itself, and whether it could be asked. A part that is `undefined` could not be read. */
export interface CloudView {
  /** Did the cloud's own API answer? Looks in a row in which it did not. */
  readonly apiMisses: number;
  readonly hosts: readonly HostView[] | undefined;
  readonly servers: readonly ServerView[] | undefined;
  readonly schedulers: readonly { readonly host: string; readonly up: boolean }[] | undefined;
  readonly completeness: Completeness;
  readonly gaps: readonly Gap[];
}

export interface HostView {
  readonly host: string;
  /** Id of its nova-compute service. */
  readonly service: string;
  readonly zone: string;
  readonly aggregates: readonly string[];
  readonly enabled: boolean;
  readonly up: boolean;
  readonly forcedDown: boolean;
  readonly disabledReason: string | undefined;
  /** Of its last heartbeat; milliseconds since 1970. */
  readonly heartbeat: number | undefined;
  /** `false`: an aggregate or a segment takes it out. */
  readonly protected: boolean;
  /** Since when it dumps its kernel, milliseconds since 1970: its power is left alone; `undefined` if nothing tells. */
  readonly dumpingSince?: number | undefined;
  readonly free?: Capacity | undefined;
}

export interface ServerView {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly host: string | undefined;
  /** `active`, `stopped`, `error`, … (`OS-EXT-STS:vm_state`). */
  readonly state: string;
  readonly task: string | undefined;
  readonly locked: boolean;
  /** Metadata `HA_Enabled` (Masakari). */
  readonly haEnabled: boolean | undefined;
  /** Lower goes first; metadata `groundcrew:restart_priority`, InstanceHA's `instanceha:restart_priority`. @default 100 */
  readonly priority: number;
  /** Servers, by id or name, that must run before it: metadata `groundcrew:restart_after`. */
  readonly restartAfter: readonly string[];
  /** Anti-affinity and affinity groups it is in. */
  readonly groups: readonly string[];
  readonly needs: Capacity;
}

export interface Capacity {
  readonly vcpus: number;
  /** MiB. */
  readonly memory: number;
  /** GiB of local disk; 0 of a server that boots from a volume. */
  readonly disk: number;
}

import type { Completeness, Gap } from '@groundcrew/core';
import type { HaHistory } from './history.ts';
import type { Observation } from './observation.ts';
import type { HaPolicy } from './policy.ts';

/** The input of a decision. The same situation always gives the same decision. */
export interface Situation {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Observations of this round. */
  readonly observations: readonly Observation[];
  readonly cloud: CloudView;
  readonly policy: HaPolicy;
  readonly history: HaHistory;
}

/** The state of the cloud that Nova reports. A part that is `undefined` could not be read. */
export interface CloudView {
  /** Number of rounds in a row in which the API of the cloud did not answer. */
  readonly apiMisses: number;
  readonly hosts: readonly HostView[] | undefined;
  readonly servers: readonly ServerView[] | undefined;
  readonly schedulers: readonly { readonly host: string; readonly up: boolean }[] | undefined;
  /** Server groups, by which the scheduler binds; missing if they could not be read. */
  readonly groups?: readonly GroupView[] | undefined;
  /**
   * For each size of server (`sizeKey`) the hosts on which Placement would take one more of it; missing if Placement was not
   * asked, or did not answer.
   */
  readonly candidates?: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly completeness: Completeness;
  readonly gaps: readonly Gap[];
}

export interface HostView {
  readonly host: string;
  /** Id of its nova-compute service. */
  readonly service: string;
  /** `undefined` if Nova does not tell it, as of a host in a cell that does not respond. */
  readonly zone: string | undefined;
  readonly aggregates: readonly string[];
  readonly enabled: boolean;
  /** `false` also while Nova cannot tell: see `unknown`. */
  readonly up: boolean;
  /**
   * The reason why Nova cannot tell whether it is up and enabled: its cell does not respond, or its row leaves out what every
   * row has.
   */
  readonly unknown?: string | undefined;
  readonly forcedDown: boolean;
  readonly disabledReason: string | undefined;
  /** Time of its last heartbeat; milliseconds since 1970. */
  readonly heartbeat: number | undefined;
  /** `false` if an aggregate or a segment excludes it from protection. */
  readonly protected: boolean;
  /**
   * Time at which it began to dump its kernel, milliseconds since 1970; its power is left alone meanwhile. `undefined`
   * if that is not known.
   */
  readonly dumpingSince?: number | undefined;
  readonly free?: Capacity | undefined;
}

export interface ServerView {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  /** `undefined` of one that is on none, and of one whose host Nova does not tell. */
  readonly host: string | undefined;
  /** Whether policy hides its host, which may then be any. @default false */
  readonly hostHidden?: boolean | undefined;
  /**
   * `active`, `stopped`, `error`, … (`OS-EXT-STS:vm_state`); `unknown` in a cell that does not respond, `not told` where Nova
   * leaves it out.
   */
  readonly state: string;
  /** `undefined` if there is none; `not told` where Nova leaves it out. */
  readonly task: string | undefined;
  /**
   * Its moves by Nova's migration records, the newest first; missing if they were not read, which
   * readCloudView does for servers on hosts that are not up.
   */
  readonly moves?: readonly ServerMove[] | undefined;
  /**
   * The zone that the server is bound to: `null` if it may go to any zone. It is missing if Nova does not tell; then the
   * zone of its host binds.
   */
  readonly zone?: string | null | undefined;
  readonly locked: boolean;
  /** Metadata `HA_Enabled` (Masakari). */
  readonly haEnabled: boolean | undefined;
  /** Lower goes first; metadata `groundcrew:restart_priority`, InstanceHA's `instanceha:restart_priority`. @default 100 */
  readonly priority: number;
  /** Servers, by id or name, that must run before it: metadata `groundcrew:restart_after`. */
  readonly restartAfter: readonly string[];
  /** Ids of its server groups; `undefined` if the groups could not be read. */
  readonly groups: readonly string[] | undefined;
  readonly needs: Capacity;
}

/** A migration record of Nova. */
export interface ServerMove {
  /** `migration`, `resize`, `live-migration`, `evacuation`. */
  readonly type: string | undefined;
  readonly status: string;
  readonly source: string | undefined;
  /** Missing until the scheduler has chosen. */
  readonly dest: string | undefined;
}

/** A server group, with what it says about placement. */
export interface GroupView {
  readonly id: string;
  /** `anti-affinity`, `affinity`, `soft-anti-affinity`, `soft-affinity`. */
  readonly policy: string;
  /** Servers of an `anti-affinity` group that one host takes. @default 1 */
  readonly most: number;
}

/** An amount of resources as Placement counts them. The needs of a server include the traits that its host must have. */
export interface Capacity {
  readonly vcpus: number;
  /** MiB. */
  readonly memory: number;
  /** GiB of local disk; 0 of a server that boots from a volume. */
  readonly disk: number;
  /** Amounts of further resource classes: `PCPU`, `VGPU`, `CUSTOM_…`. @default none */
  readonly others?: Readonly<Record<string, number>> | undefined;
  /** Traits that a host must have, or with `!` must not. @default none */
  readonly traits?: readonly string[] | undefined;
  /**
   * A resource that it needs and Placement does not count, such as a PCI device by alias. Whether a host has it is
   * unknown.
   */
  readonly uncounted?: string | undefined;
}

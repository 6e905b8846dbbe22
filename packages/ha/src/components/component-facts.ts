import type { Duration } from '@groundcrew/ground';

/** The way in which several replicas of a component share the work. */
export type Mode =
  /** Every replica serves every client. */
  | 'active-active'
  /** One replica serves, the others stand by. */
  | 'active-passive'
  /** All replicas have the data, one is written to. */
  | 'single-writer'
  /** The replicas serve as long as a majority of them sees each other. */
  | 'quorum'
  /** One per host, which no other replaces. */
  | 'per-host'
  /** The replicas know nothing of each other. */
  | 'independent';

/** The place where a component keeps its state. */
export type StateKind =
  /** It has none: the state is in the database and the bus of others. */
  | 'stateless'
  /** It may be lost, and costs time then. */
  | 'cache'
  /** On all members. */
  | 'replicated'
  /** On storage that every replica must reach. */
  | 'shared-storage'
  /** On one host. */
  | 'local';

/** The source of a rule. */
export interface RuleSource {
  /** `field`: seen in operation, or in bug reports; `where` says which. */
  readonly kind: 'ha-guide' | 'kolla' | 'upstream' | 'field';
  /** File, page or issue, to look it up. */
  readonly where: string;
}

/** A check of a component, by a load balancer or a person. */
export interface ComponentCheck {
  readonly id: string;
  /** The thing that is looked at, and what is expected of it. */
  readonly expects: string;
  /** The time between two checks; of a defined component in milliseconds. */
  readonly every?: Duration | undefined;
  /** Successes, or failures, one after the other before the state is believed to have changed. */
  readonly rise?: number | undefined;
  readonly fall?: number | undefined;
  /** The time without an answer after which the check has failed; of a defined component in milliseconds. */
  readonly timeout?: Duration | undefined;
  /** The path of an HTTP check. */
  readonly path?: string | undefined;
  readonly port?: number | undefined;
  readonly source: RuleSource;
}

/** A component that another one needs. */
export interface Need {
  readonly component: string;
  /** `hard`: does not work without. `soft`: works worse, slower, or until something changes. */
  readonly kind: 'hard' | 'soft';
  readonly why: string;
}

/** Something that is done to a component. More may come. */
export type Move =
  | 'stop'
  | 'restart'
  | 'bootstrap'
  | 'upgrade'
  | 'reconfigure'
  | 'drain'
  | 'evacuate'
  | (string & {});

/** The voters of a component in which a majority decides. */
export interface QuorumRule {
  readonly voters: string;
  /** Fewest voters with which one may be lost. */
  readonly minimum: number;
  /** The fate of the members that have no majority. */
  readonly minority: string;
}

/** The replicas of a component, by whether they work. */
export interface Replicas {
  /** Addresses or hosts of those that work. */
  readonly working: readonly string[];
  /** Addresses or hosts of those that do not work. */
  readonly broken: readonly string[];
  /** Addresses or hosts of those that could not be seen. */
  readonly unseen: readonly string[];
  /** The sign by which they count as working, as a title says it: `answers`, `is online`. @default 'is seen to work' */
  readonly sign?: string | undefined;
  /** The source of the observation, and its time. */
  readonly source: string;
  readonly at: string;
}

/** One replica, and whether it works. */
export interface Replica {
  /** Its address or host. */
  readonly at: string;
  /** `undefined`: that could not be told. */
  readonly works: boolean | undefined;
}

/** The facts of a component that hold without any observation. */
export interface ComponentFacts<Name extends string = string> {
  /** `mariadb`, `nova-api`: what the catalogue and needs call it. */
  readonly name: Name;
  readonly title: string;
  readonly mode: Mode;
  readonly state: StateKind;
  /** The effect of the last replica's loss. */
  readonly stops: string;
  /** The number of replicas that should work, on machines of their own. */
  readonly wanted: number;
  /** Every OpenStack has one: if it was not seen, an assessment says so. @default false */
  readonly essential?: boolean | undefined;
  /** @default none */
  readonly checks?: readonly ComponentCheck[] | undefined;
  /** @default none */
  readonly needs?: readonly Need[] | undefined;
  /** Required of mode `quorum`. */
  readonly quorum?: QuorumRule | undefined;
  /** The worker whose heartbeat OpenStack's APIs report. */
  readonly worker?:
    | { readonly service: 'compute' | 'block-storage' | 'network'; readonly kind: string }
    | undefined;
}

/**
 * How a service is upgraded, as data. A planner makes steps of it; it says nothing of hosts, and nothing of how a command gets there.
 */
export interface Recipe {
  readonly service: string;
  /** Components of the control plane, in the order in which they are restarted: each rank on all hosts before the next. */
  readonly control: readonly (readonly string[])[];
  /** Components beside the workloads, in the order in which they are restarted on one host. */
  readonly data: readonly (readonly string[])[];
  /** Its components beside the workloads go before its control plane, not after everybody's. */
  readonly dataFirst?: boolean;
  /** Behind a load balancer, to be taken out of it. */
  readonly apis: readonly string[];
  /** Set on every host of the service before anything else. */
  readonly pin?: Pin;
  /** Before the new code serves, in order. */
  readonly migrations: readonly Migration[];
  /** Once no old code is left, in order. */
  readonly contract: readonly Migration[];
  /** Data that is rewritten while the new code serves, in pieces. */
  readonly online?: OnlineMigrations;
  /** Whether there is a `SERVICE-status upgrade check`. */
  readonly hasCheck: boolean;
  /** Components that keep what they learned of the others' release until they are told. */
  readonly refresh: readonly string[];
  /** Those of them that are restarted instead, since SIGHUP does not reach them or ends their work. */
  readonly restartToRefresh: { readonly [component: string]: RestartToRefresh };
  /** How long a component of the new release takes to end: a sentence for whoever approves the plan, from which major version on. */
  readonly slowToEnd?: { readonly major: number; readonly warning: string };
  /** What its project says of old and new code at work at once. */
  readonly rolling:
    | { readonly documented: true; readonly skipsRelease: boolean }
    | { readonly documented: false; readonly because: string };
  /** What users cannot do while old and new code are at work at once: a sentence for whoever approves the plan. */
  readonly whileMixed?: string;
  /** Whether a plan of it has been run, not only written down. */
  readonly tried: boolean;
  /** Major version of its first release of 2025.1; it rises by one with each series. `undefined` where it does not. */
  readonly majorAtEpoxy: number | undefined;
}

/** An option of the configuration that makes the new code speak as the old one. */
interface Pin {
  readonly file: string;
  readonly section: string;
  readonly option: string;
  /** `from`: the number of the series that is left. */
  readonly value: 'auto' | 'from';
  /** Whether it is taken out at the end: `auto` finds the newest by itself and may stay. */
  readonly remove: boolean;
}

/** Why a component is restarted where others are sent SIGHUP. */
export interface RestartToRefresh {
  /** From which major version of its service on; 0: ever. */
  readonly from: number;
  /** From which major version on the environment of a component may ask for it before that. @default never */
  readonly byEnvironmentFrom?: number;
  /** A sentence for whoever approves the plan. */
  readonly why: string;
}

export interface Migration {
  /** Unique in the recipe: `expand`, `api-sync`. */
  readonly phase: string;
  readonly command: UpgradeCommand;
  readonly why: string;
  /** How the tool tells whether it is still to be done; without it the migration is simply run again, which its tool allows. */
  readonly state?: MigrationState;
  /** It may run only while no API serves, if there is something to do. */
  readonly needsOutage?: boolean;
}

/** A command that tells by its exit code whether a migration is done. An exit that is not named is an error. */
export interface MigrationState {
  readonly command: UpgradeCommand;
  /** It is done. */
  readonly done: readonly number[];
  /** It is still to be done. */
  readonly left: readonly number[];
  /** It may be done or not: it is run, and what comes afterwards proves nothing. @default none */
  readonly unclear?: readonly number[];
}

export interface OnlineMigrations {
  readonly command: UpgradeCommand;
  /** The option with which it stops after so many rows. */
  readonly limit: string;
}

export type UpgradeCommand = readonly [string, ...string[]];

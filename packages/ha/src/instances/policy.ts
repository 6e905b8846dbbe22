/** Masakari's four words for where the servers of a failed host go (masakari `objects/fields.py`). */
export type RecoveryMethod = 'auto' | 'reserved_host' | 'auto_priority' | 'rh_priority';

/**
 * What the decision may do. Every number has a default (`defaultPolicy`); every one is a limit that somebody was hurt
 * without.
 */
export interface HaPolicy {
  /** Observers of which at least `agreement` must say `down`, none fresh `up`, before a host counts as down. */
  readonly observers: readonly string[];
  /** @default 2, or all of them if there are fewer */
  readonly agreement: number;
  /** Looks in a row that must agree. @default 3 */
  readonly samples: number;
  /** Seconds after which a look is too old to count. @default 30 */
  readonly freshness: number;

  /** Share of the cloud's hosts; strictly more of them down stops everything. @default 0.5 */
  readonly maxShareDown: number;
  /** A cloud that is smaller judges by `maxHostsAtOnce` alone: of two hosts, one is half of the cloud. @default 6 */
  readonly shareNeedsHosts: number;
  /** Hosts that are recovered at a time. @default 2 */
  readonly maxHostsAtOnce: number;
  /** Share of the hosts seen up before, that vanish from one observer between two looks: then it is the view. @default 0.5 */
  readonly cliff: number;
  /** Looks after which a cliff is believed. @default 3 */
  readonly cliffLooks: number;
  /** Hosts of one aggregate that may be down or under recovery; of each by its name. @default no limit */
  readonly aggregateBudgets: { readonly [aggregate: string]: number };
  /** Recoveries of one host in `flapWindow` after which it is left alone. @default 2 */
  readonly maxRecoveries: number;
  /** Seconds. @default 86400 */
  readonly flapWindow: number;

  /** @default 'auto' */
  readonly method: RecoveryMethod;
  /** Spare hosts, disabled until needed, in the order of use. */
  readonly reservedHosts: readonly string[];
  /** Move servers without `HA_Enabled`, too, after those with it (masakari `evacuate_all_instances`). @default true */
  readonly evacuateAll: boolean;
  /** Servers that are evacuated at a time. @default 8 */
  readonly concurrency: number;
  /** Seconds between the starts of two evacuations. @default 0 */
  readonly stagger: number;
  /** Seconds for one server. @default 300 */
  readonly serverTimeout: number;
}

import { someNames } from '../option-parts.ts';
import {
  aDuration,
  aPositiveDuration,
  type ArgumentFault,
  type Duration,
  InputError,
  parseStrictly,
} from '@groundcrew/ground';
import { z } from 'zod';

/** The targets of the servers of a failed host, in the four words of Masakari (masakari `objects/fields.py`). */
export type RecoveryMethod = 'auto' | 'reserved_host' | 'auto_priority' | 'rh_priority';

const share = z.number().gt(0).max(1);
const count = z.int().min(1);

/** States of a server that Nova does not evacuate, unless the server is reset to `error` first. */
const RESETTABLE = ['paused', 'suspended', 'rescued', 'resized'] as const;
export type ResettableState = (typeof RESETTABLE)[number];

const Policy = z.strictObject({
  observers: someNames.min(1),
  agreement: count,
  samples: count,
  freshness: aPositiveDuration,
  apiMisses: count,
  cliff: share,
  cliffSamples: count,
  maxShareDown: share,
  shareNeedsHosts: count,
  maxHostsAtOnce: count,
  aggregateBudgets: z.record(z.string(), z.int().min(0)),
  dumpLimit: aDuration,
  maxRecoveries: count,
  flapWindow: aDuration,
  retryAfter: aDuration,
  method: z.enum(['auto', 'reserved_host', 'auto_priority', 'rh_priority']),
  reservedHosts: someNames,
  evacuateAll: z.boolean(),
  evacuateErrors: z.boolean(),
  resetStates: z.array(z.enum(RESETTABLE)),
  returning: z.enum(['power-on', 'when-up', 'never']),
  concurrency: count,
  stagger: aDuration,
  serverTimeout: aPositiveDuration,
});

/**
 * Makes a policy from what differs from the default.
 *
 * @throws InputError that names the field
 * @example
 * const policy = haPolicy({ observers: ['nova-service', 'ping'], maxHostsAtOnce: 1 });
 */
export function haPolicy(differs: HaPolicyOptions = {}): HaPolicy {
  // From JSON or YAML it may be anything.
  if (typeof differs !== 'object' || differs === null || Array.isArray(differs))
    throw refuse({ field: '(itself)', message: 'it is no object with fields' });
  const observers = differs.observers ?? defaultPolicy.observers;
  const agreement = Math.min(defaultPolicy.agreement, Array.isArray(observers) ? observers.length : Infinity);
  const policy = parseStrictly(Policy, { ...defaultPolicy, agreement, ...differs }, refuse);
  if (policy.agreement > policy.observers.length)
    throw refuse({
      field: 'agreement',
      message: `${policy.agreement} of ${policy.observers.length} observers cannot agree`,
    });
  const twice = policy.observers.find((id, at, all) => all.indexOf(id) !== at);
  if (twice !== undefined)
    throw refuse({ field: 'observers', message: `${twice} is named twice, and would agree with itself` });
  return policy;
}

const refuse = ({ field, message }: ArgumentFault): InputError =>
  new InputError(`policy: ${field}: ${message}`, { field, operation: 'haPolicy' });

/** The durations of a policy. */
type PolicyDuration = 'freshness' | 'dumpLimit' | 'flapWindow' | 'retryAfter' | 'stagger' | 'serverTimeout';

/** The values that differ from the default policy. A duration is milliseconds, or text with its unit: `'10m'`. */
export type HaPolicyOptions = Partial<Omit<HaPolicy, PolicyDuration>> &
  Readonly<Partial<Record<PolicyDuration, Duration>>>;

/**
 * Limits of the decision, as `haPolicy` gives them. Every field has a default (`defaultPolicy`). Durations are milliseconds.
 */
export interface HaPolicy {
  /** Ids of the observers that count. @default ['nova-service', 'power'] */
  readonly observers: readonly string[];
  /** Number of `observers` that must report a host as down. @default 2, or all of them if there are fewer */
  readonly agreement: number;
  /** Observations in a row that must agree. @default 3 */
  readonly samples: number;
  /** Milliseconds after which an observation is too old to count. @default 30_000 */
  readonly freshness: number;

  /** Rounds in a row without the cloud's API, after which nothing is decided. @default 3 */
  readonly apiMisses: number;
  /** Share of the hosts of the cloud. If strictly more are down, nothing is recovered. @default 0.5 */
  readonly maxShareDown: number;
  /**
   * Number of hosts from which `maxShareDown` applies. A smaller cloud is limited by `maxHostsAtOnce` alone, since one
   * of two hosts is half of the cloud.
   *
   * @default 6
   */
  readonly shareNeedsHosts: number;
  /** Hosts that are recovered at a time. @default 2 */
  readonly maxHostsAtOnce: number;
  /**
   * Share of the hosts seen up before that one observer loses between two observations. From this share on the observer
   * is doubted, and not the hosts.
   *
   * @default 0.5
   */
  readonly cliff: number;
  /** Observations after which such a loss is believed. @default 3 */
  readonly cliffSamples: number;
  /** Hosts of one aggregate that may be down or under recovery; of each by its name. @default no limit */
  readonly aggregateBudgets: { readonly [aggregate: string]: number };
  /** Milliseconds for which a kernel dump holds the power; then the host is fenced all the same. @default 600_000 */
  readonly dumpLimit: number;
  /** Recoveries of one host in `flapWindow` after which it is left alone. @default 2 */
  readonly maxRecoveries: number;
  /** Milliseconds for which a recovery counts. @default 86_400_000 */
  readonly flapWindow: number;
  /** Milliseconds from the end of a recovery that left servers behind until they are tried again. @default 60_000 */
  readonly retryAfter: number;

  /** @default 'auto' */
  readonly method: RecoveryMethod;
  /** Spare hosts, disabled until needed, in the order of use. */
  readonly reservedHosts: readonly string[];
  /** Move servers without `HA_Enabled`, too, after those with it (masakari `evacuate_all_instances`). @default true */
  readonly evacuateAll: boolean;
  /**
   * Servers that were in `error` before, too (masakari `ignore_instances_in_error_state` is its opposite).
   *
   * @default true
   */
  readonly evacuateErrors: boolean;
  /**
   * States that Nova does not evacuate, in which a server is reset to `error` and then evacuated, as Masakari does with all
   * of them (masakari `host_failure.py`). What was in its memory is lost, and a paused, suspended or rescued one is stopped
   * afterwards. Servers in the others are named and stay where they are. @default none
   */
  readonly resetStates: readonly ResettableState[];
  /**
   * The treatment of a host whose servers are elsewhere. `power-on`: turned on, and enabled once it is up. `when-up`:
   * enabled once somebody brought it up. @default 'power-on'
   */
  readonly returning: 'power-on' | 'when-up' | 'never';
  /** Servers that are evacuated at a time. @default 8 */
  readonly concurrency: number;
  /** Milliseconds between the starts of two evacuations. @default 0 */
  readonly stagger: number;
  /** Time limit of one server, in milliseconds. @default 300_000 */
  readonly serverTimeout: number;
}

/** The policy that applies where nothing else is given. */
export const defaultPolicy: HaPolicy = Object.freeze({
  observers: ['nova-service', 'power'],
  agreement: 2,
  samples: 3,
  freshness: 30_000,
  apiMisses: 3,
  cliff: 0.5,
  cliffSamples: 3,
  maxShareDown: 0.5,
  shareNeedsHosts: 6,
  maxHostsAtOnce: 2,
  aggregateBudgets: {},
  dumpLimit: 600_000,
  maxRecoveries: 2,
  flapWindow: 86_400_000,
  retryAfter: 60_000,
  method: 'auto',
  reservedHosts: [],
  evacuateAll: true,
  evacuateErrors: true,
  resetStates: [],
  returning: 'power-on',
  concurrency: 8,
  stagger: 0,
  serverTimeout: 300_000,
} as const);

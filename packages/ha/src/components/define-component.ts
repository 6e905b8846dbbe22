import { parseArguments } from '@groundcrew/ground';
import type { Finding, Refusal } from '@groundcrew/runbook';
import * as z from 'zod';
import type { AssessStackOptions } from './assess-options.ts';
import type { StackSnapshot } from './snapshot.ts';

/** How several of a component share the work. */
export type Mode =
  /** Any of them serves anybody. */
  | 'active-active'
  /** One serves, others stand by. */
  | 'active-passive'
  /** All have the data, one is written to. */
  | 'single-writer'
  /** They serve as long as a majority sees each other. */
  | 'quorum'
  /** One per host, which nobody replaces. */
  | 'per-host'
  /** They know nothing of each other. */
  | 'independent';

/** Where what it knows is kept. */
export type StateKind =
  /** Nowhere: in the database and the bus of others. */
  | 'stateless'
  /** May be lost, and costs time then. */
  | 'cache'
  /** On all its members. */
  | 'replicated'
  /** On storage that every replica must reach. */
  | 'shared-storage'
  /** On the one host. */
  | 'local';

/** Whose rule something is. */
export interface RuleSource {
  /** `field`: seen in operation, or in bug reports; `where` says which. */
  readonly kind: 'ha-guide' | 'kolla' | 'upstream' | 'field';
  /** File, page or issue, to look it up. */
  readonly where: string;
}

export interface ComponentCheck {
  readonly id: string;
  /** What is looked at, and what is expected of it. */
  readonly expects: string;
  /** Milliseconds between two checks. */
  readonly every?: number | undefined;
  /** Successes, or failures, one after the other before the state is believed to have changed. */
  readonly rise?: number | undefined;
  readonly fall?: number | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  /** Of HTTP. */
  readonly path?: string | undefined;
  readonly port?: number | undefined;
  readonly source: RuleSource;
}

export interface Need {
  readonly component: string;
  /** `hard`: does not work without. `soft`: works worse, slower, or until something changes. */
  readonly kind: 'hard' | 'soft';
  readonly why: string;
}

/** What is done to a component. More may come. */
export type Move =
  | 'stop'
  | 'restart'
  | 'bootstrap'
  | 'upgrade'
  | 'reconfigure'
  | 'drain'
  | 'evacuate'
  | (string & {});

/** A move that destroys or stops something under a condition. */
export interface UnsafeMove {
  readonly id: string;
  readonly moves: readonly Move[];
  /** The condition, in words. */
  readonly when: string;
  readonly why: string;
  readonly source: RuleSource;
  /**
   * Does the condition hold in this snapshot? Of what was not seen it says so: that is a refusal, too. Without it the
   * rule is for people, since no observation tells.
   */
  readonly refuses?: ((snapshot: StackSnapshot) => readonly Refusal[]) | undefined;
}

export interface QuorumRule {
  /** Who votes. */
  readonly voters: string;
  /** Fewest voters with which one may be lost. */
  readonly minimum: number;
  /** What happens to those without a majority. */
  readonly minority: string;
}

/** Who of a component works, as far as it was seen. */
export interface Replicas {
  /** Addresses or hosts of those that work. */
  readonly working: readonly string[];
  /** Of those that do not. */
  readonly broken: readonly string[];
  /** Of those that could not be seen. */
  readonly unseen: readonly string[];
  /** By which sign they count as working, as a title says it: `answers`, `is online`. @default 'is seen to work' */
  readonly sign?: string | undefined;
  /** Where it was seen, and when. */
  readonly source: string;
  readonly at: string;
}

/** Everything that matters about one component of a management stack: data, and small functions over a snapshot. */
export interface Component {
  /** `mariadb`, `nova-api`: what the catalogue and needs call it. */
  readonly name: string;
  readonly title: string;
  readonly mode: Mode;
  readonly state: StateKind;
  /** What stops when none is left. */
  readonly stops: string;
  /** How many should work, on machines of their own. */
  readonly wanted: number;
  /** Every OpenStack has one: if it was not seen, an assessment says so. */
  readonly essential: boolean;
  readonly checks: readonly ComponentCheck[];
  readonly needs: readonly Need[];
  readonly unsafe: readonly UnsafeMove[];
  /** Of mode `quorum`, and of replicated state. */
  readonly quorum?: QuorumRule | undefined;
  /** The heartbeat that OpenStack's APIs tell of it. */
  readonly worker?:
    | { readonly service: 'compute' | 'block-storage' | 'network'; readonly kind: string }
    | undefined;
  /** Who works; `undefined` if nobody was asked. */
  readonly replicas?: ((snapshot: StackSnapshot) => Replicas | undefined) | undefined;
  /** What is wrong with it, beyond how many there are. */
  readonly judge?: ((snapshot: StackSnapshot, options: AssessStackOptions) => readonly Finding[]) | undefined;
}

export type Catalogue = Readonly<Record<string, Component>>;

/**
 * Checks a component of one's own, so that a typo is found here and not in an outage.
 *
 * @throws InputError naming the field
 * @example
 * const redis = defineComponent({
 *   name: 'redis', title: 'Redis', mode: 'active-passive', state: 'replicated', stops: 'Octavia jobs', wanted: 3,
 *   essential: false, checks: [], needs: [], unsafe: [],
 * });
 * const findings = assessStack(snapshot, { ...catalogue, redis });
 */
export function defineComponent(component: Component): Component {
  parseArguments('defineComponent', Schema, component);
  return Object.freeze({ ...component });
}

const Name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'needs a kebab-case name');
const Source = z.strictObject({
  kind: z.enum(['ha-guide', 'kolla', 'upstream', 'field']),
  where: z.string().min(1),
});
const Count = z.int().positive().optional();
const Callable = z
  .custom<unknown>((value) => value === undefined || typeof value === 'function', 'needs a function')
  .optional();

const Schema = z
  .strictObject({
    name: Name,
    title: z.string().min(1),
    mode: z.enum(['active-active', 'active-passive', 'single-writer', 'quorum', 'per-host', 'independent']),
    state: z.enum(['stateless', 'cache', 'replicated', 'shared-storage', 'local']),
    stops: z.string().min(1),
    wanted: z.int().positive(),
    essential: z.boolean(),
    checks: z.array(
      z.strictObject({
        id: Name,
        expects: z.string().min(1),
        every: Count,
        rise: Count,
        fall: Count,
        timeout: Count,
        path: z.string().startsWith('/').optional(),
        port: z.int().min(1).max(65_535).optional(),
        source: Source,
      }),
    ),
    needs: z.array(
      z.strictObject({ component: Name, kind: z.enum(['hard', 'soft']), why: z.string().min(1) }),
    ),
    unsafe: z.array(
      z.strictObject({
        id: z.string().min(1),
        moves: z.array(z.string().min(1)).min(1),
        when: z.string().min(1),
        why: z.string().min(1),
        source: Source,
        refuses: Callable,
      }),
    ),
    quorum: z
      .strictObject({ voters: z.string().min(1), minimum: z.int().positive(), minority: z.string().min(1) })
      .optional(),
    worker: z
      .strictObject({ service: z.enum(['compute', 'block-storage', 'network']), kind: z.string().min(1) })
      .optional(),
    replicas: Callable,
    judge: Callable,
  })
  .refine(({ mode, quorum }) => mode !== 'quorum' || quorum !== undefined, {
    path: ['quorum'],
    error: 'a component that lives by quorum says who votes',
  });

import { parseArguments } from '@groundcrew/ground';
import type { Finding, Refusal } from '@groundcrew/runbook';
import type * as z from 'zod';
import type { JudgeOptions } from './assess-options.ts';
import type {
  ComponentCheck,
  ComponentFacts,
  Move,
  Need,
  Replica,
  Replicas,
  RuleSource,
} from './component-facts.ts';
import type { ComponentObserver, ReadingOptions, StackView } from './component-observer.ts';
import { componentSchema } from './component-schema.ts';
import type { Partly } from '../probing/ask.ts';
import type { Seen } from './seen.ts';

/** A move that destroys or stops something under a condition. */
export interface UnsafeMove<Value = unknown> {
  readonly id: string;
  readonly moves: readonly Move[];
  /** The condition, in words. */
  readonly when: string;
  readonly why: string;
  readonly source: RuleSource;
  /**
   * Returns a refusal for each place where the condition holds. Without it the rule is for people, since no observation
   * decides it.
   */
  refuses?(seen: readonly Seen<Value>[], view: StackView): readonly Refusal[];
  /**
   * `unsafeNow` refuses by itself while a target was not seen. `false`: this rule words that itself, or another rule
   * for the same moves does. @default true
   */
  readonly refusesUnseen?: boolean | undefined;
}

/** The judgement of observations: which replicas work, what is wrong, and what must not be done. */
export interface ComponentJudgement<Value = unknown> {
  /** The replica that an observation is of, and whether it works. */
  replica?(value: Value): Replica;
  /** The sign by which a replica counts as working, as a title says it: `answers`. @default 'is seen to work' */
  readonly sign?: string | undefined;
  /** The replicas, where one observation is not one replica; `undefined` if nothing was asked. */
  replicas?(seen: readonly Seen<Value>[], view: StackView): Replicas | undefined;
  /** Finds what is wrong with the component, beyond how many replicas there are. Gaps are reported without it. */
  judge?(seen: readonly Seen<Value>[], options: JudgeOptions, view: StackView): readonly Finding[];
  /** Moves that must not be made, and when. @default none */
  readonly unsafe?: readonly UnsafeMove<Value>[] | undefined;
}

/** A component of a management stack: its facts, its observer, its judgement, and what it refuses. */
export interface Component<
  Name extends string = string,
  Key extends string = string,
  Target = unknown,
  Value = unknown,
>
  extends ComponentFacts<Name>, Partial<ComponentObserver<Key, Target, Value>>, ComponentJudgement<Value> {
  readonly essential: boolean;
  readonly checks: readonly ComponentCheck[];
  readonly needs: readonly Need[];
  readonly unsafe: readonly UnsafeMove<Value>[];
}

/** Components by name. */
export type Catalogue = Readonly<Record<string, Component>>;

/** The definition of a component that has targets. */
export interface ObservedComponent<Name extends string, Key extends string, Schema extends z.ZodType, Value>
  extends ComponentFacts<Name>, ComponentJudgement<Value> {
  /** The name under which `observeStack` takes the targets. @default the component's name */
  readonly key?: Key | undefined;
  readonly target: Schema;
  source(target: z.output<Schema>): string;
  observe(target: z.output<Schema>, options: ReadingOptions): Promise<Value | Partly<Value>>;
  componentOf?(seen: Seen<Value>): string;
  readonly unseen?: ComponentObserver['unseen'];
  readonly graceMs?: number | undefined;
}

/**
 * Defines a component: what a target is, what observes it, what is wrong with it, and what must not be done to it now.
 * The components of this package are defined in the same way. It is checked, so that a typo is found here and not in
 * an outage.
 *
 * @throws InputError naming the field
 * @example
 * const redis = defineComponent({
 *   name: 'redis', title: 'Redis', mode: 'active-passive', state: 'replicated', stops: 'jobs of Octavia', wanted: 2,
 *   target: z.strictObject({ host: z.string() }),
 *   source: ({ host }) => `redis ${host}`,
 *   observe: async ({ host }, { signal }) => ({ host, role: await roleOf(host, signal) }),
 *   replica: ({ host, role }) => ({ at: host, works: role !== 'unknown' }),
 * });
 * const mine = { ...catalogue, redis };
 * const snapshot = await observeStack({ redis: [{ host: 'redis-1' }] }, { catalogue: mine });
 * const findings = assessStack(snapshot, { catalogue: mine });
 */
export function defineComponent<
  const Name extends string,
  Schema extends z.ZodType,
  Value,
  const Key extends string = Name,
>(component: ObservedComponent<Name, Key, Schema, Value>): Component<Name, Key, z.input<Schema>, Value>;
/** Defines a component that has no targets of its own. */
export function defineComponent<const Name extends string>(
  component: ComponentFacts<Name> & ComponentJudgement<never>,
): Component<Name, never, never, never>;
export function defineComponent(component: ComponentFacts & { readonly target?: unknown }): Component {
  const parsed = parseArguments('defineComponent', componentSchema, component) as Component;
  return Object.freeze(parsed.target === undefined ? parsed : { ...parsed, key: parsed.key ?? parsed.name });
}

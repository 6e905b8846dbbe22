import {
  type ArgumentFault,
  parseStrictly,
  type Clock,
  type Duration,
  aFunction,
  anObjectWith,
} from '@groundcrew/ground';
import { z } from 'zod';
import { PlanError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { Estimate, RollbackClass, Step } from './plan.ts';
import type { Refusal } from './refusal.ts';

/**
 * The declaration of something a plan can do: its words and its data. It holds no code that acts, so that a planner can
 * name it while it stays pure, and a plan stays data. `implement` adds the code.
 */
export interface ActionSpec<Input extends z.ZodType, Output extends z.ZodType> {
  /** Stable: `ha.fence-host`. Journals and stored plans refer to it. */
  readonly name: string;
  /** One line in the imperative, for the person who approves: `Power off rack-b-compute-3`. */
  readonly title: (input: z.output<Input>) => string;
  /**
   * The schema of the step's input; checked when the step is made, and again before it acts. No secrets: it is printed.
   */
  readonly input: Input;
  /** The schema of the output that it leaves in the journal for later steps and for the reader. No secrets. */
  readonly output: Output;
  readonly rollback: RollbackClass;
  /** @default the run's id and the step's id */
  readonly key?: ((input: z.output<Input>) => string) | undefined;
}

/** Options of a step in its plan. */
export interface StepOptions<Input> {
  /** Unique in the plan: `fence-compute-3`. */
  readonly id: string;
  readonly input: Input;
  /** Steps that must have succeeded. @default none */
  readonly needs?: readonly string[] | undefined;
  /** Steps that must have ended, however they ended. @default none */
  readonly after?: readonly string[] | undefined;
  /** The planner's reason for the step: `explain` prints it below the step. */
  readonly why?: string | undefined;
  readonly estimate?: Estimate | undefined;
  /** Steps of one group run at most `Plan.concurrency.groups[group]` at a time. @default no group */
  readonly group?: string | undefined;
  /** `continue`: the others go on, and the run ends `partially-succeeded`. @default 'stop' */
  readonly onFailure?: 'stop' | 'continue' | undefined;
  /** Until its signal aborts, for each of precondition, action, verification and compensation. @default '10m' */
  readonly timeout?: Duration | undefined;
}

export interface Action<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> extends ActionSpec<Input, Output> {
  /** A step of a plan; throws `PlanError`, which names the field, on input that the action does not take. */
  step(options: StepOptions<z.input<Input>>): Step;
}

/** The context of an implementation, beside its input. */
export interface StepContext {
  readonly run: string;
  readonly step: string;
  /** The same on every attempt of this step of this run: hand it to whatever can deduplicate. */
  readonly key: string;
  /** 1 for the first; more after a crash. */
  readonly attempt: number;
  /** Aborted by the second stage of a cancel, by the step's time limit, and when the lease is lost. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Rises with every holder of the run; a target that remembers the highest can reject a holder that was succeeded. */
  readonly token: number;
  /** The output of an earlier step; throws if the plan does not order that step before this one. */
  readonly outputOf: <Input extends z.ZodType, Output extends z.ZodType>(
    action: Action<Input, Output>,
    step: string,
  ) => z.output<Output>;
  /** Tells the listeners; not journalled. */
  readonly progress: (message: string, facts?: { readonly [key: string]: Json }) => void;
}

/** The code of an action: how it is carried out on one kind of target. */
export interface StepHandlers<Input, Output> {
  /** May it be done now? Only reads: it is what a dry run calls. @default yes */
  precondition?(input: Input, context: StepContext): Promise<Refusal | undefined>;
  /**
   * Asks whether the effect is there already. Called when an earlier attempt may have acted, before acting again; an
   * answer takes the place of the action. It only reads. @default act again, with the same key
   */
  done?(input: Input, context: StepContext): Promise<Output | undefined>;
  perform(input: Input, context: StepContext): Promise<Output>;
  /** Did it work? Only reads. @default if it did not throw */
  verify?(input: Input, output: Output, context: StepContext): Promise<Refusal | undefined>;
  /** Undo; called on rollback, in reverse order, for steps that acted. `output` is missing if it died while acting. */
  compensate?(input: Input, output: Output | undefined, context: StepContext): Promise<void>;
}

/** An action that can act: what `run` is given. */
export interface Implementation {
  readonly action: Action;
  readonly handlers: StepHandlers<never, unknown>;
}

/** A slip (`preconditon`, `verfiy`) would leave out what somebody meant to be asked. */
const handlerNames = z.strictObject({
  precondition: aFunction.optional(),
  done: aFunction.optional(),
  perform: aFunction,
  verify: aFunction.optional(),
  compensate: aFunction.optional(),
});

const actionSpec = z.strictObject({
  name: z.string().min(1),
  title: aFunction,
  input: anObjectWith<z.ZodType>('a schema of zod', 'safeParse'),
  output: anObjectWith<z.ZodType>('a schema of zod', 'safeParse'),
  rollback: z.enum(['free', 'restore', 'none']),
  key: aFunction.optional(),
});

/** Its names; what they hold is checked with the plan. */
const stepOptions = z.strictObject({
  id: z.unknown().optional(),
  input: z.unknown().optional(),
  needs: z.unknown().optional(),
  after: z.unknown().optional(),
  why: z.unknown().optional(),
  estimate: z.unknown().optional(),
  group: z.unknown().optional(),
  onFailure: z.unknown().optional(),
  timeout: z.unknown().optional(),
});

/**
 * Declares an action.
 *
 * @example
 * const restart = action({
 *   name: 'mine.restart-haproxy',
 *   title: ({ host }) => `Restart HAProxy on ${host}`,
 *   input: z.strictObject({ host: z.string() }),
 *   output: z.object({ pid: z.int() }),
 *   rollback: 'free',
 * });
 */
export function action<Input extends z.ZodType, Output extends z.ZodType>(
  spec: ActionSpec<Input, Output>,
): Action<Input, Output> {
  parseStrictly(
    actionSpec,
    spec,
    ({ field, message }) => new PlanError(`action: ${field}: ${message}`, { field }),
  );
  return {
    ...spec,
    step(options) {
      const refuse = ({ field, message }: ArgumentFault): PlanError =>
        new PlanError(`step ${options.id} of ${spec.name}: ${field}: ${message}`, { field });
      parseStrictly(stepOptions, options, refuse);
      const input = parseStrictly(spec.input, options.input, ({ field, message }) =>
        refuse({ field: field === '' ? 'input' : `input.${field}`, message }),
      );
      const { why, estimate, group } = options;
      const key = spec.key?.(input);
      return {
        id: options.id,
        action: spec.name,
        title: spec.title(input),
        ...(why === undefined ? {} : { why }),
        input: input as Json,
        needs: options.needs ?? [],
        after: options.after ?? [],
        rollback: spec.rollback,
        ...(key === undefined ? {} : { key }),
        ...(estimate === undefined ? {} : { estimate }),
        ...(group === undefined ? {} : { group }),
        onFailure: options.onFailure ?? 'stop',
        timeout: options.timeout ?? '10m',
      };
    },
  };
}

/**
 * Gives an action its implementation.
 *
 * @example
 * const restarting = implement(restart, {
 *   async perform({ host }, { signal }) {
 *     await hosts.get(host).run(['service', 'haproxy', 'restart'], { signal, sudo: true });
 *     return { pid: await pidOf(host) };
 *   },
 * });
 */
export const implement = <Input extends z.ZodType, Output extends z.ZodType>(
  of: Action<Input, Output>,
  handlers: StepHandlers<z.output<Input>, z.output<Output>>,
): Implementation => {
  // A class may have fields of its own; a function that is not known here was meant to be called.
  parseStrictly(
    handlerNames,
    functionsOf(handlers),
    ({ field, message }) => new PlanError(`implementation of ${of.name}: ${field}: ${message}`, { field }),
  );
  return { action: of, handlers };
};

const functionsOf = (handlers: object): object =>
  Object.fromEntries(
    Object.entries({ perform: Reflect.get(handlers, 'perform'), ...handlers }).filter(
      ([name, value]) => Object.hasOwn(handlerNames.shape, name) || typeof value === 'function',
    ),
  );

import { messageOf, parseArguments } from '@groundcrew/ground';
import { RunbookError, type Severity } from '@groundcrew/runbook';
import * as z from 'zod';
import {
  ask,
  type CheckedOptions,
  checkedOptions,
  type CheckOptions,
  type Partly,
  UnreadError,
} from '../probing/ask.ts';
import type { Heartbeats, Seen } from './seen.ts';

/** Options that `observe` of a component is given. */
export interface ReadingOptions extends CheckedOptions {
  /** Fires at the deadline, on the caller's abort, and when the reading is over. Destroy sockets then. */
  readonly signal: AbortSignal;
}

/** The words for a component that was not seen. */
export interface UnseenWords {
  /** The id of the finding and the code of the refusal. @default the component's name and `.unseen` */
  readonly id?: string | undefined;
  /** The severity of the finding. @default 'high' */
  readonly severity?: Severity | undefined;
  /** The fact that is not known then, as a refusal says it. @default `How TITLE stands is not known` */
  readonly means?: string | undefined;
}

/**
 * The observer of a component: the schema of a target, and what reads it. Components that are seen by the same targets,
 * as all APIs are, share one observer by spreading it.
 */
export interface ComponentObserver<Key extends string = string, Target = unknown, Value = unknown> {
  /** The name under which `observeStack` takes the targets, and a snapshot has what was seen. */
  readonly key: Key;
  /** The schema of a target. */
  readonly target: z.ZodType<unknown, Target>;
  /** The name of a target in gaps and evidence: `galera db-1:3306`. */
  source(target: unknown): string;
  /**
   * Reads one target. What it throws, and what is missing at the deadline, becomes a gap. An `UnreadError` says of
   * which kind; `Partly` hands over the part that was read.
   */
  observe(target: unknown, options: ReadingOptions): Promise<Value | Partly<Value>>;
  /** The component that an observation is of, where several share the targets. @default all of them */
  componentOf?(seen: Seen<Value>): string;
  readonly unseen?: UnseenWords | undefined;
  /** Milliseconds beyond the deadline, for a reading whose parts have deadlines of their own. @default 0 */
  readonly graceMs?: number | undefined;
}

/** The observations of a whole stack, for a judgement that looks at more than one component. */
export interface StackView {
  /** `undefined` if the cloud was not asked. */
  readonly heartbeats: Heartbeats | undefined;
  /** The observations of a component's targets: `view.seen(catalogue.haproxy)`. */
  seen<Value>(observer: Partial<ComponentObserver<string, unknown, Value>>): readonly Seen<Value>[];
}

/**
 * Reads one target that was checked before, within its deadline.
 *
 * @throws only the reason of the caller's abort
 */
export const observeTarget = <Value>(
  observer: Pick<ComponentObserver<string, unknown, Value>, 'source' | 'observe' | 'graceMs'>,
  target: unknown,
  options: CheckedOptions,
): Promise<Seen<Value>> =>
  ask(
    observer.source(target),
    async (signal) => {
      try {
        const read = await observer.observe(target, { ...options, signal });
        if (read === undefined) throw new UnreadError('cut', 'it returned nothing');
        return read;
      } catch (error) {
        throw told(error);
      }
    },
    { ...options, timeout: options.timeout + (observer.graceMs ?? 0) },
  );

/**
 * Checks one target and reads it.
 *
 * @throws InputError naming the field
 */
export async function observeOne<Target, Value>(
  operation: string,
  observer: ComponentObserver<string, Target, Value>,
  target: Target,
  options: CheckOptions,
): Promise<Seen<Value>> {
  const checked = checkedOptions(operation, options);
  return observeTarget(observer, parseArguments(operation, observer.target, target), checked);
}

/** An observer is anybody's: whatever it throws is a gap, and takes no other observation with it. */
function told(error: unknown): unknown {
  const isTold =
    error instanceof UnreadError ||
    error instanceof RunbookError ||
    error instanceof z.ZodError ||
    (error instanceof Error && 'code' in error && typeof error.code === 'string');
  return isTold ? error : new UnreadError('failed', messageOf(error), { cause: error });
}

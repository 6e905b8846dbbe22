import type { CallOptions, DeleteOptions, FindOptions, WaitOptions } from '../options/call-options.ts';
import type { OperationSpec, ResourceSpec, ServiceSpec, Settling } from '../record/operation.ts';
import type { AtLeast } from '../record/microversion.ts';
import type { InputAt, OutputAt, Schema } from '../record/shape.ts';
import type { KnownOf } from '../record/tolerant.ts';

/** A service as a client sees it at microversion `V`. */
export type ServiceClient<S extends ServiceSpec, V extends string = FloorOf<S>> = {
  readonly [K in keyof S['resources']]: ResourceClient<S['resources'][K], V>;
} & {
  /**
   * The same service, pinned to a microversion: arguments and answers have the shape of that version.
   * @example `cloud.compute.at('2.96').servers.list()`
   */
  at<const W extends string>(microversion: W): ServiceClient<S, W>;
};

/** The microversion of calls that are not pinned. */
export type FloorOf<S extends ServiceSpec> = S['microversion'] extends {
  readonly floor: infer F extends string;
}
  ? `floor:${F}`
  : 'floor:0.0';

/** A resource as a client sees it at microversion `V`: its methods, `find`, `waitFor` and `waitGone`. */
export type ResourceClient<R extends ResourceSpec, V extends string> = {
  readonly [K in keyof R['operations'] as Exists<R['operations'][K], V> extends false ? never : K]: Method<
    R['operations'][K],
    V
  >;
} & Finder<R, V> &
  Waiter<R, V>;

/** The method that a record makes: an async iterable for a list, a promise for all else. */
export type Method<O extends OperationSpec, V extends string> = O extends { readonly page: string }
  ? (...args: ArgumentsOf<O, V, CallOptions>) => AsyncIterable<EntityOf<O, V>>
  : (
      ...args: ArgumentsOf<O, V, O extends { readonly verb: 'DELETE' } ? DeleteOptions : CallOptions>
    ) => Promise<EntityOf<O, V>>;

/** Whether an operation is there at the version that a client is pinned to. */
type Exists<O extends OperationSpec, V extends string> = V extends `floor:${string}`
  ? true
  : Reached<O['since'], V> extends false
    ? false
    : O['until'] extends string
      ? AtLeast<V, O['until']> extends true
        ? false
        : true
      : true;

type Reached<Since, V extends string> = Since extends string ? AtLeast<V, Since> : true;

/** The version that a call of `O` asks for: the pinned one, or the one that introduced it, or the service's floor. */
export type VersionOf<O extends OperationSpec, V extends string> = V extends `floor:${infer Floor}`
  ? O extends { readonly since: infer Since extends string }
    ? Since
    : Floor
  : V;

/** The entity that a call of `O` returns. */
export type EntityOf<O extends OperationSpec, V extends string> = O['output'] extends Schema
  ? OutputAt<O['output'], VersionOf<O, V>>
  : void;

/** The arguments of a call of `O`: its input, which may be left out if no field is required, and the options. */
export type ArgumentsOf<O extends OperationSpec, V extends string, Options> =
  Partial<InputAt<O['input'], VersionOf<O, V>>> extends InputAt<O['input'], VersionOf<O, V>>
    ? [input?: InputAt<O['input'], VersionOf<O, V>>, options?: Options]
    : [input: InputAt<O['input'], VersionOf<O, V>>, options?: Options];

type Finder<R extends ResourceSpec, V extends string> = R extends {
  readonly findBy: string;
  readonly operations: { readonly list: infer List extends OperationSpec };
}
  ? Exists<List, V> extends false
    ? unknown
    : {
        /**
         * The one with this id or name. Two with the same name are an `AmbiguousError`, none a `NotFoundError`
         * unless `missingOk`.
         */
        find(
          idOrName: string,
          options: FindOptions & { readonly missingOk: true },
        ): Promise<EntityOf<List, V> | undefined>;
        find(idOrName: string, options?: FindOptions): Promise<EntityOf<List, V>>;
      }
  : unknown;

/** The states that `waitFor` takes: those that the record knows, or any text where it knows none. */
export type StateOf<R extends ResourceSpec, V extends string> = R extends {
  readonly settles: { readonly field: infer Field extends string };
  readonly operations: { readonly get: infer Get extends OperationSpec };
}
  ? [KnownIn<EntityOf<Get, V>, Field>] extends [never]
    ? string
    : KnownIn<EntityOf<Get, V>, Field> | Lowercase<KnownIn<EntityOf<Get, V>, Field>>
  : string;

type KnownIn<Entity, Field extends string> = Field extends keyof Entity ? KnownOf<Entity[Field]> : never;

type Waiter<R extends ResourceSpec, V extends string> = R extends {
  readonly settles: Settling;
  readonly operations: { readonly get: infer Get extends OperationSpec };
}
  ? Exists<Get, V> extends false
    ? unknown
    : {
        /**
         * Waits until it is in one of these states, and returns it. A failure state, or the end of `patience`,
         * is a `WaitError` that has the states that were seen. Case does not count. A state that the record does not
         * know is no argument, since a misspelt one would be waited for until the time is over.
         */
        waitFor(
          what: InputAt<Get['input'], VersionOf<Get, V>> | string,
          state: StateOf<R, V> | readonly StateOf<R, V>[],
          options?: WaitOptions,
        ): Promise<EntityOf<Get, V>>;
        /** Waits until it is gone (404). */
        waitGone(
          what: InputAt<Get['input'], VersionOf<Get, V>> | string,
          options?: WaitOptions,
        ): Promise<void>;
      }
  : unknown;

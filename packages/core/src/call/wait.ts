import { maskText, maskValue } from '@groundcrew/ground';
import { limitOf } from '../options/limit.ts';
import { checkOptions, object, text as aText, WAIT_OPTIONS } from '../options/option-checks.ts';
import type { CallOptions, WaitOptions } from '../options/call-options.ts';
import type { Connection } from './connection.ts';
import { unlessGone } from '../errors/unless-gone.ts';
import { InputError, WaitError } from '../errors/errors.ts';
import type { ResourceSpec, ServiceSpec } from '../record/operation.ts';

type Get = (input?: unknown, options?: CallOptions) => unknown;
type Entity = Readonly<Record<string, unknown>>;

/** `waitFor` and `waitGone` for a resource that says how it settles. */
export function waiter(
  service: ServiceSpec,
  resource: ResourceSpec,
  methods: Readonly<Record<string, Get>>,
  connection: Connection,
): object {
  const { settles } = resource;
  const { get } = methods;
  if (settles === undefined || get === undefined) return {};
  const name = `${service.name} ${resource.name}`;
  return {
    waitFor: async (
      what: unknown,
      state: string | readonly string[],
      options: WaitOptions = {},
    ): Promise<unknown> => {
      checkOptions(options, WAIT_OPTIONS, `${resource.name}.waitFor`);
      const call = callOptionsOf(options);
      const wanted = statesOf(state, `${resource.name}.waitFor`);
      assertThing(what, `${resource.name}.waitFor`);
      const failure = (options.failure ?? settles.failure).map((text) => text.toLowerCase());
      const watch = new Watch(name, what, connection, options);
      for (;;) {
        const entity = (await get(watch.input, call)) as Entity;
        const seen = String(entity[settles.field]);
        watch.saw(seen, entity);
        if (wanted.includes(seen.toLowerCase())) return entity;
        if (failure.includes(seen.toLowerCase()))
          throw watch.failed(`is ${seen}, wanted ${wanted.join(' or ')}`);
        await watch.next(`to be ${wanted.join(' or ')}`);
      }
    },
    waitGone: async (what: unknown, options: WaitOptions = {}): Promise<void> => {
      checkOptions(options, WAIT_OPTIONS, `${resource.name}.waitGone`);
      assertThing(what, `${resource.name}.waitGone`);
      const call = callOptionsOf(options);
      const failure = (options.failure ?? settles.failure).map((text) => text.toLowerCase());
      const watch = new Watch(name, what, connection, options);
      for (;;) {
        const entity = (await unlessGone(async () => get(watch.input, call))) as Entity | undefined;
        if (entity === undefined) return;
        const seen = String(entity[settles.field]);
        watch.saw(seen, entity);
        // It may have been in a failure state before its deletion began: only coming into one is a failure.
        if (watch.changed && failure.includes(seen.toLowerCase()))
          throw watch.failed(`is ${seen}, wanted gone`);
        await watch.next('to be gone');
      }
    },
  };
}

/** The options of a wait that each of its calls takes. */
const callOptionsOf = ({
  patience: _patience,
  interval: _interval,
  maxInterval: _maxInterval,
  failure: _failure,
  ...call
}: WaitOptions): CallOptions => call;

/** @throws InputError if a caller without types waits for no state: nothing would ever be in it */
function statesOf(state: string | readonly string[], operation: string): readonly string[] {
  const states = [state].flat();
  if (states.length === 0 || states.some((text) => typeof text !== 'string' || text === ''))
    throw new InputError(`${operation}: state: must be a state, or a list of some`, {
      field: 'state',
      operation,
    });
  return states.map((text) => text.toLowerCase());
}

/** @throws InputError if a caller without types gives neither an id nor the arguments of `get` */
function assertThing(what: unknown, operation: string): void {
  if (aText.accepts(what) || object.accepts(what)) return;
  throw new InputError(`${operation}: id: must be text, or an object with it`, { field: 'id', operation });
}

/** Records the states that a wait has seen, and sleeps until the next call. */
class Watch {
  readonly input: object;
  readonly #name: string;
  readonly #id: string;
  readonly #connection: Connection;
  readonly #options: WaitOptions;
  readonly #startedAt: number;
  readonly #patience: number;
  readonly #seen: { state: string; times: number }[] = [];
  #interval: number;
  #last: Entity | undefined;

  constructor(name: string, what: unknown, connection: Connection, options: WaitOptions) {
    this.input = typeof what === 'string' ? { id: what } : (what as object);
    this.#name = name;
    this.#id = String((this.input as Entity)['id']);
    this.#connection = connection;
    this.#options = options;
    this.#startedAt = connection.clock.now();
    this.#patience = limitOf(options.patience) ?? 600_000;
    this.#interval = limitOf(options.interval) ?? 1_000;
  }

  /** Whether more than one state was seen. */
  get changed(): boolean {
    return this.#seen.length > 1;
  }

  saw(state: string, entity: Entity): void {
    this.#last = entity;
    const current = this.#seen.at(-1);
    if (current?.state === state) current.times += 1;
    else this.#seen.push({ state, times: 1 });
    const waitedMs = this.#connection.clock.now() - this.#startedAt;
    this.#connection.events.emit('wait', { operation: this.#name, id: this.#id, state, waitedMs });
  }

  async next(goal: string): Promise<void> {
    const { clock } = this.#connection;
    if (clock.now() - this.#startedAt + this.#interval > this.#patience) {
      throw this.#error('wait-timeout', `waited ${this.#patience} ms for ${this.#name} ${this.#id} ${goal}`);
    }
    await clock.sleep(this.#interval, this.#options.signal);
    this.#interval = Math.min(this.#interval * 1.5, limitOf(this.#options.maxInterval) ?? 10_000);
  }

  failed(why: string): WaitError {
    return this.#error('wait-failed', `${this.#name} ${this.#id} ${why}`);
  }

  #error(code: 'wait-failed' | 'wait-timeout', message: string): WaitError {
    const seen = this.#seen.map(({ state, times }) => `${state} ×${times}`).join(', ');
    const fault = faultOf(this.#last);
    return new WaitError(`${message}; saw ${seen}${fault === undefined ? '' : `: ${maskText(fault)}`}`, {
      code,
      seen: this.#seen,
      last: maskValue(this.#last),
      remedy:
        code === 'wait-timeout'
          ? 'The operation itself goes on: wait again, with more `patience`.'
          : undefined,
    });
  }
}

/** The resource's own account: `fault` of a server, `fail_reason` of a backup. */
function faultOf(entity: Entity | undefined): string | undefined {
  const fault = entity?.['fault'] as { message?: unknown } | undefined;
  const reason = fault?.message ?? entity?.['fail_reason'];
  return typeof reason === 'string' && reason !== '' ? reason : undefined;
}

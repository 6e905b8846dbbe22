import { maskText } from './mask.ts';
import { EventEmitter } from 'eventemitter3';

type Listener = (...args: never[]) => unknown;

/**
 * An emitter whose listeners do not act on who emits: one that throws, or whose promise rejects, keeps its fault to itself, and
 * the listeners behind it hear the event all the same. Without this a client took the fault for one of its own, and repeated a
 * call that had succeeded.
 *
 * The first fault of each listener is a process warning with the code `GROUNDCREW_LISTENER`, so that it is seen; it stops
 * nothing. `listeners()` gives them in their guards; `off()` takes the function that was given to `on()`.
 *
 * @example
 * const events = new Emitter<{ done: [id: string] }>();
 * events.on('done', () => { throw new Error('of the listener'); });
 * events.emit('done', '42'); // true
 */
export class Emitter<Events extends EventEmitter.ValidEventTypes> extends EventEmitter<Events> {
  readonly #guards = new WeakMap<Listener, Listener>();

  override on<T extends EventEmitter.EventNames<Events>>(
    event: T,
    fn: EventEmitter.EventListener<Events, T>,
    context?: unknown,
  ): this {
    return super.on(event, this.#guarded(fn), context);
  }

  override addListener<T extends EventEmitter.EventNames<Events>>(
    event: T,
    fn: EventEmitter.EventListener<Events, T>,
    context?: unknown,
  ): this {
    return this.on(event, fn, context);
  }

  override once<T extends EventEmitter.EventNames<Events>>(
    event: T,
    fn: EventEmitter.EventListener<Events, T>,
    context?: unknown,
  ): this {
    return super.once(event, this.#guarded(fn), context);
  }

  override removeListener<T extends EventEmitter.EventNames<Events>>(
    event: T,
    fn?: EventEmitter.EventListener<Events, T>,
    context?: unknown,
    once?: boolean,
  ): this {
    // What `once` takes off is the guard itself, which guards nothing further.
    const guard = fn === undefined ? undefined : ((this.#guards.get(fn) as typeof fn | undefined) ?? fn);
    return super.removeListener(event, guard, context, once);
  }

  override off<T extends EventEmitter.EventNames<Events>>(
    event: T,
    fn?: EventEmitter.EventListener<Events, T>,
    context?: unknown,
    once?: boolean,
  ): this {
    return this.removeListener(event, fn, context, once);
  }

  #guarded<T extends EventEmitter.EventNames<Events>>(
    fn: EventEmitter.EventListener<Events, T>,
  ): EventEmitter.EventListener<Events, T> {
    const known = this.#guards.get(fn) as typeof fn | undefined;
    if (known !== undefined) return known;
    const guard = guarded(fn) as typeof fn;
    this.#guards.set(fn, guard);
    return guard;
  }
}

function guarded(fn: Listener): Listener {
  let isTold = false;
  const tell = (error: unknown): void => {
    // Once: a listener of every request would otherwise warn at every request.
    if (isTold) return;
    isTold = true;
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.emitWarning(`a listener of an event failed: ${maskText(why)}`, {
      type: 'GroundcrewWarning',
      code: 'GROUNDCREW_LISTENER',
    });
  };
  return function guard(this: unknown, ...args: never[]): void {
    try {
      const result = fn.apply(this, args);
      if (result instanceof Promise) result.catch(tell);
    } catch (error) {
      tell(error);
    }
  };
}

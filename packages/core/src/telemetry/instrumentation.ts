import { maskText } from '@groundcrew/ground';
import type { AbortEvent, FailureEvent, RequestEvent, ResponseEvent } from './events.ts';
import { headerFault } from '../wire/headers.ts';

/**
 * Follows each attempt of a client's calls from its start to its end, and may send headers along with it.
 * `openTelemetry()` of `@groundcrew/core/opentelemetry` makes one.
 *
 * Whatever only wants to know what happens listens to `cloud.events`. An instrumentation that throws changes nothing of what
 * the client does; its first fault is a process warning with the code `GROUNDCREW_INSTRUMENTATION`.
 */
export interface Instrumentation {
  /** Called before an attempt is sent. */
  begin(attempt: AttemptStart): AttemptFollower;
}

/** An attempt that is about to be sent. */
export interface AttemptStart extends RequestEvent {
  /** The whole URL, secrets replaced by `***`. */
  readonly url: string;
}

/** The part of an {@link Instrumentation} that follows one attempt. */
export interface AttemptFollower {
  /** Sent with the attempt, such as `traceparent`. Headers that the client or the caller sets win. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Calls `send`, which begins the sending, in a context of its own. */
  within?(send: () => void): void;
  /** Called once, when the attempt has ended. */
  end(end: AttemptEnd): void;
}

/** The end of an attempt, with the event of that name. */
export type AttemptEnd =
  | { readonly outcome: 'response'; readonly event: ResponseEvent }
  | { readonly outcome: 'failure'; readonly event: FailureEvent }
  | { readonly outcome: 'abort'; readonly event: AbortEvent };

/** Wraps an instrumentation so that it cannot harm a call. */
export function guardInstrumentation(instrumentation: Instrumentation): Instrumentation {
  let isTold = false;
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      // Once: it would otherwise warn at every request.
      if (isTold) return undefined;
      isTold = true;
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.emitWarning(`the instrumentation of a client failed: ${maskText(why)}`, {
        type: 'GroundcrewWarning',
        code: 'GROUNDCREW_INSTRUMENTATION',
      });
      return undefined;
    }
  };
  return {
    begin(start) {
      const follower = attempt(() => instrumentation.begin(start));
      return {
        headers: attempt(() => sendable(follower?.headers)),
        within(send) {
          let isSent = false;
          const once = (): void => {
            if (!isSent) send();
            isSent = true;
          };
          attempt(() => follower?.within?.(once));
          once();
        },
        end: (end) => attempt(() => follower?.end(end)),
      };
    },
  };
}

/** Without those that no header can carry: they would cost the request. */
function sendable(headers: AttemptFollower['headers']): Readonly<Record<string, string>> | undefined {
  if (headers === undefined) return undefined;
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => headerFault(value) === undefined));
}

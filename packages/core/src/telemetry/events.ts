/**
 * The events of a client, by name. Requests are named by their route template
 * (`servers/{id}`), so that a metric of them has few labels; no event carries a secret or a body.
 *
 * Each attempt to send a request has an `id`, one `request` event when it starts, and exactly one event when it ends:
 * `response`, `failure` or `abort`. An attempt ends when its answer was read to the last byte, so that a body which breaks
 * off is a `failure`. The bytes of an image are read by the caller: of their download the attempt ends with the head of the
 * answer. A call that is aborted between two attempts ends without a further event.
 */
export interface CloudEvents {
  /** An attempt is about to be sent. */
  request: [RequestEvent];
  /** An attempt ended with an answer of any status. */
  response: [ResponseEvent];
  /** An attempt ended without an answer, or with one that could not be read to its end. */
  failure: [FailureEvent];
  /** An attempt was ended by the signal of its call. */
  abort: [AbortEvent];
  /** An attempt has ended in a way that may pass, and another follows after `delayMs`. */
  retry: [RetryEvent];
  /** A token was obtained or renewed. */
  token: [TokenEvent];
  /** A waiter read the state of a resource. */
  wait: [WaitEvent];
}

/** The start of an attempt. */
export interface RequestEvent {
  /** Names the attempt: no other attempt of this client, or of those made by its `scoped()`, has the same. */
  readonly id: number;
  readonly service: string;
  readonly operation: string;
  /** The path template; of a raw request its `operation`. */
  readonly route: string;
  readonly method: string;
  /** The number of the attempt within its call, from 1; one more after a token was renewed, too. */
  readonly attempt: number;
}

/** An attempt that was answered, and whose answer was read. */
export interface ResponseEvent extends RequestEvent {
  readonly status: number;
  /** Milliseconds from sending to the end of the attempt. */
  readonly durationMs: number;
  /** Milliseconds from sending to the head of the answer. */
  readonly headAfterMs: number;
  readonly requestId: string | undefined;
}

/** The facts about an attempt that was not answered to the end. */
export interface UnansweredEvent extends RequestEvent {
  /** Milliseconds from sending to the end of the attempt. */
  readonly durationMs: number;
  /** The status, if the head of an answer came before the attempt ended. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
}

/** An attempt without an answer, or with one that could not be read to its end. */
export interface FailureEvent extends UnansweredEvent {
  /** The code of the error that the call ends with if it is not repeated. */
  readonly code: 'unreachable' | 'certificate' | 'timeout' | 'too-large' | 'config';
  /** `ECONNRESET`, `CERT_HAS_EXPIRED`, …; the code again where there is no other word. */
  readonly reason: string;
}

/** An attempt that the signal of its call ended. */
export interface AbortEvent extends UnansweredEvent {}

/** Another attempt follows. `id` and `attempt` are those of the attempt that has ended. */
export interface RetryEvent extends RequestEvent {
  /** `429`, `503`, `ECONNRESET`, `timeout`, … */
  readonly reason: string;
  /** Milliseconds until the next attempt. */
  readonly delayMs: number;
}

/** A token was obtained or renewed. */
export interface TokenEvent {
  /** The reason why the token was obtained. */
  readonly reason: 'first' | 'renewal' | 'rejected';
  /** 1 for the first token of this client. */
  readonly generation: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | undefined;
}

/** A waiter read the state of a resource. */
export interface WaitEvent {
  readonly operation: string;
  readonly id: string;
  readonly state: string;
  /** Milliseconds since the wait began. */
  readonly waitedMs: number;
}

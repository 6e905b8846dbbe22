/**
 * What a client tells about its work, by event name. Requests are named by their route template
 * (`servers/{id}`), so that a metric of them has few labels; no event carries a secret or a body.
 */
export interface CloudEvents {
  /** An attempt is about to be sent. */
  request: [RequestEvent];
  /** An attempt was answered, with any status. */
  response: [ResponseEvent];
  /** An attempt failed, and another follows after `delay` milliseconds. */
  retry: [RetryEvent];
  /** A token was obtained or renewed. */
  token: [TokenEvent];
  /** A waiter looked at a resource. */
  wait: [WaitEvent];
}

export interface RequestEvent {
  readonly service: string;
  readonly operation: string;
  readonly route: string;
  readonly method: string;
  /** 1 for the first. */
  readonly attempt: number;
}

export interface ResponseEvent extends RequestEvent {
  readonly status: number;
  /** Milliseconds from sending to the head of the answer. */
  readonly duration: number;
  readonly requestId: string | undefined;
}

export interface RetryEvent extends RequestEvent {
  /** `429`, `503`, `ECONNRESET`, `timeout`, … */
  readonly reason: string;
  readonly delay: number;
}

export interface TokenEvent {
  /** Why it was needed. */
  readonly reason: 'first' | 'renewal' | 'rejected';
  /** 1 for the first token of this client. */
  readonly generation: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | undefined;
}

export interface WaitEvent {
  readonly operation: string;
  readonly id: string;
  readonly state: string;
  /** Milliseconds since the wait began. */
  readonly waited: number;
}

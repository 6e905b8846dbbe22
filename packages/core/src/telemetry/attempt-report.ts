import type { EventEmitter } from 'eventemitter3';
import type { CloudEvents, FailureEvent, RequestEvent } from './events.ts';
import type { AttemptEnd, AttemptFollower, Instrumentation } from './instrumentation.ts';

export interface AttemptReportOptions {
  readonly events: EventEmitter<CloudEvents>;
  readonly instrumentation: Instrumentation | undefined;
  /** The URL to show; asked for only if somebody wants it. */
  readonly url: () => string;
}

interface Head {
  readonly status: number;
  readonly requestId: string | undefined;
  readonly after: number;
}

/** Tells listeners and the instrumentation of one attempt: that it starts, and exactly once how it ended. */
export class AttemptReport {
  readonly event: RequestEvent;
  readonly #events: EventEmitter<CloudEvents>;
  readonly #follower: AttemptFollower | undefined;
  readonly #startedAt: number;
  #head: Head | undefined;

  constructor(event: RequestEvent, { events, instrumentation, url }: AttemptReportOptions) {
    this.event = event;
    this.#events = events;
    events.emit('request', event);
    this.#follower = instrumentation?.begin({ ...event, url: url() });
    this.#startedAt = performance.now();
  }

  /** The headers that the instrumentation adds. */
  get headers(): Readonly<Record<string, string>> | undefined {
    return this.#follower?.headers;
  }

  /** Begins a piece of work in the context of the instrumentation. */
  within<T>(work: () => Promise<T>): Promise<T> {
    if (this.#follower?.within === undefined) return work();
    return new Promise((resolve, reject) => {
      this.#follower?.within?.(() => void work().then(resolve, reject));
    });
  }

  /** The head of an answer is there. */
  head(status: number, requestId: string | undefined): void {
    this.#head = { status, requestId, after: this.#elapsed() };
  }

  responded(): void {
    const { status = 0, requestId, after = 0 } = this.#head ?? {};
    const event = { ...this.event, status, durationMs: this.#elapsed(), headAfterMs: after, requestId };
    this.#end({ outcome: 'response', event });
  }

  failed({ code, reason }: Pick<FailureEvent, 'code' | 'reason'>): void {
    this.#end({ outcome: 'failure', event: { ...this.#unanswered(), code, reason } });
  }

  aborted(): void {
    this.#end({ outcome: 'abort', event: this.#unanswered() });
  }

  #unanswered() {
    const { status, requestId } = this.#head ?? {};
    return { ...this.event, durationMs: this.#elapsed(), status, requestId };
  }

  #end(end: AttemptEnd): void {
    this.#follower?.end(end);
    switch (end.outcome) {
      case 'response':
        this.#events.emit('response', end.event);
        break;
      case 'failure':
        this.#events.emit('failure', end.event);
        break;
      case 'abort':
        this.#events.emit('abort', end.event);
        break;
    }
  }

  #elapsed(): number {
    return performance.now() - this.#startedAt;
  }
}

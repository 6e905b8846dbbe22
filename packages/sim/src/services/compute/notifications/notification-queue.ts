import type { NotificationFormat } from './notification-format.ts';

/** Messages that were delivered together, as `watchUptime({ events })` and the other readers of events take them. */
export interface NotificationBatch {
  readonly messages: readonly string[];
  /** They are safe: the queue forgets them. Without this call the next reader gets them again. */
  done(): Promise<void>;
}

/**
 * A queue of Nova's notifications, as RabbitMQ keeps one: it has what was sent since it was made, and keeps it until it is done
 * with. It is an `EventSource` of `@groundcrew/monitoring/events`.
 */
export class NotificationQueue {
  readonly name: string;
  readonly format: NotificationFormat;
  #messages: string[] = [];
  readonly #readers = new Set<() => void>();
  readonly #unbind: () => void;

  constructor(format: NotificationFormat, unbind: () => void) {
    this.format = format;
    this.name = `sim ${format === 'versioned' ? 'versioned_notifications' : 'notifications'}.info`;
    this.#unbind = unbind;
  }

  /** What waits: JSON, each in the envelope of oslo.messaging. One a line, they are a file for `fileSource`. */
  get messages(): readonly string[] {
    return this.#messages;
  }

  put(...messages: readonly string[]): void {
    this.#messages.push(...messages);
    for (const wake of this.#readers) wake();
  }

  /** Takes all that waits out of the queue: what is not put back is lost, and what is put twice comes twice. */
  take(): string[] {
    return this.#messages.splice(0);
  }

  /** Delivers what waits, and then what comes, until the signal aborts. */
  async *batches({
    signal,
  }: {
    readonly signal: AbortSignal;
  }): AsyncGenerator<NotificationBatch, void, undefined> {
    while (!signal.aborted) {
      const messages = [...this.#messages];
      if (messages.length === 0) await this.#woken(signal);
      else
        yield {
          messages,
          done: () => {
            this.#messages.splice(0, messages.length);
            return Promise.resolve();
          },
        };
    }
  }

  /** Takes no more messages. */
  close(): void {
    this.#unbind();
  }

  #woken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#readers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#readers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}

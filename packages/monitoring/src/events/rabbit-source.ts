import { z } from 'zod';
import {
  aDuration,
  aFunction,
  type Duration,
  importOptional,
  InputError,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { Secret } from '@groundcrew/core';
import type { AsyncMessage, ConsumerStatus } from 'rabbitmq-client';
import type { Batch, EventSource } from './event-source.ts';

export interface RabbitSourceOptions {
  /** `amqp://user:password@host:5672/vhost`; `amqps:` for TLS. Holds a password: give it as a `Secret`. */
  readonly url: string | Secret;
  /** `audit.info`, `notifications.info`, `versioned_notifications.info`, … of the release's vhost. */
  readonly queue: string;
  /** The most that is taken in one go. @default 500 */
  readonly batch?: number | undefined;
  /** The longest time that a message waits for others. @default '50ms' */
  readonly linger?: Duration | undefined;
  /** Told of connections that are lost and found; the source goes on by itself. */
  readonly trouble?: ((error: unknown) => void) | undefined;
}

const sourceOptions = optionsSchema<RabbitSourceOptions>({
  url: z.union([z.string().min(1), z.instanceof(Secret)]),
  queue: z.string().min(1),
  batch: z.int().min(1).max(32_000).optional(),
  linger: aDuration.optional(),
  trouble: aFunction.optional(),
});

const wrongUrl = (why: string): InputError =>
  new InputError(`rabbitSource: url: ${why}`, { field: 'url', operation: 'rabbitSource' });

/**
 * A queue of RabbitMQ, as oslo.messaging fills it. Messages are acknowledged when their events are safe; until then the
 * broker keeps them, and a queue that was away for a day is read on. The queue must be there: it is not made here, since
 * its arguments must be the services' own.
 *
 * Reading it needs the package rabbitmq-client, and rejects with a MissingPackageError where it is not installed.
 *
 * @throws InputError on an option that there is not, and for what is no URL of AMQP, of which it shows nothing
 */
export function rabbitSource(options: RabbitSourceOptions): EventSource {
  parseArguments('rabbitSource', sourceOptions, options);
  const { queue, batch = 500, trouble = () => undefined } = options;
  const linger = milliseconds(options.linger ?? '50ms');
  const url = Secret.of(options.url).reveal();
  const vhost = vhostOf(url);
  return {
    name: `rabbitmq ${vhost}/${queue}`,
    async *batches({ signal }) {
      const { Connection, ConsumerStatus } = await importOptional(
        'rabbitmq-client',
        () => import('rabbitmq-client'),
        'Reading a queue of RabbitMQ',
      );
      const connection = new Connection({ url, connectionName: 'groundcrew' });
      connection.on('error', trouble);
      const inbox = new Inbox(signal, ConsumerStatus);
      const consumer = connection.createConsumer(
        {
          queue,
          queueOptions: { queue, passive: true },
          qos: { prefetchCount: batch * 2 },
          concurrency: batch * 2,
        },
        (message) => inbox.put(message),
      );
      consumer.on('error', trouble);
      try {
        for (;;) {
          const deliveries = await inbox.take(batch, linger);
          if (deliveries.length === 0) return;
          yield batchOf(deliveries);
        }
      } finally {
        inbox.close();
        await consumer.close();
        await connection.close();
      }
    },
  };
}

/**
 * Finds the vhost of a URL. The errors of `URL` and `decodeURIComponent` would quote the URL, and with it the password.
 */
function vhostOf(text: string): string {
  const url = URL.parse(text);
  if (url === null) throw wrongUrl('is no URL');
  if (url.protocol !== 'amqp:' && url.protocol !== 'amqps:') throw wrongUrl('is no amqp or amqps');
  try {
    return decodeURIComponent(url.pathname.slice(1)) || '/';
  } catch {
    throw wrongUrl('has a vhost that is not encoded as URLs have it');
  }
}

interface Delivery {
  readonly message: AsyncMessage;
  /** Tells the library what to say to the broker. */
  readonly answer: (status: 'ACK' | 'REQUEUE') => void;
}

const batchOf = (deliveries: readonly Delivery[]): Batch => ({
  messages: deliveries.map(({ message }) => textOf(message.body)),
  done() {
    for (const { answer } of deliveries) answer('ACK');
    return Promise.resolve();
  },
});

/** The library has parsed what calls itself JSON; the decoder wants what was sent. */
function textOf(body: unknown): string | Uint8Array {
  if (body instanceof Uint8Array || typeof body === 'string') return body;
  try {
    return JSON.stringify(body) ?? '';
  } catch (error) {
    // Nested deeper than the stack: it is kept as what could not be read, and acknowledged.
    return `a body that cannot be written as JSON: ${String(error)}`;
  }
}

/** The library's own answers: it is imported when the source is first read. */
type Statuses = Pick<typeof ConsumerStatus, 'ACK' | 'REQUEUE'>;

/** Messages that wait for somebody to take them. */
class Inbox {
  readonly #deliveries: Delivery[] = [];
  readonly #open = new Set<Delivery>();
  readonly #signal: AbortSignal;
  readonly #statuses: Statuses;
  #wake: (() => void) | undefined;
  readonly #stop = (): void => this.#wake?.();

  constructor(signal: AbortSignal, statuses: Statuses) {
    this.#signal = signal;
    this.#statuses = statuses;
    signal.addEventListener('abort', this.#stop);
  }

  put(message: AsyncMessage): Promise<ConsumerStatus> {
    return new Promise((resolve) => {
      const delivery: Delivery = {
        message,
        answer: (status) => {
          this.#open.delete(delivery);
          resolve(this.#statuses[status]);
        },
      };
      this.#open.add(delivery);
      this.#deliveries.push(delivery);
      this.#wake?.();
    });
  }

  /** Nothing at the signal. */
  async take(most: number, linger: number): Promise<Delivery[]> {
    while (this.#deliveries.length === 0 && !this.#signal.aborted) await this.#woken();
    if (this.#signal.aborted) return [];
    if (this.#deliveries.length < most) await this.#woken(linger, most);
    return this.#deliveries.splice(0, most);
  }

  /** Gives the messages that were not done back to the broker. */
  close(): void {
    this.#signal.removeEventListener('abort', this.#stop);
    for (const delivery of this.#open) delivery.answer('REQUEUE');
  }

  #woken(within?: number, enough = 1): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = within === undefined ? undefined : setTimeout(end, within);
      this.#wake = () => {
        if (this.#signal.aborted || this.#deliveries.length >= enough) end();
      };
    });
  }
}

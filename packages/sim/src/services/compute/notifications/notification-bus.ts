import type { Ids } from '../../../ids.ts';
import type { Json } from '../../../wire.ts';
import type { NotificationFormat } from './notification-format.ts';
import { NotificationQueue } from './notification-queue.ts';

/** What a notification says, apart from its envelope. */
export interface Notice {
  readonly event_type: string;
  readonly publisher_id: string;
  readonly payload: Json;
  /** The request that led to it, as its context tells it. */
  readonly context: Json;
}

/** Carries what Nova notifies to the queues that are bound to it. Without a queue a message is lost, as on a real exchange. */
export class NotificationBus {
  readonly #ids: Ids;
  readonly #queues = new Set<NotificationQueue>();

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  bind(format: NotificationFormat): NotificationQueue {
    const queue = new NotificationQueue(format, () => this.#queues.delete(queue));
    this.#queues.add(queue);
    return queue;
  }

  /** Sends what `make` makes of the state as it is now, to each queue in its format. */
  send(now: number, make: (format: NotificationFormat) => Notice): void {
    const written = new Map<NotificationFormat, string>();
    for (const queue of this.#queues) {
      const text = written.get(queue.format) ?? this.#wrap(now, make(queue.format));
      written.set(queue.format, text);
      queue.put(text);
    }
  }

  /** The envelope of oslo.messaging, version 2.0: the message is text within. */
  #wrap(now: number, { context, ...notice }: Notice): string {
    const moment = new Date(now).toISOString();
    const message = {
      message_id: this.#ids.uuid(),
      publisher_id: notice.publisher_id,
      event_type: notice.event_type,
      priority: 'INFO',
      payload: notice.payload,
      timestamp: `${moment.slice(0, 23).replace('T', ' ')}000`,
      _unique_id: this.#ids.keystone(),
      ...Object.fromEntries(Object.entries(context).map(([name, value]) => [`_context_${name}`, value])),
      _context_timestamp: `${moment.slice(0, 23)}000`,
    };
    return JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) });
  }
}

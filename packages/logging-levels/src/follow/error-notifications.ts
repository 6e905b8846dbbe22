import type { Gap } from '@groundcrew/core';
import { anObjectWith, aSignal, optionsSchema, parseArguments, visible } from '@groundcrew/ground';
import { type EventSource, parseNotification } from '@groundcrew/monitoring/events';
import { gap } from '../log-files.ts';
import { type ErrorRecord, errorRecord } from './error-record.ts';

export interface ErrorNotificationsOptions {
  /** Ends it. @default it goes on until the source ends */
  readonly signal?: AbortSignal | undefined;
}

/** Errors as services tell them on the message bus. */
export interface ErrorNotifications extends AsyncIterable<ErrorRecord> {
  /** What could not be read so far. */
  readonly gaps: () => readonly Gap[];
}

const notificationsOptions = optionsSchema<ErrorNotificationsOptions>({ signal: aSignal.optional() });
const aSource = anObjectWith<EventSource>('a source of messages', 'name', 'batches');

/**
 * The errors that services tell on the message bus, as records of a log: for `watchTemplates`, and kept, for `timelineOf`. Each names
 * the request and the server, where its message does.
 *
 * Read are Nova's notifications in both formats (`compute.exception`, `compute_task.*.error`, `instance.*.error`, and what was sent
 * at the priority ERROR before there were versions), those of the other services, and what is logged: by oslo.messaging's
 * `LoggingNotificationHandler` at any level, and by oslo.log's `publish_errors = true`, which sends the text alone, with `%s` for what
 * varies, without logger and request (`oslo_messaging/notify/log_handler.py`). What tells no error is passed over.
 *
 * A batch of messages is acknowledged when the last of its records was looked at; before, they come again. A message that cannot be
 * read is counted, told by `gaps()`, and acknowledged. It throws what the source throws.
 *
 * @param source - `rabbitSource({ url, queue: 'versioned_notifications.error' })`, `notifications.error`, a file, or one's own
 * @throws InputError on an option that is not known
 * @example
 * const errors = errorNotifications(rabbitSource({ url, queue: 'versioned_notifications.error' }), { signal });
 * for await (const { at, host, requestId, message } of errors) console.log(at, host, requestId, message);
 */
export function errorNotifications(
  source: EventSource,
  options: ErrorNotificationsOptions = {},
): ErrorNotifications {
  parseArguments('logging-levels.errorNotifications', notificationsOptions, options);
  parseArguments('logging-levels.errorNotifications', aSource, source);
  const { signal = new AbortController().signal } = options;
  const heard: Heard = { messages: 0, unread: 0 };
  return {
    gaps: () => gapsOf(visible(source.name), heard),
    [Symbol.asyncIterator]: () => records(source, signal, heard),
  };
}

interface Heard {
  messages: number;
  unread: number;
}

async function* records(source: EventSource, signal: AbortSignal, heard: Heard): AsyncGenerator<ErrorRecord> {
  try {
    for await (const batch of source.batches({ signal })) {
      for (const message of batch.messages) {
        heard.messages += 1;
        const record = read(message, heard);
        if (record !== undefined) yield record;
      }
      await batch.done();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function read(message: string | Uint8Array, heard: Heard): ErrorRecord | undefined {
  try {
    const notification = parseNotification(message);
    if (notification !== undefined) return errorRecord(notification, heard.messages);
  } catch {
    // Nested deeper than the stack: whatever is sent, the next message must be heard, too.
  }
  heard.unread += 1;
  return undefined;
}

const gapsOf = (name: string, { messages, unread }: Heard): Gap[] =>
  unread === 0
    ? []
    : [
        gap(
          name,
          'cut',
          `${unread} of ${messages} messages are no notifications, or are larger than a million characters`,
          'Is it a queue of notifications of oslo.messaging?',
        ),
      ];

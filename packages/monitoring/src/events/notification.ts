import { type Loose, objectIn, textIn, timeIn } from './loose.ts';

/** An oslo.messaging notification, unwrapped. */
export interface OsloNotification {
  readonly id: string;
  readonly publisher: string;
  readonly eventType: string;
  readonly at: string | undefined;
  readonly payload: Loose;
  /** The service sent it as an error (oslo_messaging/notify/notifier.py: `Notifier.error`, `critical`). */
  readonly isError: boolean;
  /** `_context_…`: whose request it was, as the service knew it. Sent by most services, not by Glance. */
  readonly context: {
    readonly user_id: string | undefined;
    readonly user_name: string | undefined;
    readonly project_id: string | undefined;
    readonly project_name: string | undefined;
    readonly domain_id: string | undefined;
    readonly address: string | undefined;
    readonly request_ids: readonly string[];
  };
}

/**
 * Opens oslo.messaging's envelope (`oslo.version` 2.0 wraps the message as text), or takes a message that has none.
 * `undefined` if it is no notification.
 */
export function notificationIn(body: Loose): OsloNotification | undefined {
  const inner = body['oslo.message'];
  const message = typeof inner === 'string' ? objectIn(parsed(inner)) : (objectIn(inner) ?? body);
  const eventType = textIn(message?.['event_type']);
  const payload = payloadIn(message?.['payload']);
  const id = textIn(message?.['message_id']) ?? textIn(message?.['_unique_id']);
  if (message === undefined || eventType === undefined || payload === undefined || id === undefined)
    return undefined;
  const context = (name: string): string | undefined => textIn(message[`_context_${name}`]);
  return {
    id,
    // `''` is the name of no service, so none is told.
    publisher: textIn(message['publisher_id']) ?? '',
    eventType,
    at: timeIn(message['timestamp']),
    payload,
    isError: ERRORS.has(textIn(message['priority'])?.toUpperCase()),
    context: {
      user_id: context('user_id') ?? context('user'),
      user_name: context('user_name'),
      project_id: context('project_id') ?? context('tenant') ?? context('tenant_id'),
      project_name: context('project_name') ?? context('tenant_name'),
      domain_id: context('user_domain'),
      address: context('remote_address'),
      // Glance sends an empty context (glance/notifier.py, `Notifier`).
      request_ids: ['request_id', 'global_request_id'].flatMap((name) => context(name) ?? []),
    },
  };
}

const ERRORS = new Set<string | undefined>(['ERROR', 'CRITICAL']);

/** Glance tells of an upload that failed by a text alone (glance/notifier.py, `ImageProxy.set_data`). */
function payloadIn(value: unknown): Loose | undefined {
  const text = typeof value === 'string' ? textIn(value) : undefined;
  return text === undefined ? objectIn(value) : { message: text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Characters of a message beyond which it is not parsed. */
const LARGEST = 1_000_000;

/**
 * Reads a message as oslo.messaging writes it: wrapped by version 2.0's envelope or not. `undefined` for what is no
 * notification, is no JSON, or has more than a million characters; it never throws.
 *
 * @example
 * for await (const batch of rabbitSource({ url, queue: 'versioned_notifications.info' }).batches({ signal })) {
 *   for (const message of batch.messages) console.log(parseNotification(message)?.eventType);
 *   await batch.done();
 * }
 */
export function parseNotification(message: string | Uint8Array): OsloNotification | undefined {
  // Of bytes no more are read than can matter: four are the most of a character.
  const text =
    typeof message === 'string' ? message : new TextDecoder().decode(message.subarray(0, LARGEST * 4 + 4));
  const body = text.length > LARGEST ? undefined : objectIn(parsed(text));
  return body === undefined ? undefined : notificationIn(body);
}

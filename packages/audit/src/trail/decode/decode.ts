import { hash } from 'node:crypto';
import { z } from 'zod';
import { maskText, maskValue, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Loose, notificationIn, objectIn } from '@groundcrew/monitoring/events';
import type { AuditEvent } from '../event.ts';
import { auditEvent, isMaintenanceEvent } from '../event.ts';
import { fromCadf, isCadf } from './cadf.ts';
import { keepable } from './keepable.ts';
import { present } from './loose.ts';
import { fromNotification } from './notification.ts';

export interface DecodeOptions {
  /** The source of the message: `rabbitmq lab/audit.info`. */
  readonly source: string;
  /** The time when it was heard, in milliseconds since 1970: for messages that do not tell their time. */
  readonly now: number;
}

const decodeOptions = optionsSchema<DecodeOptions>({ source: z.string(), now: z.number() });

/** Characters of a message beyond which its body is not read: nobody audits that much at once. */
const LARGEST = 1_000_000;

/**
 * Makes an event of a message: oslo.messaging notifications with CADF, with Nova's versioned objects, or of any service's
 * own; bare CADF; or an `AuditEvent` as it was exported. What is none of these is kept as an event of kind `undecoded`,
 * so that nothing that was heard is lost, and nobody takes it for nothing.
 *
 * @example
 * const event = decode(message, { source: 'rabbitmq lab/audit.info', now: Date.now() });
 */
export function decode(message: string | Uint8Array, options: DecodeOptions): AuditEvent {
  parseArguments('decode', decodeOptions, options);
  return decoded(message, options).event;
}

/** A decoded message. */
export interface Decoded {
  readonly event: AuditEvent;
  /** Paths of what no store keeps as it came: lone surrogates and NUL, which are shown, and what is too long for an index. */
  readonly altered: readonly string[];
}

/**
 * Decodes as `decode` does, and tells what had to be changed. It never throws: whatever is sent, the next message must
 * be heard, too.
 */
export function decoded(message: string | Uint8Array, options: DecodeOptions): Decoded {
  // Of bytes no more are read than can matter: four are the most of a character.
  const text =
    typeof message === 'string' ? message : new TextDecoder().decode(message.subarray(0, LARGEST * 4 + 4));
  const not = (why: string): Decoded => kept(undecoded(message, text, why, options));
  if (text.length > LARGEST) return not(`it has more than ${LARGEST} characters`);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return not('it is no JSON');
  }
  const object = objectIn(body);
  if (object === undefined) return not('it is no JSON object');
  try {
    const told = read(object, options);
    if (told === undefined) return not('its shape is not known');
    const { event, altered } = keepable(told);
    const checked = auditEvent(event);
    return isMaintenanceEvent(checked)
      ? not('it tells of maintenance of another trail')
      : { event: checked, altered };
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    return not(why.slice(0, 500));
  }
}

/** The event under which a message is kept that the trail refuses: as one that could not be read. */
export const refused = (message: string | Uint8Array, why: string, options: DecodeOptions): AuditEvent =>
  kept(
    undecoded(
      message,
      typeof message === 'string' ? message : new TextDecoder().decode(message.subarray(0, 8_000)),
      why,
      options,
    ),
  ).event;

function kept(event: AuditEvent): Decoded {
  const { event: safe, altered } = keepable(event);
  return { event: safe as AuditEvent, altered };
}

function read(body: Loose, { source }: DecodeOptions): object | undefined {
  const message = notificationIn(body);
  if (message === undefined) {
    if (isCadf(body)) return fromCadf(body, { source });
    return 'who' in body && 'request_ids' in body ? { ...body, ...maskValue(saidIn(body)) } : undefined;
  }
  const { id, at, payload, eventType, publisher } = message;
  if (!isCadf(payload)) return fromNotification(message, source);
  return fromCadf(payload, {
    id,
    source,
    at,
    service: eventType.startsWith('identity.') ? 'identity' : undefined,
    // The middleware's own context is another request's than the one that it tells of.
    request_ids: publisher.startsWith('identity') ? message.context.request_ids : [],
  });
}

/** The fields in which an exported event has the words of the service. */
const saidIn = ({ reason, detail }: Loose): Loose => present({ reason, detail });

/** Characters of what could not be read that are kept, and those that are looked through for secrets that reach into them. */
const SHOWN = 2_000;
const READ = 50_000;

/** Its id is its text's hash: delivered twice, it is the same. */
function undecoded(
  message: string | Uint8Array,
  text: string,
  why: string,
  { source, now }: DecodeOptions,
): AuditEvent {
  const digest = hash('sha256', message);
  return {
    id: `undecoded:${digest}`,
    at: new Date(now).toISOString(),
    source,
    kind: 'undecoded',
    action: 'unknown',
    outcome: 'unknown',
    who: {},
    target: { type: 'unknown' },
    request_ids: [],
    reason: { text: why },
    detail: { sha256: digest, length: message.length, begins: maskText(text.slice(0, READ)).slice(0, SHOWN) },
  };
}

import { hash } from 'node:crypto';
import type { AuditEvent } from '../event.ts';
import { auditEvent, isDeed } from '../event.ts';
import { fromCadf, isCadf } from './cadf.ts';
import { notificationIn } from './envelope.ts';
import { type Loose, objectIn } from './loose.ts';
import { fromNotification } from './notification.ts';

export interface DecodeOptions {
  /** Where it was heard: `rabbitmq lab/audit.info`. */
  readonly source: string;
  /** When it was heard, in milliseconds since 1970: of what does not tell its time. */
  readonly now: number;
}

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
  const text = typeof message === 'string' ? message : new TextDecoder().decode(message);
  if (text.length > LARGEST) return undecoded(text, `it has ${text.length} characters`, options);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undecoded(text, 'it is no JSON', options);
  }
  const object = objectIn(body);
  if (object === undefined) return undecoded(text, 'it is no JSON object', options);
  try {
    const event = auditEvent(read(object, options) ?? undecoded(text, 'its shape is not known', options));
    return isDeed(event) ? undecoded(text, 'it tells of a deed of another trail', options) : event;
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    return undecoded(text, why.slice(0, 500), options);
  }
}

function read(body: Loose, { source }: DecodeOptions): unknown {
  const message = notificationIn(body);
  if (message === undefined) {
    if (isCadf(body)) return fromCadf(body, { source });
    return 'who' in body && 'request_ids' in body ? body : undefined;
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

/** Its id is its text's hash: delivered twice, it is the same. */
function undecoded(text: string, why: string, { source, now }: DecodeOptions): AuditEvent {
  const digest = hash('sha256', text);
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
    detail: { sha256: digest, characters: text.length, begins: masked(text.slice(0, 2_000)) },
  };
}

const SECRET =
  /("[^"]*(?:pass|secret|token|psk|credential|private_key|user_data)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi;
const ESCAPED =
  /(\\"[^"\\]*(?:pass|secret|token|psk|credential|private_key|user_data)[^"\\]*\\"\s*:\s*)\\"[^"\\]*(?:\\")?/gi;

/** What names itself a secret is not kept, in a message within a message neither. */
const masked = (text: string): string =>
  text.replaceAll(SECRET, '$1"***"').replaceAll(ESCAPED, '$1\\"***\\"');

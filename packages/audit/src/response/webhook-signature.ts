import { createHash, createHmac } from 'node:crypto';
import { InputError, Secret } from '@groundcrew/core';

/** The parts of a message that are signed, as Standard Webhooks defines them. */
export interface SignedMessage {
  /** The same for each attempt. */
  readonly id: string;
  /** The time of this attempt, in seconds since 1970, as the specification defines it. */
  readonly timestamp: number;
  readonly body: string;
}

/** Signs by the specification: `v1,` and the base64 of the HMAC-SHA256 of `id.timestamp.body`. */
export const webhookSignature = (key: Buffer, { id, timestamp, body }: SignedMessage): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;

/**
 * Makes the id of a message for the headers. A key of ours may have any characters; those of the specification have no
 * full stop, and headers take no others than ASCII.
 */
export const webhookId = (key: string): string =>
  `msg_${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;

/**
 * Reads a secret as the specification serialises it: `whsec_` and the base64 of 24 to 64 random bytes.
 *
 * @throws InputError that shows nothing of it
 */
export function webhookKey(secret: string | Secret): Buffer {
  const [, base64] = /^whsec_([A-Za-z\d+/]+={0,2})$/.exec(Secret.of(secret).reveal()) ?? [];
  const key = Buffer.from(base64 ?? '', 'base64');
  if (key.length >= 24 && key.length <= 64) return key;
  throw new InputError('secret: must be whsec_ and the base64 of 24 to 64 bytes', {
    field: 'secret',
    operation: 'webhook',
  });
}

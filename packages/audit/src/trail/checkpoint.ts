import { createHash, type KeyObject } from 'node:crypto';
import { parseArguments } from '@groundcrew/ground';
import { isSignedBy, keyIdOf, type Signer } from '@groundcrew/ground/signatures';
import { z } from 'zod';

/**
 * A signed statement of the state of a chain at a time. Keep one elsewhere, and nobody can cut the trail's end off
 * unseen.
 */
export interface Checkpoint {
  readonly trail: string;
  readonly seq: number;
  /** The hash of the record of this number. */
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** SHA-256 of the checkpoint before, or nothing for the first: none can be left out. */
  readonly previous: string;
  readonly key_id: string;
  /** Ed25519, base64. */
  readonly signature: string;
}

const checkpointSchema = z.strictObject({
  trail: z.string(),
  seq: z.int().nonnegative(),
  hash: z.string().regex(/^[\da-f]{64}$/),
  at: z.iso.datetime(),
  previous: z.string(),
  key_id: z.string(),
  signature: z.base64(),
});

/** Reads a checkpoint that was kept elsewhere. @throws InputError that names the field */
export const parseCheckpoint = (value: unknown): Checkpoint =>
  parseArguments('parseCheckpoint', checkpointSchema, value);

/** Reads a checkpoint from a store; `undefined` if it is none. */
export function checkpointIn(text: string): Checkpoint | undefined {
  try {
    return checkpointSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const bytesOf = ({ trail, seq, hash, at, previous, key_id }: Omit<Checkpoint, 'signature'>): Uint8Array =>
  Buffer.from(JSON.stringify(['groundcrew checkpoint 1', trail, seq, hash, at, previous, key_id]));

export async function signCheckpoint(
  bare: Omit<Checkpoint, 'signature' | 'key_id'>,
  signer: Signer,
): Promise<Checkpoint> {
  const whole = { ...bare, key_id: signer.keyId };
  return { ...whole, signature: Buffer.from(await signer.sign(bytesOf(whole))).toString('base64') };
}

/** The reason why a checkpoint is not to be believed; `undefined`: it is. */
export function faultOf(checkpoint: Checkpoint, keys: readonly KeyObject[]): string | undefined {
  const key = keys.find((candidate) => keyIdOf(candidate) === checkpoint.key_id);
  if (key === undefined) return `it is signed by ${checkpoint.key_id}, which is no key of ours`;
  return isSignedBy(key, bytesOf(checkpoint), Buffer.from(checkpoint.signature, 'base64'))
    ? undefined
    : 'its signature does not fit';
}

/** The digest by which the next checkpoint names this one. */
export const digestOf = (checkpoint: Checkpoint | undefined): string =>
  checkpoint === undefined
    ? ''
    : createHash('sha256').update(bytesOf(checkpoint)).update(checkpoint.signature).digest('hex');

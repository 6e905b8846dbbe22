import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { InputError, parseArguments } from '@groundcrew/ground';
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

/** Signs checkpoints: a key in memory, a KMS or an HSM. */
export interface CheckpointSigner {
  readonly keyId: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** An Ed25519 private key as a signer; its id is the start of its public key's SHA-256. */
export const ed25519Signer = (privateKey: KeyObject): CheckpointSigner => {
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new InputError(
      `ed25519Signer: privateKey: is ${privateKey.asymmetricKeyType ?? 'a secret key'}, and must be Ed25519`,
      { field: 'privateKey', operation: 'ed25519Signer' },
    );
  return {
    keyId: keyIdOf(createPublicKey(privateKey)),
    sign: (bytes) => Promise.resolve(sign(null, bytes, privateKey)),
  };
};

export const keyIdOf = (publicKey: KeyObject): string =>
  createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16);

const bytesOf = ({ trail, seq, hash, at, previous, key_id }: Omit<Checkpoint, 'signature'>): Uint8Array =>
  Buffer.from(JSON.stringify(['groundcrew checkpoint 1', trail, seq, hash, at, previous, key_id]));

export async function signCheckpoint(
  bare: Omit<Checkpoint, 'signature' | 'key_id'>,
  signer: CheckpointSigner,
): Promise<Checkpoint> {
  const whole = { ...bare, key_id: signer.keyId };
  return { ...whole, signature: Buffer.from(await signer.sign(bytesOf(whole))).toString('base64') };
}

/** The reason why a checkpoint is not to be believed; `undefined`: it is. */
export function faultOf(checkpoint: Checkpoint, keys: readonly KeyObject[]): string | undefined {
  const key = keys.find((candidate) => keyIdOf(candidate) === checkpoint.key_id);
  if (key === undefined) return `it is signed by ${checkpoint.key_id}, which is no key of ours`;
  return verify(null, bytesOf(checkpoint), key, Buffer.from(checkpoint.signature, 'base64'))
    ? undefined
    : 'its signature does not fit';
}

/** The digest by which the next checkpoint names this one. */
export const digestOf = (checkpoint: Checkpoint | undefined): string =>
  checkpoint === undefined
    ? ''
    : createHash('sha256').update(bytesOf(checkpoint)).update(checkpoint.signature).digest('hex');

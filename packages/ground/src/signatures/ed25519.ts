import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { InputError } from '../errors.ts';

/** Signs bytes: a key in memory, a KMS or an HSM. */
export interface Signer {
  /** The id by which whoever verifies finds the public key: see `keyIdOf`. */
  readonly keyId: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/**
 * An Ed25519 private key as a signer; its id is the start of its public key's SHA-256.
 *
 * @throws InputError on a key of another kind
 * @example const signer = ed25519Signer(generateKeyPairSync('ed25519').privateKey);
 */
export const ed25519Signer = (privateKey: KeyObject): Signer => {
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

/** The id of a public key: the first 16 hex digits of the SHA-256 of its SPKI form. */
export const keyIdOf = (publicKey: KeyObject): string =>
  createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16);

/** Whether the owner of this public key made this signature (Ed25519) over these bytes. */
export const isSignedBy = (publicKey: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, bytes, publicKey, signature);

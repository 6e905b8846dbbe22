import type { KeyObject } from 'node:crypto';
import { canonicalJson, isSignedBy, keyIdOf, type Signer } from '@groundcrew/ground/signatures';
import { isNewerPoint } from './parse-point.ts';
import { PointError } from './point-error.ts';
import { digestOfPoint } from './sealed.ts';
import type { TenantPoint } from './tenant-point.ts';

/** The name of the statement is signed with the digest: a signature over another kind of document never fits. */
const bytesOf = ({ digest }: TenantPoint): Uint8Array =>
  Buffer.from(canonicalJson(['groundcrew tenant point 1', digest]));

/**
 * Signs a recovery point with an Ed25519 key, of which a KMS or an HSM may be the owner.
 *
 * @throws PointError on a point of a newer version, which must not be changed, and on one that is not what was sealed
 * @example const signed = await signPoint(point, ed25519Signer(privateKey));
 */
export async function signPoint(point: TenantPoint, signer: Signer): Promise<TenantPoint> {
  assertOwn(point);
  const value = Buffer.from(await signer.sign(bytesOf(point))).toString('base64');
  return { ...point, signature: { key_id: signer.keyId, value } };
}

/**
 * The reason why a recovery point is not to be believed; `undefined`: one of these keys signed exactly it.
 *
 * @example
 * const fault = pointFault(point, [publicKey]);
 * if (fault !== undefined) console.error(fault);
 */
export function pointFault(point: TenantPoint, keys: readonly KeyObject[]): string | undefined {
  if (digestOfPoint(point) !== point.digest) return 'it is not what was sealed: its digest does not fit';
  const { signature } = point;
  if (signature === undefined) return 'nobody signed it';
  const key = keys.find((candidate) => keyIdOf(candidate) === signature.key_id);
  if (key === undefined) return `it is signed by ${signature.key_id}, which is no key of ours`;
  return isSignedBy(key, bytesOf(point), Buffer.from(signature.value, 'base64'))
    ? undefined
    : 'its signature does not fit';
}

/** Refuses to change what this version does not know all of, or what was changed by others. */
export function assertOwn(point: TenantPoint): void {
  if (isNewerPoint(point))
    throw new PointError(
      'point.version',
      `recovery point: formatVersion: is ${point.formatVersion}, which this release reads and does not change`,
      { field: 'formatVersion', remedy: 'Use the release that wrote it, or a newer one.' },
    );
  if (digestOfPoint(point) !== point.digest)
    throw new PointError('point.digest', 'recovery point: digest: it is not what was sealed', {
      field: 'digest',
    });
}

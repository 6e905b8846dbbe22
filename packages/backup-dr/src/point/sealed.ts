import { digestOfJson } from '@groundcrew/ground/signatures';
import type { TenantPoint } from './tenant-point.ts';

/** Computes the digest of a point: over everything but the digest and the signature, fields that are not known included. */
export const digestOfPoint = (point: object): string =>
  digestOfJson(
    Object.fromEntries(Object.entries(point).filter(([name]) => name !== 'digest' && name !== 'signature')),
  );

/** Gives a point its digest. */
export const sealed = (point: Omit<TenantPoint, 'digest' | 'signature'>): TenantPoint => ({
  ...point,
  digest: digestOfPoint(point),
});

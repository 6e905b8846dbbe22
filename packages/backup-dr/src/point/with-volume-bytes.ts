import { InputError } from '@groundcrew/ground';
import { assertOwn } from './sign-point.ts';
import { sealed } from './sealed.ts';
import {
  keyOf,
  type PointKind,
  type ResourceRef,
  type TenantPoint,
  type VolumeBytes,
} from './tenant-point.ts';

/** Kinds of which more is kept than what their service shows. */
const WITH_BYTES: ReadonlySet<PointKind> = new Set(['volume', 'image', 'container']);

/**
 * Says where the bytes of volumes, images and containers are kept, for whoever wrote them into a repository. The digest is a new one, and
 * a signature is gone: the bytes are part of what is signed.
 *
 * @throws InputError on a resource that the point does not have, or that has no bytes
 * @example
 * const whole = withVolumeBytes(point, [
 *   { kind: 'volume', id, bytes: { repository: 'backups', stream: `volume/${id}`, size: 10 * 1024 ** 3 } },
 * ]);
 */
export function withVolumeBytes(
  point: TenantPoint,
  kept: readonly (ResourceRef & { readonly bytes: VolumeBytes })[],
): TenantPoint {
  assertOwn(point);
  const byKey = new Map(kept.map((item) => [keyOf(item), item.bytes]));
  const known = new Set(point.resources.map(keyOf));
  for (const [at, item] of kept.entries()) {
    const why = !known.has(keyOf(item))
      ? `the point has no ${item.kind} ${item.id}`
      : !WITH_BYTES.has(item.kind)
        ? `a ${item.kind} has no bytes`
        : undefined;
    if (why !== undefined)
      throw new InputError(`withVolumeBytes: kept.${at}: ${why}`, {
        field: `kept.${at}`,
        operation: 'withVolumeBytes',
      });
  }
  const { digest: _digest, signature: _signature, ...rest } = point;
  const resources = point.resources.map((resource) => {
    const bytes = byKey.get(keyOf(resource));
    return bytes === undefined ? resource : { ...resource, bytes };
  });
  return sealed({ ...rest, resources });
}

import type { Cloud } from '@groundcrew/core';
import { messageOf } from '@groundcrew/ground';
import type { PointResource, TenantPoint } from '../point/tenant-point.ts';
import { isRepositoryError } from '../repository/repository-error.ts';
import type { PointWriter } from '../repository/repository.ts';
import { BEGUN, type StoredBytes } from './stored-bytes.ts';
import { isLeftOut } from './unread-volume.ts';

interface StoringImages {
  readonly cloud: Cloud;
  readonly writer: PointWriter;
  /** The name of the repository in the point. */
  readonly repository: string;
  readonly without: readonly string[];
  /** The beginning of this attempt; ISO 8601. */
  readonly begun: string;
  readonly progress: (message: string) => void;
}

/** Why the bytes of an image cannot be kept now; `undefined` if they can. */
export function whyNoImageBytes({ wire }: Pick<PointResource, 'wire'>): string | undefined {
  if (wire['status'] !== 'active')
    return typeof wire['status'] === 'string' ? `it is ${wire['status']}` : 'it is of no known status';
  // What Nova makes of a server that boots from a volume has no bytes, but names snapshots of Cinder.
  if (typeof wire['size'] !== 'number' || wire['size'] === 0)
    return 'it has none of its own: it is made of snapshots of volumes';
  return undefined;
}

/**
 * Stores the bytes of the project's own images. What cannot be read is a gap, and the others go on. Glance's own hash is compared.
 *
 * @throws RepositoryError where the repository cannot take them
 */
export async function storeImages(point: TenantPoint, storing: StoringImages): Promise<StoredBytes> {
  const { cloud, writer, repository, without, progress } = storing;
  const bytes: StoredBytes['bytes'][number][] = [];
  const gaps: StoredBytes['gaps'][number][] = [];
  const begun: string[] = [];
  for (const image of point.resources.filter(({ kind }) => kind === 'image')) {
    const { id, name, wire } = image;
    const what = `bytes of image ${name === '' ? id : name}`;
    const why = isLeftOut(image, { without }) ? 'the policy leaves them out' : whyNoImageBytes(image);
    if (why !== undefined) {
      gaps.push({ what, why });
      continue;
    }
    progress(`reading ${what}`);
    try {
      const key = `image/${id}`;
      // An image that is active never gets other bytes: those of an earlier attempt are its own.
      const before = await writer.stored(key);
      const {
        name: stream,
        size,
        sha256,
        tags,
      } = before?.size === wire['size']
        ? await writer.keep(key)
        : await writer.put(key, cloud.image.data.download({ id }, { signal: writer.signal }), {
            size: Number(wire['size']),
            tags: { image: id, name, [BEGUN]: storing.begun },
          });
      begun.push(tags[BEGUN] ?? storing.begun);
      bytes.push({ kind: 'image', id, bytes: { repository, stream, size, sha256 } });
    } catch (error) {
      writer.signal.throwIfAborted();
      if (isRepositoryError(error) && error.code !== 'stream-cut') throw error;
      gaps.push({ what, why: messageOf(error) });
    }
  }
  return { bytes, gaps, begun };
}

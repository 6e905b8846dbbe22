import type { PointResource } from '../point/tenant-point.ts';
import type { BackupPolicy } from './protect.ts';

/** States in which a snapshot of a volume can be made (cinder/volume/api.py, `create_snapshot_in_db`, with `force`). */
const READABLE: ReadonlySet<unknown> = new Set(['available', 'in-use']);

/** Why the bytes of a volume cannot be kept now; `undefined` if they can. */
export function whyUnread({ wire }: Pick<PointResource, 'wire'>): string | undefined {
  if (wire['encrypted'] === true)
    return 'it is encrypted, and what would be read are the bytes of its storage, without the key';
  if (!READABLE.has(wire['status']))
    return typeof wire['status'] === 'string' ? `it is ${wire['status']}` : 'it is of no known status';
  return undefined;
}

/** Whether a policy says that the bytes of a volume are not kept. */
export const isLeftOut = (
  { id, name }: Pick<PointResource, 'id' | 'name'>,
  { without }: Pick<BackupPolicy, 'without'>,
): boolean => without.includes(id) || (name !== '' && without.includes(name));

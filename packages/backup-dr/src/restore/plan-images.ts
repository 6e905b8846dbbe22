import type { PointResource, Wire } from '../point/tenant-point.ts';
import { textOf } from '../point/wire.ts';
import { CreateDraft } from './create-draft.ts';
import { called, type Planning } from './planning.ts';

/** Fields of an image that Glance sets itself, and those that a restore sets in its own way (`glance/api/v2/images.py`). */
const NOT_COPIED = new Set([
  'id',
  'name',
  'owner',
  'status',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'size',
  'virtual_size',
  'created_at',
  'updated_at',
  'file',
  'schema',
  'self',
  'direct_url',
  'locations',
  'stores',
  'tags',
  'visibility',
  'protected',
  'os_hidden',
  'min_disk',
  'min_ram',
  'disk_format',
  'container_format',
]);

/** What the project of another cloud may choose; `public` is for administrators. */
const VISIBLE: ReadonlySet<string> = new Set(['private', 'shared', 'community']);

/** Plans the project's own images whose bytes are kept, and which the target has not. */
export function planImages(planning: Planning): void {
  for (const image of planning.of('image')) {
    const { bytes, wire } = image;
    if (bytes === undefined || planning.standsFor(image) !== undefined) continue;
    const visibility = textOf(wire['visibility']) ?? '';
    const draft = new CreateDraft('image', planning.nameOf(image))
      .set({
        ...propertiesOf(wire),
        name: planning.nameOf(image),
        visibility: VISIBLE.has(visibility) ? visibility : 'private',
      })
      .copy(wire, 'disk_format', 'container_format', 'min_disk', 'min_ram', 'os_hidden');
    const { repository, stream, size, sha256 } = bytes;
    const id = planning.make(draft, {
      bytes: { repository, stream, size, ...(sha256 === undefined ? {} : { sha256 }) },
    });
    planning.stands(image, { step: id });
    if (wire['protected'] === true)
      planning.warnings.push(`${called(image)} was protected from being deleted, and is not any more`);
    if (visibility === 'public')
      planning.warnings.push(
        `${called(image)} was public, and is made private: an administrator may change that`,
      );
  }
}

/** What its owner, or Nova, has written on it. */
const propertiesOf = (wire: PointResource['wire']): Wire =>
  Object.fromEntries(
    Object.entries(wire).filter(([key, value]) => typeof value === 'string' && !NOT_COPIED.has(key)),
  );

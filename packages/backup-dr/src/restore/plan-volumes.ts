import type { PointResource, Wire } from '../point/tenant-point.ts';
import { objectOf, textOf } from '../point/wire.ts';
import { CreateDraft } from './create-draft.ts';
import { mappedTo } from './mapping.ts';
import { called, needsAs, type Planning } from './planning.ts';
import { fillVolume } from './restore-actions.ts';

/** Keys of a volume's metadata that Cinder shows administrators and keeps itself (`cinder/api/v3/views/volumes.py`). */
const KEPT_BY_CINDER = new Set(['attached_mode', 'readonly']);

/** Keys of a volume's image metadata that say where it came from; Cinder takes no change of them. */
const NOT_SETTABLE = new Set([
  'image_id',
  'image_name',
  'checksum',
  'container_format',
  'disk_format',
  'size',
]);

/**
 * Plans volumes, each empty, and then filled with its bytes. Answers the step after which a volume may be used, by its id in the
 * point.
 */
export function planVolumes(planning: Planning, removed: readonly string[]): ReadonlyMap<string, string> {
  const usable = new Map<string, string>();
  for (const volume of planning.of('volume')) {
    if (volume.bytes === undefined && planning.mapping.volumes !== 'empty') {
      planning.refuse(
        'volume-bytes-missing',
        volume,
        `the point does not say where the bytes of ${called(volume)} are`,
        "Restore from a point with bytes, or have volumes made empty: volumes: 'empty'.",
      );
      continue;
    }
    const id = planVolume(planning, volume, removed);
    if (id !== undefined) usable.set(volume.id, id);
  }
  return usable;
}

function planVolume(
  planning: Planning,
  volume: PointResource,
  removed: readonly string[],
): string | undefined {
  const { wire } = volume;
  const { mapping, target } = planning;
  const [need] = needsAs(volume, 'volume_type');
  const type = need === undefined ? undefined : planning.standsFor(need);
  if (need !== undefined && type === undefined) return undefined;
  const name = planning.nameOf(volume);
  const zone = textOf(wire['availability_zone']);
  const draft = new CreateDraft('volume', name)
    .set({
      name,
      description: textOf(wire['description']),
      availability_zone: zone === undefined ? undefined : mappedTo(mapping.zones, zone),
      metadata: Object.fromEntries(
        Object.entries(textMap(objectOf(wire['metadata']))).filter(([key]) => !KEPT_BY_CINDER.has(key)),
      ),
    })
    .copy(wire, 'size')
    .after(...removed);
  if (type !== undefined) draft.put(['volume_type'], type);
  const image = Object.entries(textMap(objectOf(wire['volume_image_metadata']))).filter(
    ([key]) => !NOT_SETTABLE.has(key),
  );
  const id = planning.make(draft, {
    bootable: wire['bootable'] === 'true',
    ...(image.length === 0 ? {} : { image_metadata: Object.fromEntries(image) }),
  });
  planning.stands(volume, { step: id });
  if (wire['encrypted'] === true)
    planning.warnings.push(
      `${called(volume)} was encrypted: the new one has a key of its own, if its type has keys`,
    );
  if (volume.bytes === undefined) {
    planning.warnings.push(`${called(volume)} is made empty: its bytes are not in the point`);
    return id;
  }
  const { repository, stream, size, sha256 } = volume.bytes;
  const fill = planning.stepId('fill');
  planning.steps.push(
    fillVolume.step({
      id: fill,
      input: {
        name,
        project: target.project.id,
        volume: { step: id },
        bytes: { repository, stream, size, ...(sha256 === undefined ? {} : { sha256 }) },
      },
      needs: [id],
      timeout: '20d',
    }),
  );
  return fill;
}

/** Texts by name; whatever else a newer service keeps there is left out. */
export const textMap = (wire: Wire | undefined): { readonly [key: string]: string } =>
  Object.fromEntries(
    Object.entries(wire ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

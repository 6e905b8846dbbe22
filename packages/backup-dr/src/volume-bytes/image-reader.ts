import type { Cloud } from '@groundcrew/core';
import { anObjectWith, parseArguments } from '@groundcrew/ground';
import { patienceFor } from './patience.ts';
import { cloneOf, Undo } from './temporaries.ts';
import { nameOf } from './temporary-marks.ts';
import { GIBIBYTE, type VolumeReader } from './volume-reader.ts';

const aCloud = anObjectWith<Cloud>('a Cloud', 'blockStorage', 'image');

/**
 * Reads volumes through Glance: snapshot, volume of it, image of that. It works on every cloud that has an API, needs no host, and is
 * slow: each byte is copied three times, and the image is stored as a whole.
 *
 * @example
 * await using bytes = await imageReader(cloud).open({ id }, { run });
 * await writer.put(`volume/${id}`, bytes.content, { size: bytes.size });
 */
export function imageReader(cloud: Cloud): VolumeReader {
  parseArguments('imageReader', aCloud, cloud);
  return {
    way: 'image',
    needs: ({ size }) => ({ snapshots: size, volumes: size, images: size }),
    async open({ id, snapshot }, { run, signal }) {
      const undo = new Undo();
      try {
        const clone = await cloneOf(cloud, { id, snapshot }, { run, signal, undo });
        const { image_id: image } = await cloud.blockStorage.volumes.uploadImage(
          { id: clone.id, image_name: nameOf(run, id), disk_format: 'raw', container_format: 'bare' },
          { signal },
        );
        undo.later(() => cloud.image.images.delete({ id: image }, { missingOk: true }));
        await cloud.image.images.waitFor(image, 'active', { signal, patience: patienceFor(clone.size) });
        return {
          size: clone.size * GIBIBYTE,
          at: clone.at,
          content: cloud.image.data.download({ id: image }, { signal }),
          [Symbol.asyncDispose]: () => undo[Symbol.asyncDispose](),
        };
      } catch (error) {
        await undo[Symbol.asyncDispose]().catch(() => {});
        throw error;
      }
    },
  };
}

import type { Cloud } from '@groundcrew/core';
import { aFunction, anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import type { VolumeBytes } from '../point/tenant-point.ts';
import type { VolumeWriter } from '../restore/volume-writer.ts';
import { CheckedBytes } from './checked-bytes.ts';
import { nameOf } from './temporary-marks.ts';

export interface ImageVolumeWriterOptions {
  /** In the scope of the project that is restored into. */
  readonly cloud: Cloud;
  /** Opens kept bytes: `(bytes) => repo.read(point, bytes.stream)`. Called again where a connection broke. */
  readonly read: (bytes: VolumeBytes) => AsyncIterable<Uint8Array>;
}

const writerOptions = optionsSchema<ImageVolumeWriterOptions>({
  cloud: anObjectWith<Cloud>('a Cloud', 'blockStorage', 'image'),
  read: aFunction,
});

/**
 * Writes volumes through Glance: the bytes become an image, which Cinder writes over the empty volume (`os-reimage`, microversion 3.68,
 * Yoga). It works on every cloud that has an API, and needs no host; the image is stored as a whole meanwhile.
 *
 * @throws InputError naming the field
 * @example
 * const volumes = imageVolumeWriter({ cloud: target, read: (bytes) => repo.read(point, bytes.stream) });
 * run(plan, { approved, journal, implementations: restoreImplementations({ cloud: target, volumes }) });
 */
export function imageVolumeWriter(options: ImageVolumeWriterOptions): VolumeWriter {
  parseArguments('imageVolumeWriter', writerOptions, options);
  const { cloud, read } = options;
  const { images, data } = cloud.image;
  const { volumes } = cloud.blockStorage;
  return {
    async write(volume, bytes, { signal, key, progress }) {
      const image = await images.create(
        { name: nameOf(key, volume.id), disk_format: 'raw', container_format: 'bare' },
        { signal },
      );
      try {
        let checked: CheckedBytes | undefined;
        await data.upload(
          { id: image.id },
          () => {
            checked = new CheckedBytes(progress);
            return checked.through(read(bytes));
          },
          { signal },
        );
        checked?.mustBe(bytes, `volume ${volume.id}`);
        await volumes.reimage({ id: volume.id, image_id: image.id }, { signal });
        await volumes.waitFor(volume.id, 'available', { signal });
        return { bytes: bytes.size };
      } finally {
        // Not under the signal, which may be why it ended.
        await images.delete({ id: image.id }, { missingOk: true });
      }
    },
  };
}

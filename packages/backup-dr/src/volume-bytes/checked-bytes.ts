import { createHash } from 'node:crypto';
import type { VolumeBytes } from '../point/tenant-point.ts';
import { VolumeBytesError } from './volume-bytes-error.ts';

/** Bytes that are counted and hashed on their way. */
export class CheckedBytes {
  readonly #hash = createHash('sha256');
  readonly #progress: (written: number) => void;
  #size = 0;

  constructor(progress: (written: number) => void) {
    this.#progress = progress;
  }

  async *through(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      this.#hash.update(piece);
      this.#size += piece.length;
      this.#progress(this.#size);
      yield piece;
    }
  }

  /**
   * @param whose - what they are for: `volume 4f…`
   * @throws VolumeBytesError if they are not those of the point
   */
  mustBe({ size, sha256 }: VolumeBytes, whose: string): void {
    const found = this.#hash.digest('hex');
    if (this.#size === size && (sha256 === undefined || sha256 === found)) return;
    throw new VolumeBytesError(
      'volume-bytes.size',
      `what was read for ${whose} are not the bytes of the point: ${this.#size} of ${size} bytes, SHA-256 ${found}`,
      { remedy: 'Look for damage: repo.check({ share: 1 }).' },
    );
  }
}

import type { VolumeBytes } from '../point/tenant-point.ts';

/** A volume that a restore has made, which is empty. */
export interface EmptyVolume {
  readonly id: string;
  /** Other people's text, and not unique. */
  readonly name: string;
}

/** What a writer is told of the step that it is called by. */
export interface WriteContext {
  readonly signal: AbortSignal;
  /** The same on every attempt: whatever the writer makes meanwhile (an attachment, a snapshot) is to have it written on it. */
  readonly key: string;
  /** 1 for the first; more after a crash, when a part may have been written. */
  readonly attempt: number;
  /** Tells how far it is, for the listeners of the run. */
  readonly progress: (written: number) => void;
}

/**
 * Writes kept bytes into new volumes. A restore plans a step for each volume with bytes (`backup-dr.fill-volume`), and calls this
 * to carry it out; how a volume is reached (an attachment, a `Host`, an image, Cinder's own backups) is the writer's.
 *
 * It is called again with the same key if the process died in the middle: it writes all bytes again, or goes on where it can prove
 * that it was. It leaves no attachment behind, however it ends.
 */
export interface VolumeWriter {
  /** Resolves when every byte is in the volume; rejects if one is not, or if their SHA-256 is not that of the point. */
  write(volume: EmptyVolume, bytes: VolumeBytes, context: WriteContext): Promise<{ readonly bytes: number }>;
  /**
   * Whether an earlier attempt has written all of them: the number of bytes, or `undefined` if that cannot be told. Only reads.
   *
   * @default they are written again
   */
  written?(volume: EmptyVolume, bytes: VolumeBytes, context: WriteContext): Promise<number | undefined>;
}

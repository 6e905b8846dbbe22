import type { TakenSnapshot } from './temporaries.ts';

/** A way to the bytes of a volume. All of them read a snapshot, so that a server that writes meanwhile changes nothing. */
export interface VolumeReader {
  readonly way: 'attachment' | 'image';
  /** What the cloud needs for it beside the volume, until the reading is over. */
  readonly needs: (volume: { readonly size: number }) => TemporaryNeeds;
  /**
   * Opens the bytes that a volume has now, or had when a snapshot was taken that is given. What is made for it in the cloud is tagged with the run, and gone once the bytes are
   * disposed; what a kill leaves, `sweepTemporaries` finds.
   *
   * @throws what the cloud answers; VolumeBytesError
   */
  open(volume: VolumeToRead, options: ReadVolumeOptions): Promise<OpenVolume>;
}

export interface VolumeToRead {
  readonly id: string;
  /** A snapshot of it, which stays when the bytes are disposed. @default one is taken */
  readonly snapshot?: TakenSnapshot | undefined;
}

export interface ReadVolumeOptions {
  /** The run by which temporary things are found again. */
  readonly run: string;
  readonly signal?: AbortSignal | undefined;
}

/** GiB of quota and of room. */
export interface TemporaryNeeds {
  readonly snapshots: number;
  readonly volumes: number;
  readonly images: number;
}

/** The bytes of a volume at one moment. */
export interface OpenVolume extends AsyncDisposable {
  /** Bytes. */
  readonly size: number;
  /** The moment of its snapshot, by the cloud's clock. */
  readonly at: string;
  /** To be read once. */
  readonly content: AsyncIterable<Uint8Array>;
}

export const GIBIBYTE = 2 ** 30;

import type { Observed } from '@groundcrew/core';

/** What was read from and written to a volume during the window of the question. */
export interface VolumeIo {
  /** `undefined`: the source has no such figure of this volume. */
  readonly readBytes: number | undefined;
  readonly writtenBytes: number | undefined;
  readonly readRequests: number | undefined;
  readonly writeRequests: number | undefined;
  /** When it was last seen to be written to within the window, as exactly as the source asks; ISO 8601, UTC. */
  readonly lastWrittenAt: string | undefined;
  /** Disks of servers that these figures are the sum of: a volume that two servers have attached has two. */
  readonly disks: number;
  /**
   * The share of the window, from 0 to 1, of which the source has figures: less than 1 where it began to watch only within the
   * window, or was away for a while. Of a volume that several servers have, that of the disk of which least is known. `undefined`:
   * it is not known.
   */
  readonly seen: number | undefined;
}

/** A volume as a disk of a server. */
export interface VolumeDisk {
  readonly volumeId: string;
  readonly serverId: string;
  /** Without `/dev/`: `vdb`. */
  readonly device: string;
  /** ISO 8601, UTC: what the disk of that name did before was another's doing. `undefined`: Cinder does not tell. */
  readonly attachedAt: string | undefined;
}

/** A source of figures of I/O, by the volume's id. It answers for the volumes that it knows, and those only. */
export interface VolumeIoSource {
  readonly name: string;
  readVolumeIo(options: {
    /** The window, in milliseconds, up to now. */
    readonly windowMs: number;
    /** The volume that a name in a back end stands for: after a migration it is not the volume's id. */
    readonly volumeOf: (nameId: string) => string | undefined;
    /** The disks of servers that are volumes, for sources that name a disk by its server and device. */
    readonly disks: readonly VolumeDisk[];
    readonly signal?: AbortSignal | undefined;
  }): Promise<Observed<ReadonlyMap<string, VolumeIo>>>;
}

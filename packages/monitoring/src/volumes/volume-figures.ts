import type { VolumeIo } from './volume-io.ts';

/** Why nothing is known of a volume's I/O. */
export type NoIoReason =
  /** No server has it attached: nothing can measure it. */
  | 'detached'
  /** No source was given. */
  | 'no-source'
  /** The sources answered, and none knows this volume. */
  | 'not-covered'
  /** A source did not answer, or not wholly: it may know this volume. */
  | 'source-failed';

/** A volume with all that is known of it; `undefined` is what this user is not shown, or what was not read to its end. */
export interface VolumeFigures {
  readonly id: string;
  readonly name: string | null;
  readonly status: string;
  readonly sizeGib: number;
  readonly type: string | null;
  /** The project's id. */
  readonly project: string | undefined;
  /** `host@backend#pool`: administrators are shown it. */
  readonly pool: string | undefined;
  /** The servers that have it, and under which device name, as Cinder heard it from Nova. */
  readonly attachments: readonly {
    readonly serverId: string | undefined;
    readonly device: string | undefined;
  }[];
  readonly snapshots: number | undefined;
  readonly backups: number | undefined;
  /** When the newest backup's data is from, of those that can be restored; `null`: there is none. */
  readonly newestBackupAt: string | null | undefined;
  readonly io: VolumeIo | NoIoReason;
  /**
   * Whether the figures are too low: the source covers fewer disks than servers have this volume, has figures of a part of the
   * window only, or answered in part.
   */
  readonly isIoPartial: boolean;
}

import type { Cloud } from '@groundcrew/core';
import { anObjectWith } from '@groundcrew/ground';
import type { VolumeReader } from '../volume-bytes/volume-reader.ts';

/** What a backup reads from: the same for its plan and for its run. */
export interface BackupSource {
  readonly cloud: Cloud;
  /** The way to the bytes of volumes. */
  readonly reader: VolumeReader;
}

/** For strict options. */
export const backupSource = {
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'token', 'request'),
  reader: anObjectWith<VolumeReader>('a VolumeReader', 'open', 'needs'),
};

import type { Cloud } from '@groundcrew/core';
import { anObjectWith } from '@groundcrew/ground';
import { z } from 'zod';
import type { VolumeReader } from '../volume-bytes/volume-reader.ts';
import { type BackupHook, backupHook } from './backup-hook.ts';

/** What a backup reads from: the same for its plan and for its run. */
export interface BackupSource {
  readonly cloud: Cloud;
  /** The way to the bytes of volumes. */
  readonly reader: VolumeReader;
  /** What brings applications to rest while their disks are copied. @default none: disks are as a power cut would leave them */
  readonly hooks?: readonly BackupHook[] | undefined;
}

/** For strict options. */
export const backupSource = {
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'token', 'request'),
  reader: anObjectWith<VolumeReader>('a VolumeReader', 'open', 'needs'),
  hooks: z.array(backupHook).optional(),
};

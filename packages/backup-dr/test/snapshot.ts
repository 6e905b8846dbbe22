import type { Finding } from '@groundcrew/ground';
import type { Observed } from '@groundcrew/core';
import {
  assess,
  type VolumeBackup,
  type BackupPolicy,
  type BackupSnapshot,
  type ServerImage,
  type SourceServer,
  type SourceVolume,
} from '../src/index.ts';

const HOUR = 3_600_000;
export const NOW = Date.parse('2026-03-02T12:00:00Z');
export const hoursAgo = (hours: number): string => new Date(NOW - hours * HOUR).toISOString();

export const seen = <T>(value: readonly T[], source = 'test'): Observed<readonly T[]> => ({
  value,
  at: '2026-03-02T12:00:00.000Z',
  source,
  completeness: 'complete',
  gaps: [],
});
/** A list that was not read, or not to its end. */
export const cut = <T>(
  what: string,
  completeness: 'denied' | 'partial' | 'unsupported' | 'failed',
  value: readonly T[] = [],
): Observed<readonly T[]> => ({
  ...seen(value, what),
  completeness,
  gaps: [
    {
      what,
      kind: completeness === 'unsupported' ? 'unsupported' : 'denied',
      why: `403 for ${what}`,
      remedy: 'Ask as an administrator.',
      requestIds: [],
    },
  ],
});

export const volume = (id: string): SourceVolume => ({ id, name: `name-${id}`, status: 'in-use', size: 10 });
export const backup = (
  id: string,
  volumeId: string,
  age: number,
  parts: Partial<VolumeBackup> = {},
): VolumeBackup => ({
  id,
  volume_id: volumeId,
  status: 'available',
  fail_reason: null,
  is_incremental: false,
  has_dependent_backups: false,
  snapshot_id: null,
  data_timestamp: hoursAgo(age),
  created_at: hoursAgo(age),
  ...parts,
});
export const server = (
  id: string,
  image: '' | { id: string },
  volumes: readonly string[],
  parts: Partial<SourceServer> = {},
): SourceServer => ({
  id,
  name: `name-${id}`,
  status: 'ACTIVE',
  image,
  flavor: { id: 'small' },
  'os-extended-volumes:volumes_attached': volumes.map((volumeId) => ({ id: volumeId })),
  ...parts,
});
export const image = (
  id: string,
  serverId: string,
  age: number,
  parts: Partial<ServerImage> = {},
): ServerImage => ({
  id,
  name: id,
  status: 'active',
  size: 1_000_000,
  created_at: hoursAgo(age),
  instance_uuid: serverId,
  image_type: 'snapshot',
  ...parts,
});

export const snapshot = (parts: Partial<BackupSnapshot> = {}): BackupSnapshot => ({
  volumes: seen([]),
  backups: seen([]),
  snapshots: seen([]),
  servers: seen([]),
  images: seen([]),
  flavors: seen([{ id: 'small', 'OS-FLV-EXT-DATA:ephemeral': 0 }]),
  services: seen([{ binary: 'cinder-backup', host: 'c1', state: 'up', status: 'enabled' }]),
  ...parts,
});

/** The findings of one rule. */
export const judged = (id: string, parts: Partial<BackupSnapshot>, policy: BackupPolicy = {}): Finding[] =>
  assess(snapshot(parts), { now: NOW, ...policy }).filter((finding) => finding.id === id);

export const statements = (findings: readonly Finding[]): string =>
  findings.flatMap((finding) => finding.because.map((reason) => reason.statement)).join('\n');

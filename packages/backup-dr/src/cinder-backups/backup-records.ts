import { InputError } from '@groundcrew/ground';
import { z } from 'zod';
import type { RecoveryPoint } from '../repository/point.ts';

/** The label of points that hold records of Cinder's backups. */
export const RECORDS_KIND = 'cinder-records';
const FORMAT = 'groundcrew.cinder-records';

/** What Cinder needs to know of a backup of which it has no record, and what a person wants to know of it. */
export interface CinderBackupRecord {
  readonly backup: string;
  /** The volume that it is of, which may be gone. */
  readonly volume: string;
  readonly volume_name: string | null;
  /** GiB of the volume. */
  readonly size: number;
  /** The moment of its data; ISO 8601. */
  readonly at: string;
  /** The backup that it builds on; null: it is full. */
  readonly parent: string | null;
  /** The driver that can read it. */
  readonly backup_service: string;
  /** Cinder's own record, in Base64. */
  readonly backup_url: string;
}

const recordSchema = z.looseObject({
  backup: z.string().min(1),
  volume: z.string(),
  volume_name: z.string().nullable(),
  size: z.number(),
  at: z.string(),
  parent: z.string().nullable(),
  backup_service: z.string().min(1),
  backup_url: z.string().min(1),
});

const contentsSchema = z.looseObject({
  format: z.literal(FORMAT),
  formatVersion: z.string().regex(/^1\./, 'must be 1.x: a newer release wrote it'),
  records: z.array(recordSchema),
});

/** The contents of a point with records. */
export const recordContents = (records: readonly CinderBackupRecord[]) => ({
  format: FORMAT,
  formatVersion: '1.0',
  records,
});

/**
 * The records that a point of `keepRecords` holds.
 *
 * @throws InputError for another point, or one that a release wrote that is not known here
 */
export function backupRecordsOf(point: Pick<RecoveryPoint, 'contents' | 'id'>): CinderBackupRecord[] {
  const read = contentsSchema.safeParse(point.contents);
  if (read.success) return read.data.records;
  const [issue] = read.error.issues;
  const where = ['contents', ...(issue?.path ?? [])].map(String).join('.');
  throw new InputError(`backupRecordsOf: ${where}: point ${point.id} holds no records of backups`, {
    field: where,
    operation: 'backupRecordsOf',
  });
}

const exportedSchema = z.looseObject({ id: z.string().min(1), parent_id: z.string().nullable().optional() });

/**
 * The backup that one builds on, which only its record tells (`encode_record` of `cinder/objects/backup.py`): JSON in Base64.
 *
 * @returns `undefined` if the record is none that can be read, or is another backup's
 */
export function parentIn(url: string, backup: string): string | null | undefined {
  const read = exportedSchema.safeParse(decoded(url));
  return read.success && read.data.id === backup ? (read.data.parent_id ?? null) : undefined;
}

function decoded(url: string): unknown {
  try {
    return JSON.parse(Buffer.from(url, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

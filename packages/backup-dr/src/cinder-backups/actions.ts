import { action } from '@groundcrew/runbook';
import { z } from 'zod';

const id = z.string().min(1);

const Volume = z.strictObject({
  id,
  /** Other people's text, and not unique. */
  name: z.string(),
  /** GiB. */
  size: z.number(),
});

const calledOf = ({ id: own, name }: { readonly id: string; readonly name: string }): string =>
  name === '' ? own : name;

/** Lets Cinder's backup service make a backup of a volume. */
export const backUpVolume = action({
  name: 'backup-dr.back-up-volume',
  title: ({ volume, incremental }) =>
    `Make ${incremental ? 'an incremental' : 'a full'} backup of volume ${calledOf(volume)}, ${volume.size} GiB`,
  input: z.strictObject({
    volume: Volume,
    incremental: z.boolean(),
    /** The container, pool or folder of the backup driver; null: its own. */
    container: z.string().min(1).nullable(),
  }),
  output: z.object({ backup: id, incremental: z.boolean(), at: z.string() }),
  rollback: 'free',
});

/** Stores the records of a project's backups as a point of the repository. */
export const keepRecords = action({
  name: 'backup-dr.keep-records',
  title: ({ project }) => `Store the records of the backups of ${calledOf(project)}`,
  input: z.strictObject({ project: z.strictObject({ id, name: z.string() }) }),
  output: z.object({ point: z.string(), records: z.int(), gaps: z.int() }),
  rollback: 'free',
});

/** Makes a backup known to a Cinder that has no record of it. */
export const importRecord = action({
  name: 'backup-dr.import-record',
  title: ({ backup, of }) => `Make backup ${backup} of volume ${of} known`,
  input: z.strictObject({
    backup: id,
    /** The volume that it is of. */
    of: z.string(),
    /** The backup driver that can read it. */
    service: id,
    /** As it was exported. */
    url: id,
  }),
  output: z.object({ backup: id }),
  // Cinder deletes the bytes with the record, and another cloud may still need them.
  rollback: 'none',
});

/** Writes a backup into a new volume. */
export const restoreBackup = action({
  name: 'backup-dr.restore-backup',
  title: ({ backup, name, size }) => `Restore backup ${backup} into a new volume ${name}, ${size} GiB`,
  input: z.strictObject({
    backup: id,
    name: z.string(),
    /** GiB. */
    size: z.number(),
    /** The type of the volume; null: the cloud's own choice. */
    type: id.nullable(),
  }),
  output: z.object({ volume: id }),
  rollback: 'free',
});

/** Deletes a backup on which no other builds. */
export const deleteBackup = action({
  name: 'backup-dr.delete-backup',
  title: ({ backup, of, at }) => `Delete backup ${backup} of volume ${of}, made at ${at}`,
  input: z.strictObject({ backup: id, of: z.string(), at: z.string() }),
  output: z.object({ backup: id }),
  rollback: 'none',
});

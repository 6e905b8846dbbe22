import { constants } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import {
  aClock,
  aPositiveDuration,
  type Clock,
  type Duration,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { fileLease, type HeldFileLease } from '../lease/file-lease.ts';
import { JournalCorruptError, JournalError } from './journal-errors.ts';
import { lineOf, linesOf } from './journal-line.ts';
import { type JournalStorage, JournalWriter, openUnderLease } from './journal-writer.ts';
import type { Journal, OpenJournal } from './journal.ts';
import { syncFolder } from './sync-folder.ts';

export interface FileJournalOptions {
  /** Time without a sign of life after which a holder on another machine counts as dead. @default '1m' */
  readonly expiry?: Duration | undefined;
  /** The clock of the lease's heartbeat. @default the machine's, by timers that do not keep the process alive */
  readonly clock?: Clock | undefined;
}

const fileJournalOptions = optionsSchema<FileJournalOptions>({
  expiry: aPositiveDuration.optional(),
  clock: aClock.optional(),
});

/**
 * A journal in a file: one line of JSON for each record, with a checksum; readable by its owner alone. Its folder must
 * be there. Beside it lies `PATH.lock.TOKEN`, the lease.
 *
 * A record is on the disk when `append` resolves. A line that was being written when the process died is cut off by the
 * next `open`; a line that was damaged later is a `JournalCorruptError`.
 *
 * @throws InputError on an option that there is not
 * @example
 * const journal = fileJournal('/var/lib/groundcrew/recover-compute-3.journal');
 */
export function fileJournal(path: string, options: FileJournalOptions = {}): Journal {
  parseArguments('fileJournal', fileJournalOptions, options);
  const lease = fileLease(`${path}.lock`, options);
  return {
    open: (given) => openUnderLease(lease, given, (held) => openedFile(path, held)),
    async read() {
      try {
        return linesOf(await contentOf(path)).records;
      } catch (error) {
        throw asJournalError(path, 'read', error);
      }
    },
  };
}

async function openedFile(path: string, lease: HeldFileLease): Promise<OpenJournal> {
  try {
    const file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
    try {
      const bytes = await file.readFile();
      const { records, length } = linesOf(bytes);
      if (length < bytes.length) await file.truncate(length);
      // A process that was killed may have written to memory only. From here on the content is relied upon.
      await file.sync();
      await syncFolder(path);
      return new JournalWriter(fileStorage(path, file, lease), lease, records);
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    throw asJournalError(path, 'opened', error);
  }
}

const fileStorage = (path: string, file: FileHandle, lease: HeldFileLease): JournalStorage => ({
  name: path,
  async write(records) {
    try {
      // The check before keeps it from writing where it must not; the one after finds that the process has slept meanwhile.
      await lease.check();
      await file.appendFile(records.map(lineOf).join(''));
      await file.datasync();
      await lease.check();
    } catch (error) {
      throw asJournalError(path, 'written', error);
    }
  },
  close: () => file.close(),
});

/** Absent is empty. */
async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'Make room on its file system, then run again: it goes on where it was.',
  EFBIG: 'Raise the limit for files (ulimit -f), then run again: it goes on where it was.',
  EDQUOT: 'Raise the quota, then run again: it goes on where it was.',
  EACCES: 'Let this user read and write the file and its folder.',
  ENOENT: 'Make its folder.',
  EIO: 'Look at the disk and the kernel log before anything else.',
  EROFS: 'Put it on a file system that can be written.',
};

function asJournalError(path: string, what: string, error: unknown): unknown {
  if (error instanceof JournalCorruptError)
    return new JournalCorruptError(`${path}: ${error.message}`, { line: error.line, cause: error });
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error;
  return new JournalError(`${path} could not be ${what}: ${message}`, {
    remedy: REMEDIES[code],
    cause: error,
  });
}

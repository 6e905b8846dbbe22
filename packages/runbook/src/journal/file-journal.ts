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
import { JournalCorruptError, JournalError, LeaseLostError } from './journal-errors.ts';
import { lineOf, linesOf } from './journal-line.ts';
import type { Journal, JournalEvent, JournalRecord, OpenJournal, OpenOptions } from './journal.ts';
import { frozenJson } from '../json.ts';
import { syncFolder } from './sync-folder.ts';

export interface FileJournalOptions {
  /** Time without a sign of life after which a holder on another machine counts as dead. @default '1m' */
  readonly expiry?: Duration | undefined;
  /** For the lease's heartbeat. @default the machine's, by timers that do not keep the process alive */
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
  const opened = async (given: OpenOptions, above: number): Promise<OpenFile> => {
    const held = await lease.acquire({ ...given, above });
    try {
      return await openedFile(path, held);
    } catch (error) {
      await held.release();
      throw asJournalError(path, 'opened', error);
    }
  };
  return {
    async open(given): Promise<OpenJournal> {
      const journal = await opened(given, 0);
      const newest = journal.records.at(-1)?.token ?? 0;
      if (newest < journal.token) return journal;
      // Somebody has tidied the lease away.
      await journal.close();
      return opened(given, newest);
    },
    async read() {
      try {
        return linesOf(await contentOf(path)).records;
      } catch (error) {
        throw asJournalError(path, 'read', error);
      }
    },
  };
}

async function openedFile(path: string, lease: HeldFileLease): Promise<OpenFile> {
  const file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
  try {
    const bytes = await file.readFile();
    const { records, length } = linesOf(bytes);
    if (length < bytes.length) await file.truncate(length);
    // What a process that was killed has written is in memory, maybe not on the disk; from here on it is relied upon.
    await file.sync();
    await syncFolder(path);
    return new OpenFile(path, file, lease, records);
  } catch (error) {
    await file.close();
    throw error;
  }
}

interface Waiting {
  readonly event: JournalEvent;
  readonly at: string;
  readonly resolve: (record: JournalRecord) => void;
  readonly reject: (error: unknown) => void;
}

class OpenFile implements OpenJournal {
  readonly records: readonly JournalRecord[];
  readonly token: number;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #lease: HeldFileLease;
  #sequence: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> = Promise.resolve();
  #broken: { readonly error: unknown } | undefined;

  constructor(path: string, file: FileHandle, lease: HeldFileLease, records: readonly JournalRecord[]) {
    this.records = records;
    this.token = lease.token;
    this.#path = path;
    this.#file = file;
    this.#lease = lease;
    this.#sequence = records.length;
  }

  get lost(): AbortSignal {
    return this.#lease.lost;
  }

  append(event: JournalEvent, at: string): Promise<JournalRecord> {
    const { promise, resolve, reject } = Promise.withResolvers<JournalRecord>();
    this.#waiting.push({ event, at, resolve, reject });
    // Whoever comes while the disk is busy is written together with the others that came.
    if (this.#waiting.length === 1) this.#writing = this.#writing.then(() => this.#write());
    return promise;
  }

  async close(): Promise<void> {
    this.#broken ??= { error: new LeaseLostError(`${this.#path} was closed`) };
    await this.#writing;
    try {
      await this.#file.close();
    } finally {
      await this.#lease.release();
    }
  }

  async #write(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      if (this.#broken !== undefined) throw this.#broken.error;
      const records = batch.map(({ event, at }, place) => {
        const record = { sequence: this.#sequence + place + 1, at, token: this.token, event };
        return frozenJson(record, 'record') as unknown as JournalRecord;
      });
      // Before, lest it write where it must not; after, since it may have slept in between.
      await this.#lease.check();
      await this.#file.appendFile(records.map(lineOf).join(''));
      await this.#file.datasync();
      await this.#lease.check();
      this.#sequence += batch.length;
      batch.forEach(({ resolve }, place) => resolve(records[place] as JournalRecord));
    } catch (error) {
      // After a failure nobody knows what is on the disk: the next one to open it looks.
      this.#broken ??= { error: asJournalError(this.#path, 'written', error) };
      for (const { reject } of batch) reject(this.#broken.error);
    }
  }
}

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

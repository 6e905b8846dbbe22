import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError, type Gap } from '@groundcrew/ground';
import { hasZstd } from './read/byte-lines.ts';

/** The logs below a directory, and what looks like one and cannot be read. */
export interface LogFiles {
  readonly files: readonly string[];
  readonly gaps: readonly Gap[];
}

/**
 * Finds `*.log`, `*.out` and `*.err`, also rotated (`.log.1`, `.log-20260101`) and packed by gzip or zstd, in all directories
 * below. A directory that cannot be read, a link that leads nowhere and another packing are gaps.
 *
 * @throws ConfigError if the directory itself cannot be read
 */
export async function logFiles(directory: string): Promise<LogFiles> {
  const files: string[] = [];
  const gaps: Gap[] = [];
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    let entries;
    try {
      entries = await readdir(path.join(directory, folder), { withFileTypes: true });
    } catch (cause) {
      if (folder === '') throw unreadable(directory, cause);
      gaps.push(gap(folder, 'failed', (cause as Error).message, 'Is the directory readable for this user?'));
      continue;
    }
    for (const entry of entries) {
      const name = path.join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(name);
      else if (LOG.test(entry.name)) {
        const why = await reasonAgainst(path.join(directory, name));
        if (why === undefined) files.push(name);
        else gaps.push(gap(name, 'failed', why, 'Unpack it, or name the file that it stands for.'));
      }
    }
  }
  return { files: files.toSorted(), gaps };
}

const LOG = /\.(?:log|out|err)(?:[.-][\w.:-]*)?$/;
const OTHER_PACKING = /\.(?:xz|bz2|lz4|zip|Z)$/;

/** The reason why a file is not read; `undefined` if it is. */
async function reasonAgainst(file: string): Promise<string | undefined> {
  if (OTHER_PACKING.test(file) || (file.endsWith('.zst') && !hasZstd)) return 'its packing is not read';
  try {
    return (await stat(file)).isFile() ? undefined : 'it is no regular file';
  } catch (error) {
    return (error as Error).message;
  }
}

const unreadable = (directory: string, cause: unknown): ConfigError =>
  new ConfigError(`${directory}: cannot be read`, {
    file: directory,
    cause,
    remedy: 'Is it a directory, and readable for this user?',
  });

export const gap = (what: string, kind: Gap['kind'], why: string, remedy: string): Gap => ({
  what,
  kind,
  why,
  remedy,
  requestIds: [],
});

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Engine, restic, type ResticOptions } from '../src/repository.ts';

export const PASSWORD = 'pa55 word';

/** A folder for repositories that goes with the test. */
export async function folderOfTest(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'restic-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Restic in a folder, without a cache: what is read is what the repository has. */
export const engineIn = (repository: string, options: Partial<ResticOptions> = {}): Engine =>
  restic({ repository, password: PASSWORD, cache: false, ...options });

/** A copy to break. */
export async function copyOf(repository: string, folder: string, name: string): Promise<string> {
  const copy = path.join(folder, name);
  await cp(repository, copy, { recursive: true });
  return copy;
}

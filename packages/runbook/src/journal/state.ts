import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RunbookError } from '../errors.ts';
import { frozenJson, type Json } from '../json.ts';
import { syncFolder } from './sync-folder.ts';

/** A store of one value that a controller keeps: for itself after a crash, and for the next leader. */
export interface State {
  /** `undefined` if nothing was kept yet. */
  load(): Promise<Json | undefined>;
  /**
   * Durable when it resolves; a crash before leaves what was kept.
   *
   * @param token of the lease that is held; a state that several can write needs it
   * @throws NotJsonError for what JSON would not give back as it was; members that are `undefined` are left out
   */
  save(value: unknown, token?: number): Promise<void>;
}

/** A file that is no JSON. It is not taken for an empty one, which would forget what was begun. */
export class StateCorruptError extends RunbookError {
  readonly code = 'state-corrupt';
}

/**
 * A value in a file, replaced as a whole. For controllers on one machine, of which a `fileLease` lets one act.
 *
 * @throws StateCorruptError from `load` on a file that holds no JSON
 * @example
 * const state = fileState('/var/lib/groundcrew/responses.json');
 */
export function fileState(file: string): State {
  return {
    async load() {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      try {
        return frozenJson(JSON.parse(text), file);
      } catch (cause) {
        throw new StateCorruptError(`${file} holds no JSON`, {
          cause,
          remedy: 'Put back a copy of it, or look into the journals for what was running, then remove it.',
        });
      }
    },
    async save(value) {
      const text = JSON.stringify(frozenJson(value, file));
      await mkdir(dirname(file), { recursive: true });
      const next = `${file}.next`;
      const handle = await open(next, 'w', 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(next, file);
      await syncFolder(file);
    },
  };
}

/** Makes a state in memory: for tests, and for controllers that only observe. */
export function memoryState(value?: unknown): State {
  let kept = value === undefined ? undefined : frozenJson(value, 'state');
  return {
    load: async () => kept,
    save: async (next) => {
      kept = frozenJson(next, 'state');
    },
  };
}

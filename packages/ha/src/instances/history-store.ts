import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Json } from '@groundcrew/runbook';
import { z } from 'zod';
import type { HaHistory } from './history.ts';

/** Where a controller keeps what it remembers, for itself after a crash and for whoever takes over. */
export interface HistoryStore {
  /** `undefined` if nothing was kept yet. */
  load(): Promise<HaHistory | undefined>;
  /**
   * Durable when it resolves.
   *
   * @param token of the lease under which the controller leads; `undefined` if it has none
   */
  save(history: HaHistory, token?: number): Promise<void>;
}

const History = z.object({
  observations: z.array(
    z.object({
      host: z.string(),
      observer: z.string(),
      at: z.number(),
      state: z.enum(['up', 'down', 'unknown']),
      statement: z.string(),
    }),
  ),
  recoveries: z.array(
    z.object({
      host: z.string(),
      journal: z.string().optional(),
      startedAt: z.number(),
      endedAt: z.number().optional(),
      state: z.enum(['running', 'recovered', 'returned', 'failed', 'undone']),
    }),
  ),
});

/**
 * A file, replaced as a whole.
 *
 * @throws Error from `load` on a file that is no history: it is not taken for an empty one, which would forget what
 *   was evacuated
 */
export const fileHistory = (file: string): HistoryStore => ({
  async load() {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    try {
      return History.parse(JSON.parse(text));
    } catch (cause) {
      throw new Error(`${file} is no history of instance HA`, { cause });
    }
  },
  async save(history) {
    await mkdir(path.dirname(file), { recursive: true });
    const next = `${file}.next`;
    const handle = await open(next, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(history));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(next, file);
  },
});

/** One value that all controllers reach and only the one that leads can write: `postgresState` of the runbook. */
export interface SharedHistoryState {
  load(): Promise<unknown>;
  save(value: Json, token: number): Promise<void>;
}

/**
 * A history that controllers on several machines share.
 *
 * @throws Error from `load` on what is no history, from `save` without a lease; whatever the state throws
 * @example
 * const pool = new pg.Pool({ connectionString });
 * const history = sharedHistory(postgresState({ pool, name: 'ha/site-a', lease: 'ha-controller' }));
 * const lease = postgresLease({ pool, name: 'ha-controller' });
 */
export const sharedHistory = (state: SharedHistoryState): HistoryStore => ({
  async load() {
    const kept = await state.load();
    if (kept === undefined) return undefined;
    try {
      return History.parse(kept);
    } catch (cause) {
      throw new Error('what is kept is no history of instance HA', { cause });
    }
  },
  async save(history, token) {
    if (token === undefined)
      throw new Error('a history that several controllers share is written by the one that holds the lease');
    await state.save(JSON.parse(JSON.stringify(history)) as Json, token);
  },
});

/** Memory: for tests, and for controllers that only observe. */
export function memoryHistory(history?: HaHistory): HistoryStore {
  let kept = history;
  return {
    load: async () => kept,
    save: async (next) => {
      kept = next;
    },
  };
}

import { type Json, StateCorruptError } from '@groundcrew/runbook';
import { z } from 'zod';
import { emptyHistory, type HaHistory } from './history.ts';

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
      by: z.string().optional(),
      startedAt: z.number(),
      endedAt: z.number().optional(),
      attempts: z.int().optional(),
      state: z.enum(['running', 'recovered', 'half-done', 'returned', 'failed', 'undone']),
    }),
  ),
});

/**
 * @throws StateCorruptError on what is no history: it is not taken for an empty one, which would forget what was
 * evacuated
 */
export function readHistory(kept: Json | undefined): HaHistory {
  if (kept === undefined) return emptyHistory;
  try {
    return History.parse(kept);
  } catch (cause) {
    throw new StateCorruptError('what is kept is no history of instance HA', {
      cause,
      remedy: 'Does another controller keep its state there? Give each its own; nothing was overwritten.',
    });
  }
}

import { z } from 'zod';

/** How many of the processes that a level was set in were heard to have it. */
export const LevelCoverage = z.object({
  /** Processes whose level was to be set; those that are down are not among them. */
  asked: z.int(),
  /** Processes that told, or logged, that they have it. */
  confirmed: z.int(),
  /** The others, each with the reason: `cinder-api on controller-1: 1 of 2 workers cannot be told apart`. */
  unverifiable: z.array(z.string()),
  /** Services that are down: Cinder passes them over without a word, and they start with their configured level. */
  down: z.array(z.string()),
});
export type LevelCoverage = Readonly<z.output<typeof LevelCoverage>>;

import { z } from 'zod';
import { faultIn } from '@groundcrew/ground';
import { type UptimeEvidence, WIDEST } from './evidence.ts';

/** Evidence that was not taken, and why. */
export interface RefusedEvidence {
  /** Its place among those that were given. */
  readonly index: number;
  /** The path of the field, `subject.server`. */
  readonly field: string;
  readonly message: string;
}

/** The longest text that an index of every database takes. */
const LONGEST = 500;

/** Text that every store keeps as it is: PostgreSQL takes no NUL, and UTF-8 has no lone surrogate. */
const kept = z
  .string()
  .max(LONGEST)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'has a NUL or a lone surrogate');
const name = kept.min(1);

/** Whole milliseconds, which every store and every date can hold. */
const time = z.number().int().min(-8_640_000_000_000_000).max(8_640_000_000_000_000);

const anEvidence = z
  .strictObject({
    id: name,
    subject: z.union([
      z.strictObject({ server: name }),
      z.strictObject({ service: name }),
      z.strictObject({ host: name }),
      z.strictObject({ endpoint: name }),
    ]),
    state: z.enum(['up', 'down', 'not-created', 'deleted', 'unknown']),
    earliest: time,
    latest: time,
    since: time.optional(),
    source: name,
    text: kept.optional(),
    project: name.optional(),
  })
  .refine(({ earliest, latest }) => latest >= earliest, { path: ['latest'], error: 'is before earliest' })
  .refine(({ earliest, latest }) => latest - earliest <= WIDEST, {
    path: ['latest'],
    error: 'is more than a day after earliest: it says too little',
  })
  .refine(({ since, latest }) => since === undefined || since <= latest, {
    path: ['since'],
    error: 'is after latest',
  });

/** Parts what a store keeps from what it cannot: one that is odd takes no other down. */
export function checked(given: readonly unknown[]): {
  readonly evidence: readonly UptimeEvidence[];
  readonly refused: readonly RefusedEvidence[];
} {
  const evidence: UptimeEvidence[] = [];
  const refused: RefusedEvidence[] = [];
  for (const [index, each] of given.entries()) {
    const read = anEvidence.safeParse(each);
    if (read.success) evidence.push(read.data);
    else refused.push({ index, ...faultIn(read.error) });
  }
  return { evidence, refused };
}

import { anObjectWith, durationWords, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { PointList, RecoveryPoint } from '../repository/point.ts';
import { isPointOf } from '../repository/whose-point.ts';
import { isOfTheFuture } from '../retention/retention-rules.ts';
import type { BackupPolicy } from './protect.ts';

export interface NextBackupInputs {
  /** What the repository holds. */
  readonly points: PointList;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export const nextBackupInputs = {
  points: anObjectWith<PointList>('a PointList, as a repository answers it', 'points', 'gaps'),
  now: z.number(),
};
const inputs = optionsSchema<NextBackupInputs>(nextBackupInputs);
export const policyParts = z.looseObject({ project: z.string().min(1), rpoMs: z.number().positive() });

/** When a backup must begin so that what is promised is kept. */
export interface NextBackup {
  readonly project: string;
  /** ISO 8601; not later than now if it is due. */
  readonly dueAt: string;
  readonly isDue: boolean;
  /** The RPO is passed at this moment unless a newer point is there; ISO 8601. `undefined`: no point was seen. */
  readonly lateAt: string | undefined;
  /** The point that it counts from. */
  readonly newest: string | undefined;
  /** The time that is left for it, in milliseconds: the longest of the last ones, and a tenth of the RPO. */
  readonly allowedMs: number;
  /** In a sentence. */
  readonly because: string;
}

/**
 * Says when the next backup of a project is due. Pure. A point counts from the moment of its data, and is there only when it was written:
 * so the next one begins earlier than the RPO by as long as the last ones took, and never before half of it. A point that a wrong clock
 * has put in the future is passed over: else one of tomorrow would put off the backups of a day.
 *
 * @throws InputError naming the field
 * @example
 * const { isDue, dueAt, because } = nextBackup(policy, { points: await repo.points(), now: Date.now() });
 */
export function nextBackup(
  policy: Pick<BackupPolicy, 'project' | 'rpoMs'>,
  given: NextBackupInputs,
): NextBackup {
  parseArguments('nextBackup', inputs, given);
  parseArguments('nextBackup', policyParts, policy);
  const { points, now } = given;
  const { project, rpoMs } = policy;
  const own = points.points.filter((point) => isPointOf(point, project));
  const past = own.filter((point) => !isOfTheFuture(point, now));
  const allowedMs = Math.min(rpoMs / 2, longest(past.slice(0, LOOKED_AT)) + rpoMs / 10);
  // Of what was not seen something may be newer: a backup more harms nobody.
  const unseen =
    points.gaps.length + points.unreadable.length === 0
      ? ''
      : ', and not all of the repository could be read';
  const future =
    own.length === past.length ? '' : `; ${own.length - past.length} of the future are passed over`;
  const [newest] = past;
  if (newest === undefined)
    return {
      project,
      dueAt: isoOf(now),
      isDue: true,
      lateAt: undefined,
      newest: undefined,
      allowedMs,
      because: `no point of ${project} was seen${future}${unseen}`,
    };
  const at = Date.parse(newest.at);
  const due = at + rpoMs - allowedMs;
  return {
    project,
    dueAt: isoOf(due),
    isDue: due <= now,
    lateAt: isoOf(at + rpoMs),
    newest: newest.id,
    allowedMs,
    because: `the newest point is of ${newest.at}, ${durationWords(rpoMs)} are promised, and ${durationWords(
      allowedMs,
    )} are left for the next${future}${unseen}`,
  };
}

/** The last backups that tell how long the next one takes. */
const LOOKED_AT = 5;

/** Milliseconds. A clock that went backwards while one was written makes it no shorter than nothing. */
const longest = (points: readonly RecoveryPoint[]): number =>
  Math.max(0, ...points.map(({ at, writtenAt }) => Date.parse(writtenAt) - Date.parse(at)));

const isoOf = (moment: number): string => new Date(moment).toISOString();

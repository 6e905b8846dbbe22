import {
  aDuration,
  type Duration,
  InputError,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import { isOfTheFuture } from '../retention/retention-rules.ts';
import {
  type NextBackup,
  nextBackup,
  type NextBackupInputs,
  nextBackupInputs,
  policyParts,
} from './next-backup.ts';
import type { BackupPolicy } from './protect.ts';

export interface DueBackupsOptions extends NextBackupInputs {
  /** Projects, as their policies name them, of which a backup is under way. @default none */
  readonly running?: readonly string[] | undefined;
  /** The last attempt of each project, whatever came of it. @default none */
  readonly attempts?: readonly BackupAttempt[] | undefined;
  /** Backups that run beside each other, those under way among them. @default 2 */
  readonly atOnce?: number | undefined;
  /** From one attempt to the next: what fails at once is not tried all day. @default '15m' */
  readonly retryAfter?: Duration | undefined;
}

export interface BackupAttempt {
  readonly project: string;
  /** When it began; ISO 8601. */
  readonly at: string;
}

const dueOptions = optionsSchema<DueBackupsOptions>({
  ...nextBackupInputs,
  running: z.array(z.string()).optional(),
  attempts: z.array(z.strictObject({ project: z.string(), at: z.iso.datetime({ offset: true }) })).optional(),
  atOnce: z.int().positive().optional(),
  retryAfter: aDuration.optional(),
});

export interface DueBackups {
  /** To be begun now; the one first that is nearest to its promise, or furthest beyond it. */
  readonly begin: readonly NextBackup[];
  /** Due as well, and not begun: others run, or it was just tried. In the order in which their turns come. */
  readonly waiting: readonly NextBackup[];
  /**
   * The next moment at which the answer changes by time alone; ISO 8601. The end of a backup changes it, too. `undefined`: only that
   * does.
   */
  readonly lookAgainAt: string | undefined;
}

/**
 * Says of many policies which backups begin now. Pure. After an outage nearly all are due at once: no more than `atOnce` begin, those
 * first that are late by the greatest part of what was promised, and the others have their turn as these end.
 *
 * @throws InputError naming the field, also for two policies of one project
 * @example
 * const { begin, lookAgainAt } = dueBackups(policies, { points: await repo.points(), now: Date.now(), running, attempts });
 */
export function dueBackups(
  policies: readonly Pick<BackupPolicy, 'project' | 'rpoMs'>[],
  given: DueBackupsOptions,
): DueBackups {
  parseArguments('dueBackups', dueOptions, given);
  parseArguments('dueBackups', z.object({ policies: z.array(policyParts) }), { policies });
  const { points, now, running = [], attempts = [], atOnce = 2, retryAfter = '15m' } = given;
  refuseTwice('dueBackups', policies);
  const next = policies
    .filter(({ project }) => !running.includes(project))
    .map((policy) => {
      const tried = attempts.filter(
        (attempt) => attempt.project === policy.project && !isOfTheFuture(attempt, now),
      );
      return {
        backup: nextBackup(policy, { points, now }),
        rpoMs: policy.rpoMs,
        mayAt: Math.max(0, ...tried.map(({ at }) => Date.parse(at) + milliseconds(retryAfter))),
      };
    });
  const due = next.filter(({ backup }) => backup.isDue).toSorted(byUrgency(now));
  const free = Math.max(0, atOnce - running.length);
  const begin = due.filter(({ mayAt }) => mayAt <= now).slice(0, free);
  // What waits for its turn alone waits for an end, and not for a moment.
  const moments = next
    .filter((one) => !begin.includes(one))
    .map(({ backup, mayAt }) => Math.max(Date.parse(backup.dueAt), mayAt))
    .filter((moment) => moment > now);
  return {
    begin: begin.map(({ backup }) => backup),
    waiting: due.filter((one) => !begin.includes(one)).map(({ backup }) => backup),
    lookAgainAt: moments.length === 0 ? undefined : new Date(Math.min(...moments)).toISOString(),
  };
}

interface Ranked {
  readonly backup: NextBackup;
  readonly rpoMs: number;
}

/** By how much of the RPO has passed: four hours late on a promise of an hour is worse than on one of a week. None at all is worst. */
const byUrgency =
  (now: number) =>
  (a: Ranked, b: Ranked): number =>
    agedShare(b, now) - agedShare(a, now) || (a.backup.project < b.backup.project ? -1 : 1);

function agedShare({ backup: { lateAt }, rpoMs }: Ranked, now: number): number {
  return lateAt === undefined ? Number.MAX_VALUE : 1 + (now - Date.parse(lateAt)) / rpoMs;
}

/** Two promises of one project contradict each other. @throws InputError naming the second one */
export function refuseTwice(operation: string, policies: readonly Pick<BackupPolicy, 'project'>[]): void {
  const seen = new Set<string>();
  for (const [at, { project }] of policies.entries()) {
    if (seen.has(project))
      throw new InputError(
        `${operation}: policies.${at}.project: ${JSON.stringify(project)} is there twice`,
        {
          field: `policies.${at}.project`,
          operation,
        },
      );
    seen.add(project);
  }
}

import { counted, durationWords } from '@groundcrew/ground';
import { dueBackups } from '../backup/due-backups.ts';
import type { NextBackup } from '../backup/next-backup.ts';
import type { BackupPolicy } from '../backup/protect.ts';
import type { PointList } from '../repository/point.ts';
import { isOfTheFuture } from '../retention/retention-rules.ts';
import type { ScheduledWork, ScheduleMemory } from './schedule-memory.ts';

/** Something that is due, and is not begun now. */
export interface HeldBack extends ScheduledWork {
  /** In a sentence. */
  readonly because: string;
}

/** What one round of the schedule begins, what it does not, and why. */
export interface ScheduleDecision {
  /** Backups to begin, the most urgent first. */
  readonly begin: readonly NextBackup[];
  /** The project whose retention begins; then no backup does. */
  readonly retain: string | undefined;
  readonly heldBack: readonly HeldBack[];
  /** The next moment at which the answer changes by time alone; ISO 8601. `undefined`: only the end of a run changes it. */
  readonly lookAgainAt: string | undefined;
}

/** What a round knows. Durations are milliseconds. */
export interface ScheduleSituation {
  readonly policies: readonly BackupPolicy[];
  readonly memory: ScheduleMemory;
  readonly points: PointList;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly atOnce: number;
  readonly retryAfterMs: number;
}

/**
 * Milliseconds after which retention goes before backups. Without it a repository that is written all day is never pruned, and is full
 * one day.
 */
const PATIENCE = 86_400_000;

/**
 * Decides a round. Pure. Retention has the repository for itself, since an engine locks it whole while it prunes: it begins when no
 * backup is under way or due, or once it has waited for a day and those under way have ended.
 */
export function decideSchedule(situation: ScheduleSituation): ScheduleDecision {
  const { policies, memory, points, now, atOnce, retryAfterMs } = situation;
  const busy = memory.running.filter(({ about }) => about.purpose === 'back-up');
  const { begin, waiting, lookAgainAt } = dueBackups(policies, {
    points,
    now,
    running: busy.map(({ about }) => about.project),
    attempts: memory.attempts,
    atOnce,
    retryAfter: retryAfterMs,
  });
  const others = waiting.map(({ project }) => ({
    project,
    purpose: 'back-up' as const,
    because: whyWaiting(project, situation),
  }));
  const { project: retain, because } = retentionNow(situation, busy.length, begin.length);
  const isPruning = memory.running.some(({ about }) => about.purpose === 'retention');
  const mayBegin = !isPruning && retain === undefined && because !== GOES_FIRST;
  return {
    begin: mayBegin ? begin : [],
    retain,
    heldBack: [
      ...(mayBegin
        ? []
        : begin.map(({ project }) => ({
            project,
            purpose: 'back-up' as const,
            because: isPruning ? 'retention has the repository for itself until it has ended' : GOES_FIRST,
          }))),
      ...others,
      ...memory.retention
        .filter(({ project }) => project !== retain)
        .map(({ project }) => ({ project, purpose: 'retention' as const, because: because ?? IN_TURN })),
    ],
    lookAgainAt,
  };
}

const GOES_FIRST = 'retention has waited for a day, and begins when no backup is under way';
const IN_TURN = 'that of another project is under way';

/** The project whose retention begins, or why none does. */
function retentionNow(
  { memory, now }: ScheduleSituation,
  busy: number,
  due: number,
): { readonly project?: string | undefined; readonly because?: string | undefined } {
  const [first] = memory.retention;
  if (first === undefined || memory.running.some(({ about }) => about.purpose === 'retention')) return {};
  const isLate = now - Date.parse(first.since) > PATIENCE;
  if (busy > 0) return { because: isLate ? GOES_FIRST : `${counted(busy, 'backup')} under way` };
  if (due > 0 && !isLate) return { because: `${counted(due, 'backup')} due` };
  return { project: first.project };
}

function whyWaiting(
  project: string,
  {
    memory,
    now,
    atOnce,
    retryAfterMs,
  }: Pick<ScheduleSituation, 'memory' | 'now' | 'atOnce' | 'retryAfterMs'>,
): string {
  const tried = memory.attempts.find((attempt) => attempt.project === project);
  if (tried !== undefined && !isOfTheFuture(tried, now) && Date.parse(tried.at) + retryAfterMs > now)
    return `it was tried at ${tried.at}, and is tried again ${durationWords(retryAfterMs)} after that`;
  return `${counted(atOnce, 'backup')} at once: others have their turn before it`;
}

import { isUnfinished, type KeptRun, type Outcome, StateCorruptError } from '@groundcrew/runbook';
import { z } from 'zod';

const About = z.strictObject({
  /** As its policy names it. */
  project: z.string().min(1),
  purpose: z.enum(['back-up', 'retention']),
});

const Memory = z.strictObject({
  /** Runs under way, which a successor resumes. */
  running: z.array(z.strictObject({ journal: z.string(), by: z.string(), about: About })),
  /** Of each project the last time that a backup was begun, or could not be planned; ISO 8601. */
  attempts: z.array(z.strictObject({ project: z.string(), at: z.string() })),
  /** Projects of which retention has its turn, and since when; ISO 8601. */
  retention: z.array(z.strictObject({ project: z.string(), since: z.string() })),
});

/** What a run of the schedule is about. */
export type ScheduledWork = Readonly<z.infer<typeof About>>;
export type ScheduledRun = KeptRun<ScheduledWork>;

/** All that the schedule remembers between two rounds; the rest is in the repository and in the journals. */
export interface ScheduleMemory {
  readonly running: readonly ScheduledRun[];
  readonly attempts: readonly { readonly project: string; readonly at: string }[];
  readonly retention: readonly { readonly project: string; readonly since: string }[];
}

/**
 * Reads what is kept.
 *
 * @throws StateCorruptError on what is no memory of a schedule: taken for an empty one it would forget what is under way
 */
export function readSchedule(kept: unknown): ScheduleMemory {
  if (kept === undefined) return { running: [], attempts: [], retention: [] };
  try {
    return Memory.parse(kept);
  } catch (cause) {
    throw new StateCorruptError('what is kept is no memory of a schedule of backups', {
      cause,
      remedy: 'Does another controller keep its state there? Give each its own; nothing was overwritten.',
    });
  }
}

/** Notes that a backup of a project was tried, whatever comes of it. */
export const withAttempt = (memory: ScheduleMemory, project: string, now: number): ScheduleMemory => ({
  ...memory,
  attempts: [
    ...memory.attempts.filter((attempt) => attempt.project !== project),
    { project, at: isoOf(now) },
  ],
});

/** Notes that a run begins: a backup is an attempt, and retention has had its turn. */
export function withBegun(memory: ScheduleMemory, run: ScheduledRun, now: number): ScheduleMemory {
  const { project, purpose } = run.about;
  const begun = { ...memory, running: [...memory.running, run] };
  return purpose === 'back-up' ? withAttempt(begun, project, now) : withoutRetention(begun, project);
}

/** Notes that a run has ended; after a backup that succeeded retention has its turn, if the policy says so. */
export function withEnded(
  memory: ScheduleMemory,
  run: ScheduledRun,
  ended: { readonly outcome: Outcome; readonly now: number; readonly retains: boolean },
): ScheduleMemory {
  if (isUnfinished(ended.outcome)) return memory;
  const rest = withoutRun(memory, run);
  const { project, purpose } = run.about;
  return purpose === 'back-up' && ended.outcome.status === 'succeeded' && ended.retains
    ? withRetention(rest, project, ended.now)
    : rest;
}

/** Notes that a run never began: what was to be done is to be done as before. */
export function withoutBegun(memory: ScheduleMemory, run: ScheduledRun, now: number): ScheduleMemory {
  const rest = withoutRun(memory, run);
  const { project, purpose } = run.about;
  if (purpose === 'retention') return withRetention(rest, project, now);
  return { ...rest, attempts: rest.attempts.filter((attempt) => attempt.project !== project) };
}

/** Notes that retention of a project has had its turn. */
export const withoutRetention = (memory: ScheduleMemory, project: string): ScheduleMemory => ({
  ...memory,
  retention: memory.retention.filter((waiting) => waiting.project !== project),
});

const withRetention = (memory: ScheduleMemory, project: string, now: number): ScheduleMemory =>
  memory.retention.some((waiting) => waiting.project === project)
    ? memory
    : { ...memory, retention: [...memory.retention, { project, since: isoOf(now) }] };

const withoutRun = (memory: ScheduleMemory, { journal }: ScheduledRun): ScheduleMemory => ({
  ...memory,
  running: memory.running.filter((run) => run.journal !== journal),
});

const isoOf = (moment: number): string => new Date(moment).toISOString();

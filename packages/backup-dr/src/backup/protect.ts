import {
  aPositiveDuration,
  type Duration,
  InputError,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import { refuseKeepingNothing, type RetentionRules, retentionRules } from '../retention/retention-rules.ts';

export interface ProtectOptions {
  /** Id or name of the project. */
  readonly project: string;
  /** The age of the newest point that is allowed. */
  readonly rpo: Duration;
  /** The time that a restore may take, from the decision to the last probe. @default none is promised */
  readonly rto?: Duration | undefined;
  /** Which points are kept. @default all */
  readonly keep?: RetentionRules | undefined;
  /**
   * The standing approval of retention: after a backup `backupController` forgets what no rule keeps without asking anybody, if that are
   * no more points than this. More are never forgotten at once by itself, so that a rule with a slip in it empties no repository.
   *
   * @default 0: nothing is forgotten by itself
   */
  readonly forgetAtMost?: number | undefined;
  /** Ids or names of volumes whose bytes are not kept: scratch disks. @default none */
  readonly without?: readonly string[] | undefined;
}

/** What is promised of a project, as plain data. */
export interface BackupPolicy {
  readonly project: string;
  readonly rpoMs: number;
  readonly rtoMs: number | undefined;
  readonly keep: RetentionRules | undefined;
  readonly forgetAtMost: number;
  readonly without: readonly string[];
}

const protectOptions = optionsSchema<ProtectOptions>({
  project: z.string().min(1),
  rpo: aPositiveDuration,
  rto: aPositiveDuration.optional(),
  keep: retentionRules.optional(),
  forgetAtMost: z.int().nonnegative().optional(),
  without: z.array(z.string().min(1)).optional(),
});

/**
 * Says what is promised of a project. Nothing is done by it.
 *
 * @throws InputError naming the field
 * @example protect({ project: 'shop', rpo: '4h', rto: '1h', keep: { daily: 14, monthly: 12 } })
 */
export function protect(options: ProtectOptions): BackupPolicy {
  parseArguments('protect', protectOptions, options);
  const { project, rpo, rto, keep, forgetAtMost = 0, without = [] } = options;
  if (keep !== undefined) refuseKeepingNothing('protect', keep);
  else if (forgetAtMost > 0)
    throw new InputError(
      'protect: forgetAtMost: there are no rules (`keep`) by which anything would be forgotten',
      {
        field: 'forgetAtMost',
        operation: 'protect',
      },
    );
  return {
    project,
    rpoMs: milliseconds(rpo),
    rtoMs: rto === undefined ? undefined : milliseconds(rto),
    keep,
    forgetAtMost,
    without: [...without],
  };
}

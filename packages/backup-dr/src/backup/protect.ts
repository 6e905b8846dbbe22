import {
  aPositiveDuration,
  type Duration,
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
  /** Ids or names of volumes whose bytes are not kept: scratch disks. @default none */
  readonly without?: readonly string[] | undefined;
}

/** What is promised of a project, as plain data. */
export interface BackupPolicy {
  readonly project: string;
  readonly rpoMs: number;
  readonly rtoMs: number | undefined;
  readonly keep: RetentionRules | undefined;
  readonly without: readonly string[];
}

const protectOptions = optionsSchema<ProtectOptions>({
  project: z.string().min(1),
  rpo: aPositiveDuration,
  rto: aPositiveDuration.optional(),
  keep: retentionRules.optional(),
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
  const { project, rpo, rto, keep, without = [] } = options;
  if (keep !== undefined) refuseKeepingNothing('protect', keep);
  return {
    project,
    rpoMs: milliseconds(rpo),
    rtoMs: rto === undefined ? undefined : milliseconds(rto),
    keep,
    without: [...without],
  };
}

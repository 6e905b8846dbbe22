import type { Backup } from '@groundcrew/core/block-storage';
import { counted, optionsSchema, parseArguments } from '@groundcrew/ground';
import { definePlan, type Json, planned, type Planned, refused } from '@groundcrew/runbook';
import { z } from 'zod';
import {
  pointsToKeep,
  refuseKeepingNothing,
  type RetentionRules,
  retentionRules,
} from '../retention/retention-rules.ts';
import { deleteBackup } from './actions.ts';
import { type BackupChain, chainsIn, dataTime } from './backup-chain.ts';

export type CinderRetentionRefusalCode = 'cinder-backup.unclear-chain' | 'cinder-backup.nothing-to-delete';

export interface PlanCinderRetentionOptions {
  /** All backups of the project. */
  readonly backups: readonly Backup[];
  /** The volumes that are there: backups of others stay, since nothing newer will ever take their place. */
  readonly volumes: readonly { readonly id: string }[];
  /** Which are kept, of each volume of its own. */
  readonly keep: RetentionRules;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const retentionOptions = optionsSchema<PlanCinderRetentionOptions>({
  backups: z.array(z.custom<Backup>()),
  volumes: z.array(z.looseObject({ id: z.string() })),
  keep: retentionRules,
  now: z.number(),
});

/**
 * Plans which of Cinder's backups are deleted. Pure. A backup stays as long as one that is kept builds on it, so that a chain goes from
 * its end, and as a whole once a newer one has taken its place. The newest of each volume stays whatever the rules say; so does all
 * of a volume that is gone, or whose records were imported: another cloud may have the same bytes.
 *
 * @throws InputError naming the field, also for rules that keep nothing
 * @example
 * const planned = planCinderRetention({ backups, volumes, keep: { daily: 14, monthly: 6 }, now: Date.now() });
 */
export function planCinderRetention(
  options: PlanCinderRetentionOptions,
): Planned<CinderRetentionRefusalCode> {
  parseArguments('planCinderRetention', retentionOptions, options);
  const { backups, volumes, keep, now } = options;
  refuseKeepingNothing('planCinderRetention', keep);
  const there = new Set(volumes.map(({ id }) => id));
  const ours = backups.filter(({ volume_id }) => there.has(volume_id));
  const busy = new Set(ours.flatMap(({ volume_id, status }) => (SETTLED.has(status) ? [] : [volume_id])));
  const chains = chainsIn(ours).filter(({ volume }) => !busy.has(volume));
  const unclear = chains.find(isUnclear);
  if (unclear !== undefined)
    return refused({
      code: 'cinder-backup.unclear-chain',
      reason: `volume ${unclear.volume}: what Cinder says of dependent backups is not the order of their data`,
      remedy: 'Delete by hand, or wait until all of its backups have ended.',
    });
  const goes = [...Map.groupBy(chains, ({ volume }) => volume).values()].flatMap((ofVolume) =>
    ofVolume.flatMap((chain) => leavesOf(chain, keptOf(ofVolume, keep, now))),
  );
  const left = backups.length - ours.length;
  const stay = [
    ...(left === 0
      ? []
      : [`${counted(left, 'backup')} of volumes that are not here stay: delete them by hand`]),
    ...(busy.size === 0
      ? []
      : [
          `of ${counted(busy.size, 'volume')} nothing is deleted: a backup is being made, deleted or restored`,
        ]),
  ];
  if (goes.length === 0)
    return refused({
      code: 'cinder-backup.nothing-to-delete',
      reason: ['the rules keep every backup, or what builds on it', ...stay].join('; '),
      remedy: undefined,
    });
  return planned(
    definePlan({
      id: 'cinder-retention',
      title: 'Retention of Cinder’s backups',
      inputs: JSON.parse(JSON.stringify({ keep, at: new Date(now).toISOString() })) as Json,
      steps: goes.map(({ backup, after }) =>
        deleteBackup.step({
          id: `delete-${backup.id}`,
          input: { backup: backup.id, of: backup.volume_id, at: new Date(dataTime(backup)).toISOString() },
          needs: after === undefined ? [] : [`delete-${after.id}`],
          why: 'No rule keeps it, nor anything that builds on it.',
          onFailure: 'continue',
          group: 'backups',
          timeout: '1d',
        }),
      ),
      concurrency: { total: 4, groups: { backups: 4 } },
      warnings: stay.map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`),
    }),
  );
}

/** The ids that the rules keep; the newest of a volume is one of them. */
function keptOf(chains: readonly BackupChain[], keep: RetentionRules, now: number): ReadonlySet<string> {
  const points = chains
    .flatMap(({ backups }) => backups)
    .map((backup) => ({
      id: backup.id,
      at: new Date(dataTime(backup)).toISOString(),
      completeness: 'complete' as const,
    }));
  return new Set(pointsToKeep(points, keep, now).keys());
}

interface Leaf {
  readonly backup: Backup;
  /** The one that builds on it, which goes before. */
  readonly after: Backup | undefined;
}

/** The end of a chain that nothing keeps, the last first. */
function leavesOf({ backups }: BackupChain, kept: ReadonlySet<string>): Leaf[] {
  const last = backups.findLastIndex(({ id }) => kept.has(id));
  return backups
    .slice(last + 1)
    .toReversed()
    .map((backup, at, all) => ({ backup, after: all[at - 1] }));
}

/** Neither what is being made may build on it, nor what is being restored need it. */
const SETTLED: ReadonlySet<string> = new Set(['available', 'error', 'error_deleting']);

/** Whether the order of the data contradicts what Cinder tells: all but the last of a chain have one that builds on it. */
const isUnclear = ({ backups }: BackupChain): boolean =>
  backups.some(({ has_dependent_backups }, at) => has_dependent_backups !== at < backups.length - 1);

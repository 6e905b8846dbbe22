import type { Cloud } from '@groundcrew/core';
import {
  aPositiveDuration,
  aSignal,
  anObjectWith,
  counted,
  type Duration,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { definePlan, type Json, planned, type Planned, refused } from '@groundcrew/runbook';
import { z } from 'zod';
import { keepRecords } from './actions.ts';
import { freeBackups } from './free-backups.ts';
import { volumeStep } from './volume-steps.ts';

export type CinderBackupRefusalCode =
  | 'cinder-backup.quota'
  | 'cinder-backup.no-volume'
  | 'cinder-backup.other-project'
  | 'cinder-backup.nothing-to-do';

/** Whose volumes; a `BackupPolicy` is one. */
export interface CinderBackupPolicy {
  /** Id or name of the project. */
  readonly project: string;
  /** Ids or names of volumes that are not backed up. */
  readonly without?: readonly string[] | undefined;
}

export interface PlanCinderBackupsOptions {
  /** A client in the scope of the project. */
  readonly cloud: Cloud;
  /** The age of a full backup after which the next one is full. @default '30d' */
  readonly fullEvery?: Duration | undefined;
  /** Backups of a chain, the full one among them: each of them is read when the last is restored. @default 30 */
  readonly longestChain?: number | undefined;
  /** Ids or names of volumes whose next backup is full in any case. @default none */
  readonly full?: 'all' | readonly string[] | undefined;
  /** The container, pool or folder that the driver keeps them in. @default the driver's own */
  readonly container?: string | undefined;
  /** Whether the records are stored in a repository at the end, which only administrators can. @default true */
  readonly records?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

const planOptions = optionsSchema<PlanCinderBackupsOptions>({
  cloud: anObjectWith<Cloud>('a Cloud, as connect makes it', 'token', 'request'),
  fullEvery: aPositiveDuration.optional(),
  longestChain: z.int().min(1).optional(),
  full: z.union([z.literal('all'), z.array(z.string().min(1))]).optional(),
  container: z.string().min(1).optional(),
  records: z.boolean().optional(),
  signal: aSignal.optional(),
});
const policyParts = z.looseObject({
  project: z.string().min(1),
  without: z.array(z.string().min(1)).optional(),
});

/**
 * Plans backups of a project's volumes by Cinder's own backup service, which keeps their bytes: of each volume an incremental one, or
 * a full one, and why. A volume that cannot be backed up now is a warning, and the others are planned.
 *
 * @throws InputError naming the field; what Cinder answers
 * @example
 * const planned = await planCinderBackups(protect({ project: 'shop', rpo: '4h' }), { cloud, fullEvery: '14d' });
 * if (planned.ok) console.log(explain(planned.plan));
 */
export async function planCinderBackups(
  policy: CinderBackupPolicy,
  options: PlanCinderBackupsOptions,
): Promise<Planned<CinderBackupRefusalCode>> {
  parseArguments('planCinderBackups', policyParts, policy);
  parseArguments('planCinderBackups', planOptions, options);
  const {
    cloud,
    fullEvery = '30d',
    longestChain = 30,
    full = [],
    container,
    records = true,
    signal,
  } = options;
  const { project: wanted, without = [] } = policy;
  const project = (await cloud.token({ signal }))?.project;
  if (project?.id === undefined || ![project.id, project.name].includes(wanted))
    return refused({
      code: 'cinder-backup.other-project',
      reason: `the client is in the scope of ${project?.name ?? project?.id ?? 'no project'}, not of ${wanted}`,
      remedy: 'Give cloud.scoped({ project_id }).',
    });
  const [volumes, backups] = await Promise.all([
    Array.fromAsync(cloud.blockStorage.volumes.list({}, { signal })),
    Array.fromAsync(cloud.blockStorage.backups.list({}, { signal })),
  ]);
  const lists = [...without, ...(full === 'all' ? [] : full)];
  const unknown = lists.find((one) => !volumes.some((volume) => isNamed([one], volume)));
  if (unknown !== undefined)
    return refused({
      code: 'cinder-backup.no-volume',
      reason: `the project has no volume ${JSON.stringify(unknown)}`,
      remedy: 'Name it by its id or its name.',
    });
  const byVolume = Map.groupBy(backups, ({ volume_id }) => volume_id);
  const due = volumes
    .filter((volume) => !isNamed(without, volume))
    .map((volume) =>
      volumeStep(volume, byVolume.get(volume.id) ?? [], {
        fullEveryMs: milliseconds(fullEvery),
        longest: longestChain,
        now: cloud.clock.now(),
        container,
        isForced: (each) => full === 'all' || isNamed(full, each),
      }),
    );
  const steps = due.flatMap(({ step }) => step ?? []);
  const gibibytes = due.reduce((sum, { size }) => sum + size, 0);
  const free = await freeBackups(cloud, project.id, signal);
  const over = free?.find(({ unit, left }) => left < (unit === 'GiB' ? gibibytes : steps.length));
  if (over !== undefined)
    return refused({
      code: 'cinder-backup.quota',
      reason: `${counted(steps.length, 'backup')} of ${gibibytes} GiB are needed, and ${over.left} ${over.unit} are left of the quota`,
      remedy: 'Raise the quota of the project, or delete backups (planCinderRetention).',
    });
  const warnings = [
    ...due.flatMap(({ warning }) => warning ?? []),
    ...(free === undefined ? ['The quota of backups was not seen: it may be too small.'] : []),
  ];
  if (steps.length === 0 && !records)
    return refused({
      code: 'cinder-backup.nothing-to-do',
      reason: warnings.length === 0 ? 'the project has no volume to back up' : warnings.join(' '),
      remedy: undefined,
    });
  return planned(
    definePlan({
      id: 'cinder-backups',
      title: `Cinder's backups of ${project.name ?? project.id}`,
      inputs: JSON.parse(JSON.stringify({ ...policy, fullEvery, longestChain, full })) as Json,
      steps: [
        ...steps,
        ...(records
          ? [
              keepRecords.step({
                id: 'keep-records',
                input: { project: { id: project.id, name: project.name ?? '' } },
                after: steps.map(({ id }) => id),
                why: 'Without its record a backup cannot be restored when Cinder’s database is lost, nor in another cloud.',
                timeout: '1d',
              }),
            ]
          : []),
      ],
      concurrency: { total: 4, groups: { backups: 2 } },
      warnings,
    }),
  );
}

const isNamed = (
  names: readonly string[],
  { id, name }: { readonly id: string; readonly name: string | null },
): boolean => names.includes(id) || (name !== null && name !== '' && names.includes(name));

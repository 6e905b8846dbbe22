import { aSignal, counted, optionsSchema, parseArguments } from '@groundcrew/ground';
import { definePlan, type Json, planned, type Planned, refused } from '@groundcrew/runbook';
import { z } from 'zod';
import { readPoint } from '../point/read-point.ts';
import type { PointResource, TenantPoint } from '../point/tenant-point.ts';
import { backUpTenant } from './actions.ts';
import { type BackupSource, backupSource } from './backup-source.ts';
import { disksOfServers } from './disks-of-servers.ts';
import { freeGibibytes } from './free-gibibytes.ts';
import { hookedServers } from './hooked-servers.ts';
import { areTakenTogether, eachInstead, momentPlan, needsOf, sizeOf } from './moment-plan.ts';
import type { BackupPolicy } from './protect.ts';
import { whyNoImageBytes } from './store-images.ts';
import { isLeftOut, whyUnread } from './unread-volume.ts';

export type BackupRefusalCode = 'backup.no-volume' | 'backup.no-server' | 'backup.quota';

export interface PlanBackupOptions extends BackupSource {
  readonly signal?: AbortSignal | undefined;
}

const planOptions = optionsSchema<PlanBackupOptions>({
  ...backupSource,
  signal: aSignal.optional(),
});
const policyParts = z.object({
  policy: z.looseObject({ project: z.string(), without: z.array(z.string()) }),
});

/**
 * Plans a recovery point of a project: reads what belongs to it, and says which volumes are read, how, and what the cloud needs for it
 * meanwhile. What cannot be read is a warning, and will be a gap of the point.
 *
 * @throws InputError; what Keystone answers
 * @example
 * const planned = await planBackup(protect({ project: 'shop', rpo: '4h' }), { cloud, reader: imageReader(cloud) });
 * if (planned.ok) console.log(explain(planned.plan));
 */
export async function planBackup(
  policy: BackupPolicy,
  options: PlanBackupOptions,
): Promise<Planned<BackupRefusalCode>> {
  parseArguments('planBackup', policyParts, { policy });
  parseArguments('planBackup', planOptions, options);
  const { cloud, reader, hooks = [], signal } = options;
  const point = await readPoint(cloud, { project: policy.project, signal });
  const volumes = point.resources.filter(({ kind }) => kind === 'volume');
  const images = point.resources.filter(({ kind }) => kind === 'image');
  const unknown = policy.without.filter(
    (one) => ![...volumes, ...images].some(({ id, name }) => id === one || name === one),
  );
  const [first] = unknown;
  if (first !== undefined && point.completeness === 'complete')
    return refused({
      code: 'backup.no-volume',
      reason: `the project has no volume or image ${JSON.stringify(first)}, whose bytes are not to be kept`,
      remedy: 'Name it by its id or its name.',
    });
  const hooked = hookedServers(point, hooks);
  const idle = hooks.find((hook) => !hooked.some((each) => each.hook === hook));
  if (idle !== undefined && point.completeness === 'complete')
    return refused({
      code: 'backup.no-server',
      reason: `the project has no server ${JSON.stringify(idle.server)} with a volume, and there is a hook for it`,
      remedy: 'Name it by its id or its name.',
    });
  const isRead = (volume: PointResource): boolean =>
    !isLeftOut(volume, policy) && whyUnread(volume) === undefined;
  const read = volumes.filter(isRead);
  // One server after the other: the largest decides.
  let most = 0;
  const notAsOne: string[] = [];
  for (const { server, volumes: all } of disksOfServers(point)) {
    const disks = all.filter(isRead);
    if (server === undefined || !areTakenTogether(server, disks, hooks)) {
      most = Math.max(most, needsOf(disks, reader));
      continue;
    }
    const { why, gibibytes } = await momentPlan(point, disks, { cloud, reader, signal });
    most = Math.max(most, gibibytes);
    if (why !== undefined) notAsOne.push(eachInstead(server, why));
  }
  const free = await freeGibibytes(cloud, point.project.id, { signal });
  if (free !== undefined && most > free)
    return refused({
      code: 'backup.quota',
      reason: `reading needs ${most} GiB of volumes and snapshots meanwhile, and the quota has ${free} left`,
      remedy: 'Raise the quota of the project, or read in another way.',
    });
  const { id, name } = point.project;
  return planned(
    definePlan({
      id: 'back-up-tenant',
      title: `A recovery point of ${name === '' ? id : name}`,
      inputs: JSON.parse(JSON.stringify(policy)) as Json,
      steps: [
        backUpTenant.step({
          id: 'back-up',
          input: {
            project: { id, name },
            volumes: read.map((volume) => ({ id: volume.id, name: volume.name, size: sizeOf(volume) })),
            images: images
              .filter((image) => !isLeftOut(image, policy) && whyNoImageBytes(image) === undefined)
              .map((image) => ({ id: image.id, name: image.name, size: sizeOf(image) })),
            way: reader.way,
            without: [...policy.without],
            hooks: hooks.map(({ server }) => server),
          },
          timeout: '20d',
        }),
      ],
      warnings: [...warningsOf(point, [...volumes, ...images], policy), ...notAsOne],
    }),
  );
}

function warningsOf(point: TenantPoint, sources: readonly PointResource[], policy: BackupPolicy): string[] {
  const left = sources.filter((source) => isLeftOut(source, policy));
  return [
    ...sources.flatMap((source) => {
      if (left.includes(source)) return [];
      const { kind, id, name } = source;
      const why = kind === 'image' ? whyNoImageBytes(source) : whyUnread(source);
      return why === undefined
        ? []
        : [`The bytes of ${kind} ${name === '' ? id : name} are not kept: ${why}.`];
    }),
    ...(left.length === 0
      ? []
      : [
          `Of ${counted(left.length, 'volume or image', 'volumes and images')} the bytes are not kept, as the policy says.`,
        ]),
    ...point.gaps.map(({ what, why }) => `Not seen: ${what}: ${why}.`),
  ];
}

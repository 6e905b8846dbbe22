import { anObjectWith, messageOf, optionsSchema, parseArguments } from '@groundcrew/ground';
import { implement, type Implementation, type StepContext } from '@groundcrew/runbook';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readPoint } from '../point/read-point.ts';
import type { PointResource, ResourceRef, VolumeBytes } from '../point/tenant-point.ts';
import { withVolumeBytes } from '../point/with-volume-bytes.ts';
import type { PointGap, RecoveryPoint } from '../repository/point.ts';
import type { BackupRepository, PointWriter } from '../repository/repository.ts';
import { isRepositoryError } from '../repository/repository-error.ts';
import { sweepRun } from '../volume-bytes/sweep.ts';
import { backUpTenant } from './actions.ts';
import { type BackupSource, backupSource } from './backup-source.ts';
import { isLeftOut } from './plan-backup.ts';
import { whyUnread } from './unread-volume.ts';

/** The reader must be of the same way as that of the plan. */
export interface BackupImplementationsOptions extends BackupSource {
  readonly repository: BackupRepository;
  /** The name of the repository in the point, by which a restore finds it. @default 'backups' */
  readonly name?: string | undefined;
}

const implementationsOptions = optionsSchema<BackupImplementationsOptions>({
  ...backupSource,
  repository: anObjectWith<BackupRepository>('a repository, as openRepository opens it', 'write', 'points'),
  name: z.string().min(1).optional(),
});

/**
 * Implementations of the action of `planBackup`. The project is read again when it runs: what came since it was planned is in the
 * point, too. A volume that cannot be read is a gap, and the others go on; a point without all that was seen is `partial`.
 *
 * Killed at any moment, the same run on the same journal writes the same point again: the repository has what was stored already.
 *
 * @throws InputError naming the field
 */
export function backupImplementations(options: BackupImplementationsOptions): Implementation[] {
  parseArguments('backupImplementations', implementationsOptions, options);
  const { cloud, repository, reader, name = 'backups' } = options;
  return [
    implement(backUpTenant, {
      async precondition({ way }) {
        if (way === reader.way) return undefined;
        return {
          code: 'backup.other-way',
          reason: `it was planned to read by ${way}, and what is given reads by ${reader.way}`,
          remedy: 'Give the same reader, or plan anew.',
        };
      },
      async done(_input, context) {
        const { points } = await repository.points({ signal: context.signal });
        const found = points.find(({ id }) => id === pointIdOf(context));
        return found === undefined ? undefined : outputOf(found);
      },
      async perform({ project, without }, context) {
        const { signal, progress } = context;
        // A process that was killed has left what it had made in the cloud.
        if (context.attempt > 1) await sweepOwn(context);
        const before = await readPoint(cloud, { project: project.id, signal });
        const labels = { kind: 'tenant', project: before.project.name, 'project-id': before.project.id };
        const kept = await repository.write({ id: pointIdOf(context), labels, signal }, async (writer) => {
          const gaps: PointGap[] = before.gaps.map(({ what, why }) => ({ what, why }));
          const bytes: (ResourceRef & { readonly bytes: VolumeBytes })[] = [];
          let hasFailed = false;
          for (const volume of before.resources.filter(({ kind }) => kind === 'volume')) {
            const what = `bytes of volume ${volume.name === '' ? volume.id : volume.name}`;
            const why = isLeftOut(volume, { without }) ? 'the policy leaves them out' : whyUnread(volume);
            if (why !== undefined) {
              gaps.push({ what, why });
              continue;
            }
            try {
              progress(`reading ${what}`);
              const stored = await storeVolume(volume, writer, context);
              bytes.push({ kind: 'volume', id: volume.id, bytes: stored });
            } catch (error) {
              writer.signal.throwIfAborted();
              // What the repository cannot take is no fault of a volume: a point of nothing would put off the next backup.
              if (isRepositoryError(error) && error.code !== 'stream-cut') throw error;
              gaps.push({ what, why: messageOf(error) });
              hasFailed = true;
            }
          }
          // What was made by a request whose answer never came is known by its tag alone.
          if (hasFailed) await sweepOwn(context);
          return {
            completeness: gaps.length === 0 ? 'complete' : 'partial',
            gaps,
            contents: withVolumeBytes(before, bytes),
          };
        });
        return outputOf(kept);
      },
    }),
  ];

  /** Takes away what readings of this run left; what cannot be is told, and found by `sweepTemporaries` once it is old. */
  async function sweepOwn({ signal, progress, ...context }: StepContext): Promise<void> {
    try {
      const { failed } = await sweepRun(cloud, runTagOf(context), signal);
      for (const { kind, id, why } of failed) progress(`temporary ${kind} ${id} is left: ${why}`);
    } catch (error) {
      signal.throwIfAborted();
      progress(`whether anything temporary is left is not known: ${messageOf(error)}`);
    }
  }

  async function storeVolume(
    { id, name: called }: PointResource,
    writer: PointWriter,
    context: StepContext,
  ): Promise<VolumeBytes> {
    await using open = await reader.open({ id }, { run: runTagOf(context), signal: writer.signal });
    const {
      name: stream,
      size,
      sha256,
    } = await writer.put(`volume/${id}`, open.content, {
      size: open.size,
      tags: { volume: id, name: called, at: open.at },
    });
    return { repository: name, stream, size, sha256 };
  }
}

/** The same on every attempt of a step, and a name of files. */
const digestOf = ({ key }: Pick<StepContext, 'key'>): string =>
  createHash('sha256').update(key).digest('hex');
const pointIdOf = (context: StepContext): string => `tenant-${digestOf(context).slice(0, 32)}`;
const runTagOf = (context: Pick<StepContext, 'key'>): string => digestOf(context).slice(0, 12);

const outputOf = ({ id, completeness, gaps, streams }: RecoveryPoint) => ({
  point: id,
  completeness,
  gaps: gaps.length,
  bytes: streams.reduce((sum, { size }) => sum + size, 0),
});

import { anObjectWith, messageOf, optionsSchema, parseArguments } from '@groundcrew/ground';
import { implement, type Implementation, type StepContext } from '@groundcrew/runbook';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readPoint } from '../point/read-point.ts';
import { withVolumeBytes } from '../point/with-volume-bytes.ts';
import type { RecoveryPoint } from '../repository/point.ts';
import type { BackupRepository } from '../repository/repository.ts';
import { sweepRun } from '../volume-bytes/sweep.ts';
import { backUpTenant } from './actions.ts';
import { letGoOn } from './backup-hook.ts';
import { type BackupSource, backupSource } from './backup-source.ts';
import { hookedServers } from './hooked-servers.ts';
import { storeContainers } from './store-containers.ts';
import { storeImages } from './store-images.ts';
import { storeVolumes } from './store-volumes.ts';

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
 * point, too. A volume, an image or a container that cannot be read is a gap, and the others go on; a point without all that was seen is `partial`.
 *
 * Killed at any moment, the same run on the same journal goes on with the same point: servers, images and containers that were stored whole
 * are taken over as they are, but for the last minute's, and the point is as old as the attempt that read the oldest of them.
 *
 * @throws InputError naming the field
 */
export function backupImplementations(options: BackupImplementationsOptions): Implementation[] {
  parseArguments('backupImplementations', implementationsOptions, options);
  const { cloud, repository, reader, hooks = [], name = 'backups' } = options;
  return [
    implement(backUpTenant, {
      async precondition({ way, hooks: plannedHooks }) {
        if (way !== reader.way)
          return {
            code: 'backup.other-way',
            reason: `it was planned to read by ${way}, and what is given reads by ${reader.way}`,
            remedy: 'Give the same reader, or plan anew.',
          };
        const given = hooks.map(({ server }) => server);
        if (given.length === plannedHooks.length && given.every((server) => plannedHooks.includes(server)))
          return undefined;
        return {
          code: 'backup.other-hooks',
          reason: `it was planned to bring ${listed(plannedHooks)} to rest, and there are hooks for ${listed(given)}`,
          remedy: 'Give the same hooks, or plan anew.',
        };
      },
      async done(_input, context) {
        const { points } = await repository.points({ signal: context.signal });
        const found = points.find(({ id }) => id === pointIdOf(context));
        return found === undefined ? undefined : outputOf(found);
      },
      async perform({ project, without }, context) {
        const { signal, progress, clock } = context;
        const before = await readPoint(cloud, { project: project.id, signal });
        // A process that was killed has left what it had made in the cloud, and a server at rest.
        if (context.attempt > 1) {
          for (const { hook, server } of hookedServers(before, hooks)) {
            const why = await letGoOn(hook, server, clock);
            if (why !== undefined) progress(`${server.name} may still be at rest: ${why}`);
          }
          await sweepOwn(context);
        }
        const labels = { kind: 'tenant', project: before.project.name, 'project-id': before.project.id };
        const kept = await repository.write({ id: pointIdOf(context), labels, signal }, async (writer) => {
          const begun = new Date(clock.now()).toISOString();
          const storing = { cloud, writer, repository: name, without, begun, progress };
          const run = runTagOf(context);
          const ofVolumes = await storeVolumes(before, {
            ...storing,
            reader,
            hooks,
            run,
            attempt: context.attempt,
            clock,
          });
          // What was made by a request whose answer never came is known by its tag alone.
          if (ofVolumes.hasFailed) await sweepOwn(context);
          const ofImages = await storeImages(before, storing);
          const ofContainers = await storeContainers(before, storing);
          const seen = before.gaps.map(({ what, why }) => ({ what, why }));
          const all = [ofVolumes, ofImages, ofContainers];
          const gaps = [...seen, ...all.flatMap((stored) => stored.gaps)];
          const bytes = all.flatMap((stored) => stored.bytes);
          return {
            completeness: gaps.length === 0 ? 'complete' : 'partial',
            at: earliestOf(all.flatMap((stored) => stored.begun).filter((moment) => moment !== begun)),
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
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '));

/**
 * What an earlier attempt has stored is as old as that: the point is, too. By the clock of this machine, as other points are; that of the
 * cloud may be another.
 */
const earliestOf = (moments: readonly string[]): string | undefined => moments.toSorted()[0];

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

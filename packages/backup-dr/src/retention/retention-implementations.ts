import { anObjectWith, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type HeldLease, implement, type Implementation, type Refusal } from '@groundcrew/runbook';
import type { ProofLedger } from '../prove/proof-ledger.ts';
import { neededBy, type PointList } from '../repository/point.ts';
import type { BackupRepository } from '../repository/repository.ts';
import { RepositoryError } from '../repository/repository-error.ts';
import { provenPoints } from './proven-points.ts';
import { forgetPoint, sweepStreams } from './retention-actions.ts';
import { forgetRefusal, unseenRefusals } from './retention-refusals.ts';

export interface RetentionImplementationsOptions {
  readonly repository: BackupRepository;
  /** It is read again before each point: what was proven since the plan was made stays. */
  readonly ledger: Pick<ProofLedger, 'read'>;
}

const implementationsOptions = optionsSchema<RetentionImplementationsOptions>({
  repository: anObjectWith<BackupRepository>('a repository, as openRepository opens it', 'points', 'claim'),
  ledger: anObjectWith<RetentionImplementationsOptions['ledger']>('a ledger of proofs', 'read'),
});

/**
 * Implementations of the actions of `planRetention`. Before each point it is asked again whether it may go: one that has become the
 * newest whole or proven point stays, as does one that somebody has claimed, to restore from it. Manifests go first, so that whatever ends this in the middle leaves no point that is not whole;
 * streams go when all manifests have gone, and only those that no point needs by then and nobody writes.
 *
 * @throws InputError naming the field
 * @example
 * const { outcome } = run(plan, {
 *   approved,
 *   implementations: retentionImplementations({ repository: repo, ledger }),
 *   journal: fileJournal('retention.journal'),
 * });
 */
export function retentionImplementations(options: RetentionImplementationsOptions): Implementation[] {
  parseArguments('retentionImplementations', implementationsOptions, options);
  const { repository, ledger } = options;
  return [
    implement(forgetPoint, {
      async precondition({ point, manifests }, { signal, clock }) {
        const list = await repository.points({ signal });
        const obstacle = obstacleOf(repository, list);
        if (obstacle !== undefined) return obstacle;
        const found = pointsOf(list).find(({ id }) => id === point);
        if (found === undefined) return undefined;
        if (found.manifests.some((id) => !manifests.includes(id)))
          return {
            code: 'retention.point-changed',
            reason: `point ${point} was written again since the plan was made`,
            remedy: 'Plan anew.',
          };
        return forgetRefusal(found, list, { proven: provenPoints(await ledger.read()), now: clock.now() });
      },
      async done({ point, manifests }, { signal }) {
        const list = await repository.points({ signal });
        return obstacleOf(repository, list) === undefined && !pointsOf(list).some(({ id }) => id === point)
          ? { manifests: manifests.length }
          : undefined;
      },
      async perform({ point, manifests }, { signal }) {
        const own = await repository.claim(point, { signal });
        if (own === undefined)
          throw new RepositoryError('point-in-use', `point ${point} is being written, or restored from`, {
            remedy: 'Plan again when that has ended.',
          });
        try {
          await repository.engine.forget(manifests, { signal: AbortSignal.any([signal, own.lost]) });
        } finally {
          await own.release().catch(() => undefined);
        }
        return { manifests: manifests.length };
      },
      async verify({ point, manifests }, _output, { signal }) {
        const list = await repository.points({ signal });
        const left = pointsOf(list).find(({ id }) => id === point);
        if (left === undefined || !left.manifests.some((id) => manifests.includes(id))) return undefined;
        return {
          code: 'retention.still-there',
          reason: `point ${point} is still in the repository`,
          remedy: 'See whether the storage lets anything be removed.',
        };
      },
    }),

    implement(sweepStreams, {
      precondition: async (_input, { signal }) => obstacleOf(repository, await repository.points({ signal })),
      async perform({ points }, { signal }) {
        const held: HeldLease[] = [];
        const busy: string[] = [];
        const free: string[] = [];
        try {
          for (const { point, streams } of points) {
            const own = await repository.claim(point, { signal });
            if (own === undefined) busy.push(point);
            else {
              held.push(own);
              free.push(...streams);
            }
          }
          // With the leases held nobody makes a point of them: what is needed now is needed at the end.
          const list = await repository.points({ signal });
          const obstacle = obstacleOf(repository, list);
          if (obstacle !== undefined)
            throw new RepositoryError('plan-stale', obstacle.reason, { remedy: obstacle.remedy });
          const needed = neededBy(pointsOf(list));
          const going = free.filter((id) => !needed.has(id));
          const lost = AbortSignal.any([signal, ...held.map((one) => one.lost)]);
          lost.throwIfAborted();
          if (going.length > 0) await repository.engine.forget(going, { signal: lost });
          await repository.engine.prune({ signal });
          return { removed: going.length, needed: free.length - going.length, busy };
        } finally {
          for (const one of held) await one.release().catch(() => undefined);
        }
      },
    }),
  ];
}

const pointsOf = ({ points, broken }: PointList) => [...points, ...broken.map(({ point }) => point)];

function obstacleOf({ isReadOnly }: BackupRepository, list: PointList): Refusal | undefined {
  if (isReadOnly)
    return {
      code: 'retention.read-only',
      reason: 'the repository was opened to be read only',
      remedy: 'Open it to be written.',
    };
  return unseenRefusals(list)[0];
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cloud } from '@groundcrew/core';
import type { Backup } from '@groundcrew/core/block-storage';
import { memoryJournal, type Outcome, type Plan, type Planned, run } from '@groundcrew/runbook';
import { onTestFinished } from 'vitest';
import {
  cinderBackupImplementations,
  planCinderBackups,
  type PlanCinderBackupsOptions,
} from '../../src/cinder-backups.ts';
import { type BackupRepository, openRepository } from '../../src/repository.ts';
import { type Site, siteOf } from '../recovery/site.ts';
import { FolderEngine } from '../repository/folder-engine.ts';

/** A project with volumes, whose backups Cinder keeps, and a repository for their records. */
export interface ChainSite {
  readonly site: Site;
  readonly project: string;
  readonly cloud: Cloud;
  readonly repository: BackupRepository;
  readonly volume: (name: string, size?: number) => Promise<string>;
  readonly plan: (options?: Partial<PlanCinderBackupsOptions>) => Promise<Plan>;
  readonly execute: (plan: Plan, cloud?: Cloud) => Promise<Outcome>;
  readonly backups: () => Promise<Backup[]>;
}

export async function chainSite(): Promise<ChainSite> {
  const site = siteOf();
  const { id: project, cloud } = await site.project('shop');
  await cloud.blockStorage.quotaSets.update({ id: project, backups: -1, backup_gigabytes: -1 });
  const repository = await repositoryOfTest();
  const execute = (plan: Plan, by = cloud): Promise<Outcome> =>
    run(plan, {
      approved: plan.digest,
      implementations: cinderBackupImplementations({ cloud: by, repository }),
      journal: memoryJournal(),
    }).outcome;
  return {
    site,
    project,
    cloud,
    repository,
    async volume(name, size = 1) {
      const { id } = await cloud.blockStorage.volumes.create({ name, size });
      await cloud.blockStorage.volumes.waitFor(id, 'available');
      return id;
    },
    plan: async (options = {}) => planOf(await planCinderBackups({ project: 'shop' }, { cloud, ...options })),
    execute,
    backups: () => Array.fromAsync(cloud.blockStorage.backups.list({})),
  };
}

/** The plan, or the refusals as the failure of the test. */
export function planOf(planned: Planned): Plan {
  if (planned.ok) return planned.plan;
  throw new Error(planned.refusals.map(({ code, reason }) => `${code}: ${reason}`).join('\n'));
}

async function repositoryOfTest(): Promise<BackupRepository> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinder-backups-'));
  const repository = await openRepository({
    engine: new FolderEngine(path.join(folder, 'repository')),
    create: true,
  });
  onTestFinished(async () => {
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  return repository;
}

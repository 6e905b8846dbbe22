import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cloud } from '@groundcrew/core';
import { memoryJournal, type Outcome, type Plan, run } from '@groundcrew/runbook';
import { expect, onTestFinished } from 'vitest';
import { backupImplementations, planBackup, protect, tenantPointOf } from '../../src/backup.ts';
import type { TenantPoint } from '../../src/point.ts';
import { type BackupRepository, openRepository, type RecoveryPoint } from '../../src/repository.ts';
import { type KeptBytes, restoreImplementations } from '../../src/restore.ts';
import { readers } from '../backup/readers.ts';
import { FolderEngine } from '../repository/folder-engine.ts';

export interface Kept {
  readonly plan: Plan;
  readonly repository: BackupRepository;
  readonly kept: RecoveryPoint;
  readonly point: TenantPoint;
  readonly read: KeptBytes;
}

/** A recovery point of a project, in a repository that goes with the test. */
export async function kept(
  cloud: Cloud,
  project: string,
  options: { readonly without?: readonly string[] } = {},
): Promise<Kept> {
  const folder = await mkdtemp(path.join(tmpdir(), 'containers-'));
  const engine = new FolderEngine(path.join(folder, 'repository'));
  const repository = await openRepository({ engine, create: true });
  onTestFinished(async () => {
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const reader = readers.attachment(cloud);
  const planned = await planBackup(protect({ project, rpo: '4h', ...options }), { cloud, reader });
  if (!planned.ok) throw new Error(planned.refusals[0].reason);
  const { plan } = planned;
  const outcome = await run(plan, {
    approved: plan.digest,
    implementations: backupImplementations({ cloud, repository, reader }),
    journal: memoryJournal(),
  }).outcome;
  expect(outcome).toMatchObject({ status: 'succeeded' });
  const latest = await repository.latest();
  if (latest === undefined) throw new Error('there is no point');
  return {
    plan,
    repository,
    kept: latest,
    point: tenantPointOf(latest),
    read: (bytes) => repository.read(latest, bytes.stream),
  };
}

export const restored = (plan: Plan, cloud: Cloud, read?: KeptBytes): Promise<Outcome> =>
  run(plan, {
    approved: plan.digest,
    implementations: restoreImplementations({ cloud, ...(read === undefined ? {} : { read }) }),
    journal: memoryJournal(),
  }).outcome;

/** What a project has in its containers: settings of each, and of each object bytes and attributes. */
export async function contentsOf({ objectStore }: Cloud): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const { name: container } of objectStore.containers.list()) {
    const { metadata, ...settings } = await objectStore.containers.get({ container });
    const objects: Record<string, unknown> = {};
    for await (const { name: object, hash } of objectStore.objects.list({ container })) {
      const shown = await objectStore.objects.get({ container, object });
      const pieces = await Array.fromAsync(objectStore.data.download({ container, object }));
      objects[object] = {
        hash,
        bytes: Buffer.concat(pieces).toString('base64'),
        metadata: shown.metadata,
        type: shown['Content-Type'],
        disposition: shown['Content-Disposition'],
        deleteAt: shown['X-Delete-At'],
      };
    }
    found[container] = {
      metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('groundcrew'))),
      read: settings['X-Container-Read'],
      objects,
    };
  }
  return found;
}

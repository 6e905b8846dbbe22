import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cloud } from '@groundcrew/core';
import { memoryJournal, type Outcome, type Plan, run } from '@groundcrew/runbook';
import { onTestFinished } from 'vitest';
import {
  type BackupHook,
  backupImplementations,
  planBackup,
  protect,
  tenantPointOf,
} from '../../src/backup.ts';
import type { PointResource } from '../../src/point.ts';
import { type BackupRepository, openRepository } from '../../src/repository.ts';
import { type Site, siteOf } from '../recovery/site.ts';
import { FolderEngine } from '../repository/folder-engine.ts';
import { readers } from './readers.ts';

export interface Shop {
  readonly site: Site;
  readonly project: string;
  readonly cloud: Cloud;
  readonly repository: BackupRepository;
  readonly engine: FolderEngine;
  /** Two volumes of the server `db`, and one of no server. */
  readonly disks: readonly [string, string];
  readonly lone: string;
  readonly server: string;
  readonly plan: (hooks?: readonly BackupHook[]) => Promise<Plan>;
  readonly execute: (plan: Plan, hooks?: readonly BackupHook[]) => Promise<Outcome>;
  readonly stored: () => Promise<ReadonlyMap<string, PointResource>>;
  /** How many snapshots, volumes, images and snapshots of groups there are. */
  readonly counts: () => Promise<readonly number[]>;
}

/** What a type of groups says whose snapshots are of one moment. */
export const CONSISTENT = { consistent_group_snapshot_enabled: '<is> True' };

export interface ShopOptions {
  /** What the type of the group promises that the volumes are in. @default they are in none */
  readonly group?: Readonly<Record<string, string>> | undefined;
}

/** A project with a server of two disks, and a volume beside it. */
export async function shop({ group: specs }: ShopOptions = {}): Promise<Shop> {
  const site = siteOf();
  const { id: project, cloud } = await site.project('shop');
  const folder = await mkdtemp(path.join(tmpdir(), 'moments-'));
  const engine = new FolderEngine(path.join(folder, 'repository'));
  const repository = await openRepository({ engine, create: true });
  onTestFinished(async () => {
    await repository[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const { volumes, snapshots, groupSnapshots } = cloud.blockStorage;
  const group = specs === undefined ? undefined : await groupIn(site, cloud, specs);
  const volume = async (name: string): Promise<string> => {
    const { id } = await cloud.blockStorage.at('3.13').volumes.create({ name, size: 1, ...group });
    await volumes.waitFor(id, 'available');
    return id;
  };
  const [data, log, lone] = [await volume('data'), await volume('log'), await volume('lone')];
  const nova = cloud.compute.at('2.74');
  const { id: flavor } = await nova.flavors.find('m1.nano');
  const { id: image } = await cloud.image.images.find('cirros');
  const { id: server } = await nova.servers.create({
    name: 'db',
    flavorRef: flavor,
    imageRef: image,
    networks: 'none',
  });
  await nova.servers.waitFor(server, 'ACTIVE');
  for (const id of [data, log]) {
    await nova.volumeAttachments.create({ server_id: server, volumeId: id });
    await volumes.waitFor(id, 'in-use');
  }
  const reader = readers.attachment(cloud);
  return {
    site,
    project,
    cloud,
    repository,
    engine,
    disks: [data, log],
    lone,
    server,
    async plan(hooks = []) {
      const planned = await planBackup(protect({ project: 'shop', rpo: '4h' }), { cloud, reader, hooks });
      if (!planned.ok) throw new Error(planned.refusals.map(({ code }) => code).join());
      return planned.plan;
    },
    execute: (plan, hooks = []) =>
      run(plan, {
        approved: plan.digest,
        implementations: backupImplementations({ cloud, repository, reader, hooks }),
        journal: memoryJournal(),
      }).outcome,
    async stored() {
      const kept = await repository.latest({ kind: 'tenant' });
      const { resources } = tenantPointOf(kept ?? { contents: undefined });
      return new Map(resources.map((resource) => [resource.id, resource]));
    },
    counts: () =>
      Promise.all(
        [snapshots.list(), volumes.list(), cloud.image.images.list(), groupSnapshots.list()].map(
          async (list) => (await Array.fromAsync(list as AsyncIterable<unknown>)).length,
        ),
      ),
  };
}

/** A group of volumes, as what a volume in it is created with. */
async function groupIn(
  { admin }: Site,
  { blockStorage }: Cloud,
  group_specs: Readonly<Record<string, string>>,
): Promise<{ readonly group_id: string; readonly volume_type: string }> {
  const { id: group_type } = await admin.blockStorage.groupTypes.create({ name: 'as-one', group_specs });
  const [type] = await Array.fromAsync(blockStorage.volumeTypes.list());
  const volume_type = type?.name ?? '';
  const { id } = await blockStorage.groups.create({ name: 'db', group_type, volume_types: [type?.id ?? ''] });
  await blockStorage.groups.waitFor(id, 'available');
  return { group_id: id, volume_type };
}

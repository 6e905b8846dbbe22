import { anInventory, type CloudInventory } from '@groundcrew/monitoring';
import { optionsSchema, parseArguments, readOptions, type ReadOptions } from '@groundcrew/ground';
import {
  type Cloud,
  joinLists,
  observe,
  observeAllProjects,
  type Visibility,
  visibilityOf,
} from '@groundcrew/core';
import type { Estate, EstateImage, EstateServer } from './estate.ts';
import { readIdentity } from './identity-parts.ts';
import { readListeners } from './listener-parts.ts';
import { readProjects, reportScope } from './projects.ts';
import { readDefaultQuotas, readQuotas } from './quota-parts.ts';
import { readContainers, readVolumeTypes } from './storage-parts.ts';

export interface ObserveEstateOptions extends ReadOptions {
  /** Servers and volumes that were read before; without it they are read. */
  readonly inventory?: Pick<CloudInventory, 'servers' | 'volumes'> | undefined;
}

const estateOptions = optionsSchema<ObserveEstateOptions>({
  ...readOptions,
  inventory: anInventory.optional(),
});

/**
 * Reads what the packs judge: all parts at once, each with how much of it was not seen. A service that the cloud does
 * not have, a list that is denied, a call that fails: none of them stops the others, and none becomes an empty list
 * that looks whole.
 *
 * @throws what `signal` was aborted with, and errors of signing in
 * @example
 * const estate = await observeEstate(cloud, { signal: AbortSignal.timeout(120_000) });
 * const report = evaluate(allPacks, estate, { now: Date.now() });
 */
export async function observeEstate(cloud: Cloud, options: ObserveEstateOptions = {}): Promise<Estate> {
  parseArguments('observeEstate', estateOptions, options);
  const { inventory, ...read } = options;
  const [visibility, projects] = await Promise.all([visibilityOf(cloud, read), readProjects(cloud, read)]);
  const { blockStorage } = cloud;
  const wide = { all_tenants: true } as const;
  const [
    identity,
    images,
    servers,
    volumes,
    volumeTypes,
    transfers,
    listeners,
    containers,
    quotas,
    defaultQuotas,
  ] = await Promise.all([
    readIdentity(cloud, visibility, read),
    readImages(cloud, visibility, read),
    inventory?.servers ?? readServers(cloud, visibility, read),
    inventory?.volumes ??
      observeAllProjects(cloud, 'volumes', visibility, blockStorage.volumes.list(wide, read)),
    readVolumeTypes(cloud, visibility, read),
    observeAllProjects(cloud, 'volume transfers', visibility, blockStorage.transfers.list(wide, read)),
    readListeners(cloud, visibility, read),
    readContainers(cloud, projects, read),
    readQuotas(cloud, projects, read),
    readDefaultQuotas(cloud, projects, read),
  ]);
  return {
    ...identity,
    images,
    servers,
    volumes,
    volumeTypes,
    transfers,
    listeners,
    containers,
    quotas,
    defaultQuotas,
    scope: reportScope(projects, visibility),
  };
}

/**
 * From 2.69 on Nova lists the servers of a cell that does not respond by their ids; before, it leaves them out without a word
 * (nova `doc/source/admin/cells.rst`, "Handling cell failures"). An inventory has looked for such cells itself.
 */
async function readServers(
  cloud: Cloud,
  visibility: Visibility,
  read: ReadOptions,
): Promise<Estate['servers']> {
  const wide = { all_tenants: true } as const;
  const isToldOfCells = await observe('versions of compute', cloud.supports('compute', '2.69', read));
  if (isToldOfCells.value !== true) {
    const { servers } = cloud.compute;
    return observeAllProjects(cloud, 'servers', visibility, servers.list(wide, read), servers.list({}, read));
  }
  const { servers } = cloud.compute.at('2.69');
  return observeAllProjects<EstateServer>(
    cloud,
    'servers',
    visibility,
    servers.list(wide, read),
    servers.list({}, read),
  );
}

/** Hidden ones, and community images of others, are left out of a list that does not ask for them. */
async function readImages(
  cloud: Cloud,
  visibility: Visibility,
  read: ReadOptions,
): Promise<Estate['images']> {
  const { images } = cloud.image;
  return observeAllProjects(
    cloud,
    'images',
    visibility,
    joinLists<EstateImage>(
      images.list({ visibility: 'all' }, read),
      images.list({ visibility: 'all', os_hidden: true }, read),
    ),
  );
}

import {
  anObjectWith,
  optionsSchema,
  parseArguments,
  type ReadOptions,
  readOptions,
} from '@groundcrew/ground';
import { type Cloud, type Listed, observeAllProjects, type Observed, visibilityOf } from '@groundcrew/core';
import { readDarkHosts, withDarkCells } from './dark-cells.ts';

export type InventoryServer = Listed<'compute', 'servers'>;
export type InventoryVolume = Listed<'blockStorage', 'volumes'>;
export type InventorySnapshot = Listed<'blockStorage', 'snapshots'>;
export type InventoryBackup = Listed<'blockStorage', 'backups'>;
export type InventoryImage = Listed<'image', 'images'>;
export type InventoryPort = Listed<'network', 'ports'>;
export type InventoryFloatingIp = Listed<'network', 'floatingIps'>;

/**
 * What is there: everything of every project, as far as this user may see, under the wire's own names.
 *
 * It is read once and handed to every package that judges it.
 */
export interface Inventory {
  readonly servers: Observed<readonly InventoryServer[]>;
  readonly volumes: Observed<readonly InventoryVolume[]>;
  readonly snapshots: Observed<readonly InventorySnapshot[]>;
  readonly backups: Observed<readonly InventoryBackup[]>;
  readonly images: Observed<readonly InventoryImage[]>;
  readonly ports: Observed<readonly InventoryPort[]>;
  readonly floatingIps: Observed<readonly InventoryFloatingIp[]>;
}

/** Something that `readInventory` made; what is in it is not read again. */
export const anInventory = anObjectWith<Inventory>(
  'an Inventory, as readInventory makes it',
  'servers',
  'volumes',
);

const inventoryOptions = optionsSchema<ReadOptions>(readOptions);

/**
 * Reads the inventory. A user who may not see all projects gets what he may see, and gaps that say so: Cinder and
 * Neutron answer such a user with his own project's things and no word about the others.
 */
export async function readInventory(cloud: Cloud, options: ReadOptions = {}): Promise<Inventory> {
  parseArguments('readInventory', inventoryOptions, options);
  const all = { all_tenants: true } as const;
  const visibility = await visibilityOf(cloud, options);
  const { compute, blockStorage, image, network } = cloud;
  const read = <T>(what: string, wide: AsyncIterable<T>, own?: AsyncIterable<T>) =>
    observeAllProjects(cloud, what, visibility, wide, own);
  const [listed, dark, volumes, snapshots, backups, images, ports, floatingIps] = await Promise.all([
    read('servers', compute.servers.list(all, options), compute.servers.list({}, options)),
    visibility.all ? readDarkHosts(cloud, options) : undefined,
    read('volumes', blockStorage.volumes.list(all, options)),
    read('volume snapshots', blockStorage.snapshots.list(all, options)),
    read('volume backups', blockStorage.backups.list(all, options)),
    // Glance leaves hidden images out of a list that does not ask for them.
    read(
      'images',
      oneAfterAnother(image.images.list({}, options), image.images.list({ os_hidden: true }, options)),
    ),
    read('ports', network.ports.list({}, options)),
    read('floating IPs', network.floatingIps.list({}, options)),
  ]);
  const servers = withDarkCells(listed, dark);
  return { servers, volumes, snapshots, backups, images, ports, floatingIps };
}

async function* oneAfterAnother<T>(...lists: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  for (const list of lists) yield* list;
}

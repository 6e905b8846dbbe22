import {
  aFunction,
  anObjectWith,
  optionsSchema,
  parseArguments,
  type ReadOptions,
  readOptions,
} from '@groundcrew/ground';
import {
  type Cloud,
  joinLists,
  type Listed,
  observeAllProjects,
  type Observed,
  visibilityOf,
} from '@groundcrew/core';
import { readDarkHosts, withDarkCells } from './dark-cells.ts';

export type InventoryServer = Listed<'compute', 'servers'>;
export type InventoryVolume = Listed<'blockStorage', 'volumes'>;
export type InventorySnapshot = Listed<'blockStorage', 'snapshots'>;
export type InventoryBackup = Listed<'blockStorage', 'backups'>;
export type InventoryImage = Listed<'image', 'images'>;
export type InventoryPort = Listed<'network', 'ports'>;
export type InventoryFloatingIp = Listed<'network', 'floatingIps'>;

/**
 * The things of a cloud: everything of every project, as far as this user may see, under the wire's own names.
 *
 * It is read once and handed to every package that judges it.
 */
export interface CloudInventory {
  readonly servers: Observed<readonly InventoryServer[]>;
  readonly volumes: Observed<readonly InventoryVolume[]>;
  readonly snapshots: Observed<readonly InventorySnapshot[]>;
  readonly backups: Observed<readonly InventoryBackup[]>;
  readonly images: Observed<readonly InventoryImage[]>;
  readonly ports: Observed<readonly InventoryPort[]>;
  readonly floatingIps: Observed<readonly InventoryFloatingIp[]>;
}

/** Something that `readInventory` made; what is in it is not read again. */
export const anInventory = anObjectWith<CloudInventory>(
  'a CloudInventory, as readInventory makes it',
  'servers',
  'volumes',
);

/** The parts of an inventory, and the service type that each is read from. */
export const inventoryParts = {
  servers: 'compute',
  volumes: 'block-storage',
  snapshots: 'block-storage',
  backups: 'block-storage',
  images: 'image',
  ports: 'network',
  floatingIps: 'network',
} as const satisfies Record<keyof CloudInventory, string>;

export interface ReadInventoryOptions extends ReadOptions {
  /** Called when a part was read, completely or not. */
  readonly onRead?: ((part: keyof CloudInventory) => void) | undefined;
}

const inventoryOptions = optionsSchema<ReadInventoryOptions>({
  ...readOptions,
  onRead: aFunction.optional(),
});

/**
 * Reads the inventory. A user who may not see all projects gets what that user may see, and gaps that say so: Cinder and
 * Neutron answer such a user with the things of the user's own project and no word about the others.
 */
export async function readInventory(
  cloud: Cloud,
  options: ReadInventoryOptions = {},
): Promise<CloudInventory> {
  parseArguments('readInventory', inventoryOptions, options);
  const { signal, onRead } = options;
  const reading = { signal };
  const all = { all_tenants: true } as const;
  const visibility = await visibilityOf(cloud, reading);
  const { compute, blockStorage, image, network } = cloud;
  const read = async <T>(
    part: keyof CloudInventory,
    what: string,
    wide: AsyncIterable<T>,
    own?: AsyncIterable<T>,
  ): Promise<Observed<T[]>> => {
    const observed = await observeAllProjects(cloud, what, visibility, wide, own);
    onRead?.(part);
    return observed;
  };
  const [listed, dark, volumes, snapshots, backups, images, ports, floatingIps] = await Promise.all([
    read('servers', 'servers', compute.servers.list(all, reading), compute.servers.list({}, reading)),
    visibility.all ? readDarkHosts(cloud, reading) : undefined,
    read('volumes', 'volumes', blockStorage.volumes.list(all, reading)),
    read('snapshots', 'volume snapshots', blockStorage.snapshots.list(all, reading)),
    read('backups', 'volume backups', blockStorage.backups.list(all, reading)),
    // Glance leaves hidden images out of a list that does not ask for them.
    read(
      'images',
      'images',
      joinLists(image.images.list({}, reading), image.images.list({ os_hidden: true }, reading)),
    ),
    read('ports', 'ports', network.ports.list({}, reading)),
    read('floatingIps', 'floating IPs', network.floatingIps.list({}, reading)),
  ]);
  const servers = withDarkCells(listed, dark);
  return { servers, volumes, snapshots, backups, images, ports, floatingIps };
}

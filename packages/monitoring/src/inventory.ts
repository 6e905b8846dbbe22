import { anObjectWith, aSignal, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Cloud, type Listed, type Gap, observeList, type Observed } from '@groundcrew/core';
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

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Parts of a schema that other packages' options share with these. */
export const readOptions = { signal: aSignal.optional() };

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
  const scope = await scopeOf(cloud, options);
  const { compute, blockStorage, image, network } = cloud;
  const read = <T>(what: string, wide: AsyncIterable<T>, own?: AsyncIterable<T>) =>
    readAll(cloud, what, scope, wide, own);
  const [listed, dark, volumes, snapshots, backups, images, ports, floatingIps] = await Promise.all([
    read('servers', compute.servers.list(all, options), compute.servers.list({}, options)),
    scope.all ? readDarkHosts(cloud, options) : undefined,
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

/** How far this user sees. */
export interface Sight {
  /** He is told of every project's things. */
  readonly all: boolean;
  /** Whose things he is told of, in words. */
  readonly words: string;
}

/**
 * How far the token sees. By the services' default policies it is the role `admin` that shows other projects' things;
 * a deployment with policies of its own may show more than is said here. A reader of the whole system is shown none:
 * Cinder and Neutron answer him with empty lists, since he is in no project.
 */
export async function scopeOf(cloud: Cloud, options: ReadOptions = {}): Promise<Sight> {
  parseArguments('scopeOf', inventoryOptions, options);
  const token = await cloud.token(options);
  if (token === undefined) return { all: false, words: 'an unknown scope: this cloud wants no token' };
  if (token.roles.some((role) => role.name === 'admin')) return { all: true, words: 'all projects' };
  const { project } = token;
  return { all: false, words: project === undefined ? 'no project' : `project ${project.name} only` };
}

/**
 * Reads a list of all projects' things; where that is forbidden, of the own project's, with a gap.
 *
 * @param own - the list to read where the wide one is answered with 403, as by Nova. Without it the service is taken
 * to narrow the list by itself, as Cinder and Neutron do.
 */
export async function readAll<T>(
  cloud: Cloud,
  what: string,
  sight: Sight,
  wide: AsyncIterable<T>,
  own?: AsyncIterable<T>,
): Promise<Observed<T[]>> {
  const clock = { now: () => cloud.clock.now() };
  const observed = await observeList(what, wide, clock);
  if (observed.completeness === 'denied' && own !== undefined)
    return narrowed(await observeList(what, own, clock), what, sight);
  return sight.all || own !== undefined ? observed : narrowed(observed, what, sight);
}

function narrowed<T>(observed: Observed<T[]>, what: string, sight: Sight): Observed<T[]> {
  if (observed.completeness !== 'complete') return observed;
  const others: Gap = {
    what: `${what} beyond this user's own`,
    kind: 'denied',
    why: `the service shows such a user ${what} of ${sight.words}, without a word about others`,
    remedy: 'Ask as an administrator.',
    requestIds: [],
  };
  return { ...observed, completeness: 'partial', gaps: [others] };
}

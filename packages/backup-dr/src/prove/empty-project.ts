import { type Cloud, isNotFound, mapList } from '@groundcrew/core';
import { messageOf } from '@groundcrew/ground';
import { snapshotGone, volumeGone } from '../cinder-removal.ts';
import { containerGone } from '../objects/container-gone.ts';

/** What was left, and why. */
export interface LeftOver {
  readonly kind: string;
  readonly id: string;
  readonly why: string;
}

/**
 * Deletes everything that a project has, in the order in which things depend on each other: servers before their volumes and ports,
 * routers before subnets. It is called for projects that were made for a drill, and for no others. What cannot be deleted is told, and
 * the others are tried all the same.
 *
 * @param cloud - in the scope of that project
 * @param containers - whether it may have any; false where nobody made one, and the object store need not be asked
 */
export async function emptyProject(
  cloud: Cloud,
  project: string,
  { containers = true }: { readonly containers?: boolean } = {},
): Promise<LeftOver[]> {
  const left: LeftOver[] = [];
  const each = async <T extends { readonly id: string }>(
    kind: string,
    list: AsyncIterable<T> | readonly T[],
    remove: (thing: T) => Promise<unknown>,
  ): Promise<void> => {
    // Read first: a list changes while its things are deleted.
    for (const thing of await Array.fromAsync(list)) {
      try {
        await remove(thing);
      } catch (error) {
        if (!isNotFound(error)) left.push({ kind, id: thing.id, why: messageOf(error) });
      }
    }
  };
  const { compute, blockStorage, network, image } = cloud;
  const own = { project_id: project };
  await each('server', compute.servers.list(), async ({ id }) => {
    await compute.servers.delete({ id });
    await compute.servers.waitGone(id);
  });
  await each('server group', compute.serverGroups.list(), ({ id }) => compute.serverGroups.delete({ id }));
  await each('snapshot', blockStorage.snapshots.list(), ({ id, size }) => snapshotGone(cloud, id, { size }));
  await each('volume', blockStorage.volumes.list(), ({ id, size }) => volumeGone(cloud, id, { size }));
  await each('image', image.images.list({ owner: project }), ({ id }) => image.images.delete({ id }));
  if (containers && (await hasObjectStore(cloud)))
    await each('container', named(cloud.objectStore.containers.list()), ({ id }) => containerGone(cloud, id));
  await each('floating IP', network.floatingIps.list(own), ({ id }) => network.floatingIps.delete({ id }));
  const ports = await Array.fromAsync(network.ports.list(own));
  await each('router', network.routers.list(own), async ({ id }) => {
    for (const port of ports)
      if (port.device_id === id && (port.device_owner ?? '').startsWith('network:router_interface'))
        await network.routers.removeInterface({ id, port_id: port.id });
    await network.routers.delete({ id });
  });
  await each('port', network.ports.list(own), async ({ id, device_owner: owner }) => {
    // Neutron's own go with their networks.
    if (!(owner ?? '').startsWith('network:')) await network.ports.delete({ id });
  });
  await each('network', network.networks.list(own), ({ id }) => network.networks.delete({ id }));
  // The group `default` is every project's, and stays when that is deleted: an administrator may delete it, after the others.
  const groups = await Array.fromAsync(network.securityGroups.list(own));
  const ordered = groups.toSorted((a, b) => Number(a.name === 'default') - Number(b.name === 'default'));
  await each('security group', ordered, ({ id }) => network.securityGroups.delete({ id }));
  return left;
}

const hasObjectStore = async (cloud: Cloud): Promise<boolean> =>
  (await cloud.token())?.catalog.some(({ type }) => type === 'object-store') === true;

/** Containers are known by their names. */
const named = (list: AsyncIterable<{ readonly name: string }>): AsyncIterable<{ readonly id: string }> =>
  mapList(list, ({ name }) => ({ id: name }));
